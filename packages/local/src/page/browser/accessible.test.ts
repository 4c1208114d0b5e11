/** Who can use the page: inspected by axe in each view, light and dark, large and small. */
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { detailOf, expectSeen, startSession } from './session.fixture.ts';
import type { Session } from './session.fixture.ts';

const PHONE = { width: 360, height: 740 };

let session: Session;
beforeAll(async () => {
  session = await startSession();
  await session.shown.fill();
});
afterAll(() => session.stop());
afterEach(() => session.leave());

test.each([
  ['a large screen', undefined],
  ['a phone', PHONE],
])(
  'on %s every view is accessible, light and dark, and nothing is wider than the screen',
  async (_, viewport) => {
    const failed = session.shown.app.journal.entries().find(({ result }) => result?.ok === false);
    const page = await session.open({ bypassCSP: true, ...(viewport !== undefined && { viewport }) });
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
      `/invocation/${failed?.requestId}`,
      '/none/at-all',
    ];
    for (const view of views) {
      // One view after the other.
      // oxlint-disable-next-line no-await-in-loop
      expect(await inspected(page, view)).toEqual({ view, light: [], dark: [], tooWide: 0 });
    }
  },
);

/** What is wrong with a view. In the dark only colours differ. */
async function inspected(page: Page, view: string): Promise<object> {
  await page.evaluate((to) => (location.hash = to), view === '' ? '' : `#${view}`);
  await detailOf(page).waitFor({ state: view === '' ? 'hidden' : 'visible' });
  if (/^\/(?:bucket|table|queue|mails)/u.test(view))
    await expectSeen(detailOf(page).locator('.things > li').first());
  for (const summary of await detailOf(page).locator('.things > li:first-child summary').all())
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
  return { view, light, dark, tooWide };
}

function violations(page: Page, place: string, rules?: readonly string[]): Promise<string[]> {
  return page.evaluate(
    async ([where, only]) => {
      // Put there by the script tag above.
      const { axe: inspector } = globalThis as unknown as { axe: Pick<typeof axe, 'run'> };
      const found = await inspector.run(where, { iframes: false, ...(only && { runOnly: [...only] }) });
      return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
    },
    [place, rules] as const,
  );
}
