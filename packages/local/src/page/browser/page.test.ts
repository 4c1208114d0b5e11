/** How the page behaves: what is text, what the keyboard does, what it does without its server. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { servePage } from '../server.ts';
import { detailOf, expectSeen, nodeOf, rowsOf, startSession } from './session.fixture.ts';
import type { Session } from './session.fixture.ts';

let session: Session;
beforeAll(async () => {
  session = await startSession();
  await session.shown.fill();
});
afterAll(() => session.stop());
afterEach(() => session.leave());

test('mails are shown in a frame that runs nothing and keeps their looks', async () => {
  const page = await session.open({}, '/#/mails');
  await detailOf(page).locator('.things summary').first().click();
  const frame = detailOf(page).frameLocator('iframe');
  await expectSeen(frame.getByRole('heading', { name: 'Hello' }));
  expect(await frame.locator('p').evaluate((one) => getComputedStyle(one).color)).toBe('rgb(0, 128, 128)');
  expect(await detailOf(page).locator('iframe').getAttribute('sandbox')).toBe('');
  expect(await page.evaluate(() => 'wasRun' in globalThis)).toBe(false);
});

test('what the app says stays text, wherever it is shown', async () => {
  const evil = '<img src=x onerror="globalThis.wasRun=true">';
  await session.shown.app.invoke('Worker', { Records: [{ body: evil }] });
  session.shown.app.journal.note({
    time: session.shown.app.clock.now(),
    kind: 'warning',
    text: evil,
    causes: [],
  });
  await session.shown.app.s3('PUT', `/thumbnails/${encodeURIComponent(evil)}`, { body: evil });
  session.shown.app.aws.sqs.queue('dead')?.send({ MessageBody: evil });
  const page = await session.open();
  await expectSeen(rowsOf(page, evil));
  await rowsOf(page, 'by hand').first().click();
  await expectSeen(detailOf(page).locator('.logs').getByText(`work on ${evil}`));
  for (const [hash, place] of [
    ['#/bucket/Thumbnails', 'summary.object'],
    ['#/queue/Dead', '.things summary'],
  ] as const) {
    // One page after the other.
    // oxlint-disable-next-line no-await-in-loop
    await page.evaluate((to) => (location.hash = to), hash);
    // oxlint-disable-next-line no-await-in-loop
    await detailOf(page).locator(place).filter({ hasText: evil }).first().click();
  }
  await expectSeen(detailOf(page).locator('.things pre').getByText(evil));
  expect(await page.locator('img[src=x]').count()).toBe(0);
  expect(await page.evaluate(() => 'wasRun' in globalThis)).toBe(false);
});

test('the keyboard alone gets everywhere, and back', async () => {
  const page = await session.open();
  const focused = (): Promise<string> =>
    page.evaluate(
      () =>
        document.activeElement?.querySelector('title')?.textContent ??
        document.activeElement?.getAttribute('aria-label') ??
        document.activeElement?.textContent ??
        '',
    );
  const press = async (...keys: string[]): Promise<void> => {
    // oxlint-disable-next-line no-await-in-loop
    for (const key of keys) await page.keyboard.press(key);
  };
  await press('Tab');
  expect(await focused()).toBe('Skip to what happened');
  await press('Tab', 'Tab');
  expect(await focused()).toMatch(/^Gateway ServerlessHttpApi/u);
  await press('ArrowDown', 'ArrowDown');
  expect(await focused()).toMatch(/^Function /u);
  const name = await focused();
  await press('End');
  expect(await focused()).toMatch(/^Queue Dead/u);
  await press('Home', 'ArrowDown', 'ArrowDown', 'Enter');
  await expectSeen(detailOf(page));
  expect(await focused()).toBe(/^Function (\w+)/u.exec(name)?.[1]);
  await press('Tab');
  expect(await focused()).toBe('Close');
  await press('Escape');
  await detailOf(page).waitFor({ state: 'hidden' });
  await expect.poll(focused).toBe(name);

  // One stop for the drawing, then the filter, then one stop for the list.
  await press('Tab', 'Tab', 'Tab');
  const links = page.locator('#list a.row');
  const isFocused = (index: number): Promise<boolean> =>
    links.nth(index).evaluate((one) => one === document.activeElement);
  expect(await isFocused(0)).toBe(true);
  await press('ArrowDown');
  expect(await isFocused(1)).toBe(true);
  expect(await links.nth(1).evaluate((one) => getComputedStyle(one).outlineStyle)).toBe('solid');
});

test('going back in the history goes back in what is open', async () => {
  const page = await session.open();
  await nodeOf(page, 'Queue Work').click();
  await detailOf(page).getByRole('link', { name: 'Dead' }).click();
  await expectSeen(detailOf(page).getByRole('heading', { name: 'Dead' }));
  await page.goBack();
  await expectSeen(detailOf(page).getByRole('heading', { name: 'Work' }));
  await page.goBack();
  await detailOf(page).waitFor({ state: 'hidden' });
  await page.goto(`${session.served.endpoint}/#/table/Nothing`);
  await expectSeen(detailOf(page).getByText('The app has nothing of that name.'));
});

test.each([1280, 900, 360])('names leave room for counts, %i pixels wide', async (width) => {
  const page = await session.open({ viewport: { width, height: 740 } });
  const overlaps = await page.locator('#map a.node').evaluateAll((nodes) =>
    nodes.flatMap((node) => {
      const [label, count, box] = ['.label', '.count', '.box'].map((part) =>
        node.querySelector(part)?.getBoundingClientRect(),
      );
      const ends = (label?.right ?? 0) + 4;
      return (count?.width && ends > count.left) || ends > (box?.right ?? 0) ? [node.textContent] : [];
    }),
  );
  expect(overlaps).toEqual([]);
});

test('thousands of invocations leave the page small and quick', async () => {
  const page = await session.open();
  const { journal } = session.shown.app;
  for (let count = 0; count < 3000; count += 1) {
    const requestId = `many-${count}`;
    journal.begin({
      requestId,
      function: 'Api',
      trigger: { type: 'http', id: 'ServerlessHttpApi', summary: `GET /${count}` },
      event: '{}',
      attempt: 1,
      causes: [],
    });
    journal.end(requestId, { ok: true, payload: '1', duration: 1, memoryUsed: 1 });
  }
  await expectSeen(rowsOf(page, 'GET /2999'));
  expect(await page.locator('#list > li').count()).toBe(100);
  await page.getByRole('button', { name: 'Show older' }).click();
  expect(await page.locator('#list > li').count()).toBe(200);
  expect(await page.evaluate(() => document.querySelectorAll('*').length)).toBeLessThan(4000);
});

test('a server that is lost is told of, and comes back', async () => {
  const page = await session.open();
  const { endpoint, token } = session.served;
  await session.served.close();
  await expectSeen(page.getByText('Server lost, trying again'));
  const port = Number(new URL(endpoint).port);
  session.served = await servePage(session.shown.app, { port, token });
  await expectSeen(page.locator('#connection[data-state=live]'));
  await session.served.close();
  session.served = await servePage(session.shown.app, { port });
  await expectSeen(page.getByText('open the address it printed'));
  // What a browser says of requests that get no answer.
  session.faults.splice(0);
});

test("another origin's page cannot reach the API, though the browser has the cookie", async () => {
  const page = await session.open();
  const other = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><title>Other</title>');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  try {
    // A name of this machine too: the same site for cookies, another origin all the same.
    await page.goto(`http://127.0.0.1:${(other.address() as AddressInfo).port}`); // listens on TCP
    const before = session.shown.app.clock.now();
    const tried = await page.evaluate(async (endpoint) => {
      const change = { method: 'POST', body: '{"advance":86400000}' };
      const sent = await Promise.allSettled([
        fetch(`${endpoint}/api/app`, { credentials: 'include' }),
        fetch(`${endpoint}/api/clock`, { ...change, credentials: 'include' }),
        fetch(`${endpoint}/api/clock`, { ...change, credentials: 'include', mode: 'no-cors' }),
      ]);
      return sent.map(({ status }) => status);
    }, session.served.endpoint);
    // The last one may be sent without being read: what counts is that it did nothing.
    expect(tried.slice(0, 2)).toEqual(['rejected', 'rejected']);
    expect(session.shown.app.clock.now() - before).toBeLessThan(60_000);
    const framed = await page.evaluate(async (endpoint) => {
      const frame = document.createElement('iframe');
      frame.src = `${endpoint}/`;
      document.body.append(frame);
      await new Promise((resolve) => frame.addEventListener('load', resolve));
      return frame.contentDocument === null;
    }, session.served.endpoint);
    expect(framed).toBe(true);
  } finally {
    // What it says of what was refused.
    session.faults.splice(0);
    other.close();
  }
});
