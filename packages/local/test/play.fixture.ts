/**
 * Apps for tests: a template from its text and functions from files, played and ended when the test is over.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { JournalEntry, LocalApp, PlayOptions } from '@handlersmith/local';
import { playTemplate } from '@handlersmith/local';
import { afterAll } from 'vitest';

const functions = join(import.meta.dirname, 'conformance/functions');

/** One a file: its apps end when its tests are over. */
const playing = new Set<LocalApp>();
const folders = new Set<string>();
afterAll(async () => {
  await Promise.all([...playing].map((app) => app.stop()));
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'handlersmith-test-'));
  folders.add(folder);
  return folder;
}

/** Writes a template of these resources (as `lambda` writes functions, two spaces from the margin) and plays it. */
export async function play(resources: string, options: PlayOptions = {}): Promise<LocalApp> {
  const file = join(temporaryFolder(), 'template.yaml');
  writeFileSync(file, `Transform: AWS::Serverless-2016-10-31\nResources:\n${resources}`);
  const app = await playTemplate(file, { retryDelay: 20, watch: false, ...options });
  playing.add(app);
  return app;
}

/**
 * A function in a template.
 *
 * @param handler - module in `conformance/functions` and its export
 * @param more - further properties, as lines of YAML without indent
 */
export function lambda(id: string, handler: string, more = ''): string {
  const properties = more.split('\n').map((line) => `      ${line}`);
  return [
    `  ${id}:`,
    '    Type: AWS::Serverless::Function',
    '    Properties:',
    '      Runtime: nodejs24.x',
    `      CodeUri: ${functions}`,
    `      Handler: ${handler}`,
    ...properties,
    '',
  ].join('\n');
}

/** Looks again and again until there is something to see. */
export async function until<Seen>(
  look: () => Seen | undefined | false | Promise<Seen | undefined | false>,
  what = 'it',
): Promise<Seen> {
  const end = Date.now() + 20_000;
  for (;;) {
    // Looking again is the point.
    // oxlint-disable no-await-in-loop
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    if (Date.now() > end) throw new Error(`${what} did not come`);
    await pause(20);
    // oxlint-enable no-await-in-loop
  }
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Invocations of a function that are over, oldest first. */
export function ended(app: LocalApp, name: string): readonly JournalEntry[] {
  return app.journal.entries().filter((entry) => entry.function === name && entry.result !== undefined);
}

/** Waits for so many invocations of a function to be over. */
export function untilEnded(app: LocalApp, name: string, count: number): Promise<readonly JournalEntry[]> {
  return until(() => ended(app, name).length >= count && ended(app, name), `${count} invocations of ${name}`);
}

/** The event of an invocation. */
export function eventOf(entry: JournalEntry | undefined): unknown {
  return JSON.parse(entry?.event ?? 'null');
}

/** What an invocation answered. */
export function answerOf(entry: JournalEntry | undefined): unknown {
  const result = entry?.result;
  if (result?.ok !== true) throw new Error(`It failed: ${JSON.stringify(result)}`);
  return JSON.parse(String(result.payload));
}
