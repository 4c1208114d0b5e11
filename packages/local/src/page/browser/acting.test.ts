/** What can be done on the page, as a person does it. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { PNG } from './app.fixture.ts';
import { detailOf, expectSeen, nodeOf, rowsOf, startSession } from './session.fixture.ts';
import type { Session } from './session.fixture.ts';

let session: Session;
beforeAll(async () => {
  session = await startSession();
});
afterAll(() => session.stop());
afterEach(() => session.leave());

test('a file that is dropped becomes an object, and the chain it sets off is drawn', async () => {
  const page = await session.open();
  const files = await page.evaluateHandle((base64) => {
    const transfer = new DataTransfer();
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.codePointAt(0) ?? 0);
    transfer.items.add(new File([bytes], 'green & <b>bold</b>.png', { type: 'image/png' }));
    return transfer;
  }, PNG.toString('base64'));
  await nodeOf(page, 'Bucket Uploads').dispatchEvent('drop', { dataTransfer: files });

  await expectSeen(detailOf(page).getByText('1 file put.'));
  await expectSeen(detailOf(page).locator('.things').getByText('green & <b>bold</b>.png'));
  expect(await session.shown.app.s3('GET', '/uploads/green%20%26%20%3Cb%3Ebold%3C/b%3E.png')).toMatchObject({
    body: PNG,
  });

  await expectSeen(rowsOf(page, 'Mail').first());
  await expectSeen(rowsOf(page, 'Worker').first());
  await rowsOf(page, 'Thumbnail').first().click();
  const chain = detailOf(page).locator('.chain');
  await expectSeen(chain.locator('ul ul a').filter({ hasText: 'Worker' }));
  expect(await chain.locator('> li > a strong').allTextContents()).toEqual(['Thumbnail']);
  expect(await chain.locator('> li > ul > li > a strong').allTextContents()).toEqual(['Notify']);
  await expect
    .poll(() => chain.locator('> li > ul > li > ul > li .badge').allTextContents())
    .toEqual(['Mail', 'Done']);
  expect(await chain.locator('.took').last().textContent()).toMatch(/^after .*, took /u);
  await expectSeen(detailOf(page).locator('.logs').getByText('thumbnail of green'));

  await nodeOf(page, 'Bucket Thumbnails').click();
  await detailOf(page).locator('summary.object').click();
  const image = detailOf(page).getByRole('img', { name: 'The object' });
  await expectSeen(image);
  expect(await image.evaluate((one) => (one as HTMLImageElement).naturalWidth)).toBe(10); // an img by its role
  await nodeOf(page, 'Table Photos').click();
  await detailOf(page).locator('.things summary').click();
  expect(JSON.parse((await detailOf(page).locator('.things pre').textContent()) ?? '')).toEqual({
    key: 'green & <b>bold</b>.png',
    size: PNG.length,
  });
});

test('a file that is chosen goes to the bucket too', async () => {
  const page = await session.open({}, '/#/bucket/Uploads');
  await page.getByLabel('Key begins with').fill('in/');
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'one.txt', mimeType: 'text/plain', buffer: Buffer.from('hi') });
  const line = detailOf(page).locator('summary', { hasText: 'in/one.txt' });
  await line.click();
  await expectSeen(detailOf(page).locator('.things pre').getByText('hi'));
  await session.shown.app.idle();
});

test('a request that is sent shows its answer; one that cannot be sent says why', async () => {
  const page = await session.open();
  await nodeOf(page, 'Gateway ServerlessHttpApi').click();
  await detailOf(page).getByRole('button', { name: 'POST /echo/{word}' }).click();
  await page.getByLabel('Path').fill('/echo/<i>hi<i>?a=b');
  await page.getByLabel('Headers, one a line').fill('content-type: text/plain\nnonsense');
  await page.getByLabel('Body', { exact: true }).fill('<script>wasRun = true</script>');
  await page.getByRole('button', { name: 'Send' }).click();
  expect(await detailOf(page).getByRole('alert').textContent()).toContain('nonsense');

  await page.getByLabel('Headers, one a line').fill('content-type: text/plain');
  await page.getByRole('button', { name: 'Send' }).click();
  await expectSeen(detailOf(page).getByText(/^201$/u));
  const body = await detailOf(page).getByRole('region', { name: 'Body of the answer' }).textContent();
  expect(JSON.parse(body ?? '')).toEqual({
    said: '<i>hi<i>',
    body: '<script>wasRun = true</script>',
    type: 'text/plain',
  });

  await page.getByLabel('Path').fill('/throws');
  await page.getByRole('button', { name: 'Send' }).click();
  await expectSeen(detailOf(page).getByText(/^500$/u));
  await page.getByLabel('Only failures').check();
  await rowsOf(page, 'Done').first().waitFor({ state: 'detached' });
  await rowsOf(page, '/throws').first().click();
  await expectSeen(detailOf(page).getByText('TypeError: <b>thrown</b>').first());
  expect(await detailOf(page).getByRole('region', { name: 'Stack' }).textContent()).toContain('handler.ts:');
});

test('a request sends a file byte for byte, with its type unless another is said', async () => {
  const page = await session.open({}, '/#/gateway/ServerlessHttpApi');
  const sent = async (): Promise<unknown> => {
    await page.getByRole('button', { name: 'Send' }).click();
    await expectSeen(detailOf(page).getByText(/^201$/u));
    const body = await detailOf(page).getByRole('region', { name: 'Body of the answer' }).textContent();
    return JSON.parse(body ?? '');
  };
  await page.getByLabel('Path').fill('/echo/file');
  await page.getByLabel('or a file').setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: PNG });
  expect(await sent()).toMatchObject({ body: PNG.toString('base64'), type: 'image/png' });
  await page.getByLabel('Headers, one a line').fill('Content-Type: application/octet-stream');
  expect(await sent()).toMatchObject({ type: 'application/octet-stream' });
});

test('a message that fails lies in the dead-letter queue, and is redriven', async () => {
  const page = await session.open();
  await nodeOf(page, 'Queue Work').click();
  await page.getByLabel('Body', { exact: true }).fill('bad');
  await page.getByRole('button', { name: 'Send' }).click();
  await expectSeen(detailOf(page).getByText('Sent.'));
  await expectSeen(rowsOf(page, 'Dead letter').getByText('work → dead: bad'));

  await detailOf(page).getByRole('link', { name: 'Dead' }).click();
  await expectSeen(detailOf(page).locator('.things strong').getByText('bad'));
  await expect.poll(() => nodeOf(page, 'Queue Dead').locator('title').textContent()).toContain('1 message');
  session.shown.mend();
  await page.getByRole('button', { name: 'Redrive all' }).click();
  await expectSeen(detailOf(page).getByText('On the way back to Work.'));
  await expectSeen(detailOf(page).getByText('Empty: nothing failed too often.'));
  await expect
    .poll(() => session.shown.app.journal.entries().at(-1))
    .toMatchObject({
      function: 'Worker',
      result: { ok: true },
    });
});

test('a schedule is fired for a slot, the clock moved, an invocation replayed, a function invoked', async () => {
  const page = await session.open();
  await nodeOf(page, 'Schedule Nightly').click();
  await page.getByLabel('Slot, in UTC').fill('2026-01-01T02:00:00');
  await page.getByRole('button', { name: 'Fire' }).click();
  await expectSeen(detailOf(page).getByText('Fired for 2026-01-01T02:00:00.000Z.'));

  await rowsOf(page, 'Report').first().click();
  await expectSeen(detailOf(page).getByRole('region', { name: 'Answer' }).getByText('2026-01-01T02:00:00Z'));
  const before = session.shown.app.journal.entries().length;
  await page.getByRole('button', { name: 'Replay' }).click();
  await detailOf(page).getByRole('link', { name: 'the new invocation' }).click();
  await expectSeen(detailOf(page).getByText('by hand').first());
  expect(session.shown.app.journal.entries()).toHaveLength(before + 1);

  await nodeOf(page, 'Function Report').click();
  await page.getByLabel('Event, as JSON').fill('{"time": 1');
  await page.getByRole('button', { name: 'Invoke', exact: true }).click();
  await expectSeen(detailOf(page).getByRole('alert').getByText('The event is no JSON'));
  await page.getByLabel('Event, as JSON').fill('{"time": "<u>now</u>"}');
  await page.getByRole('button', { name: 'Invoke', exact: true }).click();
  await expectSeen(detailOf(page).getByRole('region', { name: 'Answer' }).getByText('<u>now</u>'));

  const now = session.shown.app.clock.now();
  await page.getByRole('button', { name: 'Clock' }).click();
  await page.getByRole('button', { name: '+1 hour' }).click();
  await expectSeen(page.getByRole('dialog').getByText('It is '));
  expect(session.shown.app.clock.now()).toBeGreaterThanOrEqual(now + 3_600_000);
  await page.getByLabel('To, in UTC').fill('2001-01-01T00:00:00');
  await page.getByRole('button', { name: 'Move' }).click();
  await expectSeen(page.getByRole('dialog').getByRole('alert').filter({ visible: true }));
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
});
