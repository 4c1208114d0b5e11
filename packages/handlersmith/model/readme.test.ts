import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { janitorSteps, writerSteps } from './stage-commit/state.ts';

const readme = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8');
const section = readme.split('## Steps, and where the code takes them\n')[1]?.split('\n## ')[0] ?? '';
const rows = [...section.matchAll(/^\| ([A-Z]\d[a-d]?) +\|[^|]*\|([^|]*)\| `([^`]+)` +\|$/gm)].map(
  ([, step = '', model = '', code = '']) => ({
    step,
    model: [...model.matchAll(/`([a-z-]+\.ts)`/g)].map(([, file = '']) => file),
    code,
  }),
);

describe('the table of steps', () => {
  it('has a row for each step of the model', () => {
    const steps = [...writerSteps, ...janitorSteps].filter((step) => /^[A-Z]\d[a-d]?$/.test(step));
    // Steps that are one with another here: the first look, the listing, the answer.
    const all = new Set([...steps, 'W1', 'W5', 'S1']);
    expect(rows.map(({ step }) => step).toSorted()).toEqual([...all].toSorted());
  });

  it.each(rows)('$step is where it says, in the model', ({ model }) => {
    expect(model.length).toBeGreaterThan(0);
    expect(model.filter((file) => !existsSync(join(import.meta.dirname, 'stage-commit', file)))).toEqual([]);
  });

  it.each(rows)('$step is where it says, in the code', ({ step, code }) => {
    const file = join(import.meta.dirname, '../src/store', code);
    expect(existsSync(file)).toBe(true);
    expect(readFileSync(file, 'utf8')).toMatch(new RegExp(String.raw`(//|\*).*\b${step}\b`));
  });
});
