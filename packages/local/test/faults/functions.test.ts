import { join } from 'node:path';

import type { JournalEntry, LocalApp } from '@handlersmith/local';
import { beforeAll, expect, test } from 'vitest';

import { lambda, play } from '../play.fixture.ts';

const names = [
  'Throws',
  'Hangs',
  'Spins',
  'Exits',
  'Aborts',
  'Leaks',
  'Rejects',
  'Prints',
  'Nonsense',
  'Cycles',
  'Swells',
  'Good',
] as const;

let app: LocalApp;
beforeAll(async () => {
  const functions = names.map((name) =>
    lambda(name, `bad.${name.toLowerCase()}`, `Timeout: ${name === 'Prints' ? 30 : 1}\nMemorySize: 256`),
  );
  // These lie beside this file.
  const folder = join(import.meta.dirname, '../conformance/functions');
  app = await play(functions.join('').replaceAll(folder, import.meta.dirname));
});

/** One line for what became of an invocation, as the journal has it. */
function lineOf({ result }: JournalEntry): string {
  if (result === undefined) return 'still running';
  if (result.ok) return `ok ${String(result.payload)}`;
  return `${result.reason} ${result.error.errorType}: ${result.error.errorMessage}`;
}

test('the runner outlives what functions do, says one line of each, and runs the next', async () => {
  const before = process.memoryUsage().rss;
  await Promise.all(names.map((name) => app.invoke(name, {})));
  const lines = Object.fromEntries(app.journal.entries().map((entry) => [entry.function, lineOf(entry)]));
  expect(lines).toEqual({
    Throws: 'error Error: cannot do it',
    Hangs: expect.stringMatching(/^timeout Sandbox\.Timedout: .*Task timed out after 1\.00 seconds$/u),
    Spins: expect.stringMatching(/^timeout Sandbox\.Timedout: .*Task timed out after 1\.00 seconds$/u),
    Exits: expect.stringMatching(/^exit Runtime\.ExitError: .*exit status 3$/u),
    Aborts: expect.stringMatching(/^exit Runtime\.ExitError: .*signal: aborted/iu),
    Leaks: 'ok "leaked"',
    Rejects: expect.stringMatching(/^exit Runtime\.ExitError: .*exit status 1$/u),
    Prints: 'ok "printed"',
    Nonsense: 'error Runtime.JSONStringifyError: Unable to stringify response body',
    Cycles: 'error Runtime.JSONStringifyError: Unable to stringify response body',
    Swells: expect.stringMatching(/^too-large .*(?:6291556|payload size)/u),
    Good: 'ok "good"',
  });
  // A line is a line.
  expect(Object.values(lines).filter((line) => line.includes('\n'))).toEqual([]);
  const again = await Promise.all(names.map((name) => app.invoke(name, {})));
  expect(again.filter(({ ok }) => ok).length).toBe(3);
  expect(await app.invoke('Good', {})).toMatchObject({ ok: true, payload: '"good"' });

  // What nobody looked at is on the log.
  const rejected = app.journal.entries().find((entry) => entry.function === 'Rejects');
  expect(rejected?.logs.map(({ text }) => text).join('\n')).toContain('nobody looks at it');

  // Of 100 MB the journal keeps a part, and says so.
  const printed = app.journal.entries().find((entry) => entry.function === 'Prints');
  const kept = printed?.logs.reduce((sum, { text }) => sum + text.length, 0) ?? 0;
  expect(kept).toBeGreaterThan(100_000);
  expect(kept).toBeLessThan(5_000_000);
  expect(process.memoryUsage().rss - before).toBeLessThan(300 * 1024 * 1024);
}, 60_000);
