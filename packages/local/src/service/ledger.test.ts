import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { openLedger } from './ledger.ts';
import type { Ledger } from './ledger.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handlersmith-ledger-'));
  path = join(folder, 'test.log');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A service that keeps one number by name. */
function open(): { ledger: Ledger<[string, number]>; state: Map<string, number> } {
  const state = new Map<string, number>();
  const ledger = openLedger<[string, number]>({
    folder,
    name: 'test',
    replay: ([name, value]) => state.set(name, value),
    snapshot: () => state,
  });
  return { ledger, state };
}

function keep(...lines: readonly (readonly [string, number][])[]): void {
  const { ledger } = open();
  for (const line of lines) ledger.append(line);
  ledger.close();
}

function reopened(): Record<string, number> {
  const { ledger, state } = open();
  ledger.close();
  return Object.fromEntries(state);
}

describe('what does not belong into the file', () => {
  test('a line cut off by a crash is left out, whole, and what follows is kept', () => {
    keep([['a', 1]]);
    appendFileSync(path, '[["a",2],["b",');
    expect(reopened()).toEqual({ a: 1 });
    keep([['c', 3]]);
    expect(reopened()).toEqual({ a: 1, c: 3 });
  });

  test('a damaged line is told of, with its place, and the folder is free again', () => {
    keep([['a', 1]]);
    appendFileSync(path, 'nonsense\n');
    expect(open).toThrow(/test\.log is damaged at byte 10\./u);
    expect(existsSync(join(folder, 'test.lock'))).toBe(false);
  });
});

describe('one process a folder', () => {
  test('a folder in use is refused, and free once it is closed', () => {
    const { ledger } = open();
    expect(open).toThrow(`in use by process ${process.pid}`);
    ledger.close();
    expect(reopened()).toEqual({});
  });

  test.each([
    // No system gives out ids as high as this.
    ['a process that is gone', 2_147_483_646],
    ['an earlier process with our id, as in a container that was started anew', process.pid],
  ])('the lock of %s counts for nothing', (_, holder) => {
    writeFileSync(join(folder, 'test.lock'), String(holder));
    expect(reopened()).toEqual({});
  });
});

test('changes are there after a restart, in their order', () => {
  keep(
    [['a', 1]],
    [],
    [
      ['b', 1],
      ['a', 2],
    ],
  );
  expect(reopened()).toEqual({ a: 2, b: 1 });
});

test('a file that has grown far beyond what is in it is written anew, and loses nothing', () => {
  const { ledger, state } = open();
  const change = (name: string, value: number): void => {
    ledger.append([[name, value]]);
    state.set(name, value);
  };
  change('kept', 1);
  const filler = 'x'.repeat(1024 * 1024);
  for (let round = 0; round < 40; round += 1) change(filler, round);
  change('last', 2);
  ledger.close();
  expect(statSync(path).size).toBeLessThan(20 * 1024 * 1024);
  expect(readFileSync(path).subarray(-1).toString()).toBe('\n');
  expect(reopened()).toEqual({ kept: 1, last: 2, [filler]: 39 });
});

test('without a folder nothing is kept, and nothing needs to be', () => {
  const ledger = openLedger<number>({
    folder: undefined,
    name: 'test',
    replay: () => {},
    snapshot: () => [],
  });
  ledger.append([1]);
  ledger.close();
  expect(existsSync(path)).toBe(false);
});
