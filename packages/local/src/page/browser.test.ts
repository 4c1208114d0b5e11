/** The page as a person uses it, in a browser. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { playShown } from './app.fixture.ts';
import type { ShownApp } from './app.fixture.ts';
import { startBrowser } from './browser.fixture.ts';
import { servePage } from './server.ts';
import type { LocalPage } from './server.ts';

const PHONE = { width: 360, height: 740 };
/** 10 × 10 pixels of green. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNk+M9Qz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC',
  'base64',
);

let shown: ShownApp;
let served: LocalPage;
let browser: Browser;
let faults: string[] = [];
beforeAll(async () => {
  [shown, browser] = await Promise.all([playShown(), startBrowser()]);
  served = await servePage(shown.app);
});
afterAll(async () => {
  await browser.close();
  await served.close();
  await shown.stop();
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  expect(faults.splice(0)).toEqual([]);
});

/** Opens the page, and remembers what goes wrong in it. */
async function open(options: BrowserContextOptions = {}, path = ''): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    // Chromium tells of the script that it did not run, and of requests that were refused, as the page does.
    if (message.type() === 'error' && !/^Blocked script execution|status of 400/u.test(message.text()))
      faults.push(message.text());
  });
  await page.goto(served.url);
  if (path !== '') await page.goto(served.endpoint + path);
  await page.locator('#connection[data-state=live]').waitFor();
  await page.locator('#map .node').first().waitFor();
  return page;
}
const node = (page: Page, name: string): ReturnType<Page['locator']> =>
  page.locator('#map').getByRole('link', { name: new RegExp(`^${name}\\b`, 'u') });
const detail = (page: Page): ReturnType<Page['locator']> => page.locator('#detail');
const rows = (page: Page, text: string): ReturnType<Page['locator']> =>
  page.locator('#list .row').filter({ hasText: text });

test('a file that is dropped becomes an object, and the chain it sets off is drawn', async () => {
  const page = await open();
  const files = await page.evaluateHandle((base64) => {
    const transfer = new DataTransfer();
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.codePointAt(0) ?? 0);
    transfer.items.add(new File([bytes], 'green & <b>bold</b>.png', { type: 'image/png' }));
    return transfer;
  }, PNG.toString('base64'));
  await node(page, 'Bucket Uploads').dispatchEvent('drop', { dataTransfer: files });

  await detail(page).getByText('1 file put.').waitFor();
  await detail(page).locator('.things').getByText('green & <b>bold</b>.png').waitFor();
  expect(await shown.app.s3('GET', '/uploads/green%20%26%20%3Cb%3Ebold%3C/b%3E.png')).toMatchObject({
    body: PNG,
  });

  await rows(page, 'Mail').first().waitFor();
  await rows(page, 'Worker').first().waitFor();
  await rows(page, 'Thumbnail').first().click();
  const chain = detail(page).locator('.chain');
  await chain.locator('ul ul a').filter({ hasText: 'Worker' }).waitFor();
  expect(await chain.locator('> li > a strong').allTextContents()).toEqual(['Thumbnail']);
  expect(await chain.locator('> li > ul > li > a strong').allTextContents()).toEqual(['Notify']);
  await expect
    .poll(() => chain.locator('> li > ul > li > ul > li .badge').allTextContents())
    .toEqual(['Mail', 'Done']);
  expect(await chain.locator('.took').last().textContent()).toMatch(/^after .*, took /u);
  await detail(page).locator('.logs').getByText('thumbnail of green').waitFor();

  await node(page, 'Bucket Thumbnails').click();
  await detail(page).locator('summary.object').click();
  const image = detail(page).getByRole('img', { name: 'The object' });
  await image.waitFor();
  expect(await image.evaluate((one) => (one as HTMLImageElement).naturalWidth)).toBe(10); // an img by its role
  await node(page, 'Table Photos').click();
  await detail(page).locator('.things summary').click();
  expect(JSON.parse((await detail(page).locator('.things pre').textContent()) ?? '')).toEqual({
    key: 'green & <b>bold</b>.png',
    size: PNG.length,
  });
});

test('a file that is chosen goes to the bucket too', async () => {
  const page = await open({}, '/#/bucket/Uploads');
  await page.getByLabel('Key begins with').fill('in/');
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'one.txt', mimeType: 'text/plain', buffer: Buffer.from('hi') });
  const line = detail(page).locator('summary', { hasText: 'in/one.txt' });
  await line.click();
  await detail(page).locator('.things pre').getByText('hi').waitFor();
  await shown.app.idle();
});

test('a request that is sent shows its answer; one that cannot be sent says why', async () => {
  const page = await open();
  await node(page, 'Gateway ServerlessHttpApi').click();
  await detail(page).getByRole('button', { name: 'POST /echo/{word}' }).click();
  await page.getByLabel('Path').fill('/echo/<i>hi<i>?a=b');
  await page.getByLabel('Headers, one a line').fill('content-type: text/plain\nnonsense');
  await page.getByLabel('Body', { exact: true }).fill('<script>wasRun = true</script>');
  await page.getByRole('button', { name: 'Send' }).click();
  expect(await detail(page).getByRole('alert').textContent()).toContain('nonsense');

  await page.getByLabel('Headers, one a line').fill('content-type: text/plain');
  await page.getByRole('button', { name: 'Send' }).click();
  await detail(page).getByText(/^201$/u).waitFor();
  const body = await detail(page).getByRole('region', { name: 'Body of the answer' }).textContent();
  expect(JSON.parse(body ?? '')).toEqual({ said: '<i>hi<i>', body: '<script>wasRun = true</script>' });

  await page.getByLabel('Path').fill('/throws');
  await page.getByRole('button', { name: 'Send' }).click();
  await detail(page).getByText(/^500$/u).waitFor();
  await page.getByLabel('Only failures').check();
  await rows(page, 'Done').first().waitFor({ state: 'detached' });
  await rows(page, '/throws').first().click();
  await detail(page).getByText('TypeError: <b>thrown</b>').first().waitFor();
  expect(await detail(page).getByRole('region', { name: 'Stack' }).textContent()).toContain('handler.ts:');
});

test('a message that fails lies in the dead-letter queue, and is redriven', async () => {
  const page = await open();
  await node(page, 'Queue Work').click();
  await page.getByLabel('Body', { exact: true }).fill('bad');
  await page.getByRole('button', { name: 'Send' }).click();
  await detail(page).getByText('Sent.').waitFor();
  await rows(page, 'Dead letter').getByText('work → dead: bad').waitFor();

  await detail(page).getByRole('link', { name: 'Dead' }).click();
  await detail(page).locator('.things strong').getByText('bad').waitFor();
  await expect.poll(() => node(page, 'Queue Dead').locator('title').textContent()).toContain('1 message');
  shown.mend();
  await page.getByRole('button', { name: 'Redrive all' }).click();
  await detail(page).getByText('On the way back to Work.').waitFor();
  await detail(page).getByText('Empty: nothing failed too often.').waitFor();
  await expect
    .poll(() => shown.app.journal.entries().at(-1))
    .toMatchObject({
      function: 'Worker',
      result: { ok: true },
    });
});

test('a schedule is fired for a slot, the clock moved, an invocation replayed, a function invoked', async () => {
  const page = await open();
  await node(page, 'Schedule Nightly').click();
  await page.getByLabel('Slot, in UTC').fill('2026-01-01T02:00:00');
  await page.getByRole('button', { name: 'Fire' }).click();
  await detail(page).getByText('Fired for 2026-01-01T02:00:00.000Z.').waitFor();

  await rows(page, 'Report').first().click();
  await detail(page).getByRole('region', { name: 'Answer' }).getByText('2026-01-01T02:00:00Z').waitFor();
  const before = shown.app.journal.entries().length;
  await page.getByRole('button', { name: 'Replay' }).click();
  await detail(page).getByRole('link', { name: 'the new invocation' }).click();
  await detail(page).getByText('by hand').first().waitFor();
  expect(shown.app.journal.entries()).toHaveLength(before + 1);

  await node(page, 'Function Report').click();
  await page.getByLabel('Event, as JSON').fill('{"time": 1');
  await page.getByRole('button', { name: 'Invoke', exact: true }).click();
  await detail(page).getByRole('alert').getByText('The event is no JSON').waitFor();
  await page.getByLabel('Event, as JSON').fill('{"time": "<u>now</u>"}');
  await page.getByRole('button', { name: 'Invoke', exact: true }).click();
  await detail(page).getByRole('region', { name: 'Answer' }).getByText('<u>now</u>').waitFor();

  const now = shown.app.clock.now();
  await page.getByRole('button', { name: 'Clock' }).click();
  await page.getByRole('button', { name: '+1 hour' }).click();
  await page.getByRole('dialog').getByText('It is ').waitFor();
  expect(shown.app.clock.now()).toBeGreaterThanOrEqual(now + 3_600_000);
  await page.getByLabel('To, in UTC').fill('2001-01-01T00:00:00');
  await page.getByRole('button', { name: 'Move' }).click();
  await page.getByRole('dialog').getByRole('alert').filter({ visible: true }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
});

test('mails are shown in a frame that runs nothing and keeps their looks', async () => {
  const page = await open({}, '/#/mails');
  await detail(page).locator('.things summary').first().click();
  const frame = detail(page).frameLocator('iframe');
  await frame.getByRole('heading', { name: 'Hello' }).waitFor();
  expect(await frame.locator('p').evaluate((one) => getComputedStyle(one).color)).toBe('rgb(0, 128, 128)');
  expect(await detail(page).locator('iframe').getAttribute('sandbox')).toBe('');
  expect(await page.evaluate(() => 'wasRun' in globalThis)).toBe(false);
});

test('what the app says stays text, wherever it is shown', async () => {
  const evil = '<img src=x onerror="globalThis.wasRun=true">';
  await shown.app.invoke('Worker', { Records: [{ body: evil }] });
  shown.app.journal.note({ time: shown.app.clock.now(), kind: 'warning', text: evil, causes: [] });
  await shown.app.s3('PUT', `/thumbnails/${encodeURIComponent(evil)}`, { body: evil });
  shown.app.aws.sqs.queue('dead')?.send({ MessageBody: evil });
  const page = await open();
  await rows(page, evil).waitFor();
  await rows(page, 'by hand').first().click();
  await detail(page).locator('.logs').getByText(`work on ${evil}`).waitFor();
  for (const [hash, place] of [
    ['#/bucket/Thumbnails', 'summary.object'],
    ['#/queue/Dead', '.things summary'],
  ] as const) {
    // One page after the other.
    // oxlint-disable-next-line no-await-in-loop
    await page.evaluate((to) => (location.hash = to), hash);
    // oxlint-disable-next-line no-await-in-loop
    await detail(page).locator(place).filter({ hasText: evil }).first().click();
  }
  await detail(page).locator('.things pre').getByText(evil).waitFor();
  expect(await page.locator('img[src=x]').count()).toBe(0);
  expect(await page.evaluate(() => 'wasRun' in globalThis)).toBe(false);
});

test('the keyboard alone gets everywhere, and back', async () => {
  const page = await open();
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
  await detail(page).waitFor();
  expect(await focused()).toBe(/^Function (\w+)/u.exec(name)?.[1]);
  await press('Tab');
  expect(await focused()).toBe('Close');
  await press('Escape');
  await detail(page).waitFor({ state: 'hidden' });
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
  const page = await open();
  await node(page, 'Queue Work').click();
  await detail(page).getByRole('link', { name: 'Dead' }).click();
  await detail(page).getByRole('heading', { name: 'Dead' }).waitFor();
  await page.goBack();
  await detail(page).getByRole('heading', { name: 'Work' }).waitFor();
  await page.goBack();
  await detail(page).waitFor({ state: 'hidden' });
  await page.goto(`${served.endpoint}/#/table/Nothing`);
  await detail(page).getByText('The app has nothing of that name.').waitFor();
});

test.each([
  ['a large screen', undefined],
  ['a phone', PHONE],
])(
  'on %s every view is accessible, light and dark, and nothing is wider than the screen',
  async (_, viewport) => {
    const failed = shown.app.journal.entries().find(({ result }) => result?.ok === false);
    const { requestId = '' } = failed ?? (await shown.app.invoke('Api', {}));
    const page = await open({ bypassCSP: true, ...(viewport !== undefined && { viewport }) });
    await page.addScriptTag({ content: axe.source });
    const views = [
      '',
      '/gateway/ServerlessHttpApi',
      '/schedule/Nightly',
      '/function/Api',
      '/bucket/Thumbnails',
      '/table/Photos',
      '/queue/Dead',
      '/mails',
      `/invocation/${requestId}`,
      '/none/at-all',
    ];
    for (const view of views) {
      // One view after the other.
      // oxlint-disable-next-line no-await-in-loop
      expect(await inspected(page, view), view).toEqual({ light: [], dark: [], tooWide: 0 });
    }
  },
);

test('thousands of invocations leave the page small and quick', async () => {
  const page = await open();
  const { journal } = shown.app;
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
  await rows(page, 'GET /2999').waitFor();
  expect(await page.locator('#list > li').count()).toBe(100);
  await page.getByRole('button', { name: 'Show older' }).click();
  expect(await page.locator('#list > li').count()).toBe(200);
  expect(await page.evaluate(() => document.querySelectorAll('*').length)).toBeLessThan(4000);
});

test('a server that is lost is told of, and comes back', async () => {
  const page = await open();
  const { endpoint, token } = served;
  await served.close();
  await page.getByText('Server lost, trying again').waitFor();
  const port = Number(new URL(endpoint).port);
  served = await servePage(shown.app, { port, token });
  await page.locator('#connection[data-state=live]').waitFor();
  await served.close();
  served = await servePage(shown.app, { port });
  await page.getByText('open the address it printed').waitFor();
  // What a browser says of requests that get no answer.
  faults = faults.filter((fault) => !/ERR_|401/u.test(fault));
});

test("another origin's page cannot reach the API, though the browser has the cookie", async () => {
  const page = await open();
  const other = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><title>Other</title>');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  try {
    // A name of this machine too: the same site for cookies, another origin all the same.
    await page.goto(`http://127.0.0.1:${(other.address() as AddressInfo).port}`); // listens on TCP
    const before = shown.app.clock.now();
    const tried = await page.evaluate(async (endpoint) => {
      const outcome = (sent: Promise<Response>): Promise<string> =>
        sent.then(
          (answer) => `${answer.type} ${answer.status}`,
          () => 'refused',
        );
      return Promise.all([
        outcome(fetch(`${endpoint}/api/app`, { credentials: 'include' })),
        outcome(
          fetch(`${endpoint}/api/clock`, {
            method: 'POST',
            mode: 'no-cors',
            credentials: 'include',
            body: '{"advance":86400000}',
          }),
        ),
      ]);
    }, served.endpoint);
    expect(tried).toEqual(['refused', expect.stringMatching(/^(?:refused|opaque 0)$/u)]);
    expect(shown.app.clock.now() - before).toBeLessThan(60_000);
    const framed = await page.evaluate(async (endpoint) => {
      const frame = document.createElement('iframe');
      frame.src = `${endpoint}/`;
      document.body.append(frame);
      await new Promise((resolve) => frame.addEventListener('load', resolve));
      return frame.contentDocument === null;
    }, served.endpoint);
    expect(framed).toBe(true);
  } finally {
    faults = [];
    other.close();
  }
});

/** What is wrong with a view. In the dark only colours differ. */
async function inspected(page: Page, view: string): Promise<object> {
  await page.evaluate((to) => (location.hash = to), view === '' ? '' : `#${view}`);
  await detail(page).waitFor({ state: view === '' ? 'hidden' : 'visible' });
  for (const summary of await detail(page).locator('.things > li:first-child summary').all())
    // oxlint-disable-next-line no-await-in-loop
    await summary.click();
  const place = view === '' ? 'body' : '#detail';
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  const light = await violations(page, place);
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  const dark = await violations(page, place, ['color-contrast']);
  const tooWide = await page.evaluate(() =>
    Math.max(
      document.documentElement.scrollWidth - innerWidth,
      ...[...document.querySelectorAll('#detail')].map((one) => one.scrollWidth - one.clientWidth),
    ),
  );
  return { light, dark, tooWide };
}

function violations(page: Page, place: string, rules?: readonly string[]): Promise<string[]> {
  return page.evaluate(
    async ([where, only]) => {
      // Put there by the script tag above.
      const { axe: inspector } = globalThis as unknown as { axe: typeof import('axe-core') };
      const found = await inspector.run(where, { iframes: false, ...(only && { runOnly: [...only] }) });
      return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
    },
    [place, rules] as const,
  );
}
