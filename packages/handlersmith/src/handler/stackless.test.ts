import { execFileSync } from 'node:child_process';

import { afterEach, expect, it } from 'vitest';

import { withoutStack } from './stackless.ts';

const { stackTraceLimit } = Error;
afterEach(() => {
  Error.stackTraceLimit = stackTraceLimit;
});

it('passes on what is thrown and gives the limit back', () => {
  Error.stackTraceLimit = 17;
  const thrown = new Error('no');
  const act = (): never =>
    withoutStack(() => {
      throw thrown;
    });
  expect(act).toThrow(thrown);
  expect(Error.stackTraceLimit).toBe(17);
});

it('makes errors without a stack, and stacks again afterwards', () => {
  const error = withoutStack(() => new Error('refused'));
  expect(error.stack).toBe('Error: refused');
  expect(new Error('fault').stack).toContain('stackless.test.ts');
});

it('nests', () => {
  Error.stackTraceLimit = 5;
  withoutStack(() => withoutStack(() => {}));
  expect(Error.stackTraceLimit).toBe(5);
});

it('works where the intrinsics are frozen', () => {
  const source = new URL('stackless.ts', import.meta.url).href;
  const script = `
    const { withoutStack } = await import(${JSON.stringify(source)});
    const made = withoutStack(() => new Error('refused'));
    process.stdout.write(made.message);`;
  const output = execFileSync(
    process.execPath,
    ['--frozen-intrinsics', '--input-type=module', '--eval', script],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  expect(output).toBe('refused');
});
