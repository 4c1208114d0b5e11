/**
 * The page of the small app, open in a browser.
 *
 * @module
 */
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';

import { servePage } from '../server.ts';
import type { LocalPage } from '../server.ts';
import { playShown } from './app.fixture.ts';
import type { ShownApp } from './app.fixture.ts';
import { startBrowser } from './browser.fixture.ts';

export interface Session {
  readonly shown: ShownApp;
  readonly browser: Browser;
  /** Can be served anew. */
  served: LocalPage;
  /** What went wrong in pages, as browsers say it. */
  readonly faults: string[];
  /** Opens the page, at a part of it. */
  open(options?: BrowserContextOptions, path?: string): Promise<Page>;
  /** Closes what is open, and throws if anything went wrong in it. */
  leave(): Promise<void>;
  stop(): Promise<void>;
}

export async function startSession(): Promise<Session> {
  const [shown, browser] = await Promise.all([playShown(), startBrowser()]);
  const faults: string[] = [];
  const session: Session = {
    shown,
    browser,
    served: await servePage(shown.app),
    faults,
    async open(options = {}, path = '') {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
      context.setDefaultTimeout(20_000);
      const page = await context.newPage();
      page.on('pageerror', (error) => faults.push(error.message));
      page.on('console', (message) => {
        // Chromium tells of the script that it did not run, and of requests that were refused, as the page does.
        if (message.type() === 'error' && !/^Blocked script execution|status of 400/u.test(message.text()))
          faults.push(message.text());
      });
      await page.goto(session.served.url);
      if (path !== '') await page.goto(session.served.endpoint + path);
      await page.locator('#connection[data-state=live]').waitFor();
      await page.locator('#map .node').first().waitFor();
      return page;
    },
    async leave() {
      await Promise.all(browser.contexts().map((context) => context.close()));
      const all = faults.splice(0);
      if (all.length > 0) throw new Error(`In the page: ${all.join('; ')}`);
    },
    async stop() {
      await browser.close();
      await session.served.close();
      await shown.stop();
    },
  };
  return session;
}

/** A node of the drawing, by its kind and name. */
export const nodeOf = (page: Page, name: string): Locator =>
  page.locator('#map').getByRole('link', { name: new RegExp(`^${name}\\b`, 'u') });

/** What is open beside the rest. */
export const detailOf = (page: Page): Locator => page.locator('#detail');

/** Rows of what happened. */
export const rowsOf = (page: Page, text: string): Locator =>
  page.locator('#list .row').filter({ hasText: text });

/** Waits until a person would see it. */
export const expectSeen = (place: Locator): Promise<void> => place.waitFor();
