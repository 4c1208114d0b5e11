import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { readOptions, small } from './options.ts';

function run(...args: string[]): {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
} {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(import.meta.dirname, 'run.ts'), ...args],
    {
      encoding: 'utf8',
    },
  );
  return { status, out: stdout, err: stderr };
}

describe('the command line', () => {
  it('knows no other options', () => {
    expect(() => readOptions(['--huge'])).toThrow("Unknown option '--huge'");
  });

  it('says which configurations there are when it is asked for none of them', () => {
    expect(run('--only', 'F99')).toMatchObject({
      status: 2,
      err: expect.stringContaining('there is no F99; there are F1'),
    });
  });

  it('explores the small set unless told otherwise', () => {
    expect(readOptions([]).configurations).toBe(small);
    expect(readOptions(['--large']).configurations.length).toBeGreaterThan(5);
    expect(readOptions(['--only', 'a3', '--only', 'F4+']).configurations.map(({ name }) => name)).toEqual([
      'A3',
      'F4+',
    ]);
  });

  it('prints a line for each, and the sum', () => {
    const { status, out } = run('--only', 'A5', '--only', 'F20');
    expect(status).toBe(0);
    expect(out).toMatch(/^A5 .* breaks +58 +1 I1 +5 /m);
    expect(out).toMatch(/^F20 .* holds /m);
    expect(out).toMatch(/1 hold, 1 break, all as they must/);
  });

  it('tells the way to what it finds', () => {
    const { out } = run('--trace', 'A5');
    expect(out).toContain(
      '  I1: a row refers to K/d0/g0.P1, which is not in the bucket\n     1. A (create K P1) begins',
    );
  });

  it('gives JSON for other tools', () => {
    const [outcome] = JSON.parse(run('--json', '--only', 'A5').out) as [
      { name: string; violations: unknown[] },
    ];
    expect(outcome).toMatchObject({ name: 'A5', states: 58, asDue: true });
    expect(outcome.violations).toMatchObject([{ invariant: 'I1', trace: { length: 5 } }]);
  });

  it('explains itself', () => {
    expect(run('--help').out).toContain('Usage: pnpm model');
  });
});
