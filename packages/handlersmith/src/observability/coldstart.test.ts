import { spawnSync } from 'node:child_process';

import { expect, test, vi } from 'vitest';

// processes take their time to start on a busy machine
vi.setConfig({ testTimeout: 30_000 });

/** Runs a piece of code as the first thing in an environment of its own, and gives back what it printed as JSON. */
function inFreshEnvironment(type: string | undefined, code: string): unknown {
  const source = `
    import { isColdStart } from ${JSON.stringify(import.meta.resolve('./coldstart.ts'))};
    import { createLineWriter } from ${JSON.stringify(import.meta.resolve('./line.ts'))};
    import { adaptLogger } from ${JSON.stringify(import.meta.resolve('./logger.ts'))};
    import { createLogger } from ${JSON.stringify(import.meta.resolve('./powertools.ts'))};
    const lines = [];
    const stdout = process.stdout.write.bind(process.stdout);
    process.stdout.write = (text) => { lines.push(JSON.parse(text)); return true; };
    const first = { awsRequestId: '1' }, second = { awsRequestId: '2' };
    const answer = await (async () => { ${code} })();
    stdout(JSON.stringify(answer));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', source], {
    env: type === undefined ? {} : { AWS_LAMBDA_INITIALIZATION_TYPE: type },
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

const thrice =
  'return [isColdStart(first), isColdStart(first), isColdStart(second), isColdStart(first), isColdStart(second)]';

test.each([
  ['on-demand', [true, true, false, true, false]],
  [undefined, [true, true, false, true, false]],
  ['provisioned-concurrency', [false, false, false, false, false]],
  ['snap-start', [false, false, false, false, false]],
])('O1 only the first invocation of an environment is cold: %s', (type, expected) => {
  expect(inFreshEnvironment(type, thrice)).toEqual(expected);
});

test('O1 invocations without a context count too', () => {
  expect(
    inFreshEnvironment(
      'on-demand',
      'return [isColdStart(undefined), isColdStart(undefined), isColdStart(first)]',
    ),
  ).toEqual([true, false, false]);
});

test('O1 two handlers in one environment have one cold start', () => {
  const code = `
    createLineWriter().bind(first, {}).info('a');
    createLineWriter().bind(second, {}).info('b');
    return lines.map((line) => line.cold_start);`;
  expect(inFreshEnvironment('on-demand', code)).toEqual([true, false]);
});

test('O1 the first invocation stays cold while a second one overlaps it', () => {
  const code = `
    const writer = createLineWriter();
    const logger = writer.bind(first, {});
    writer.bind(second, {}).info('b');
    logger.info('a');
    writer.bind(first, {}).info('c');
    return lines.map((line) => line.cold_start);`;
  expect(inFreshEnvironment('on-demand', code)).toEqual([false, true, true]);
});

test('hazard: a child of a warm logger does not say cold_start true', () => {
  const code = `
    const logger = createLogger();
    const bound = [logger.bind(first, {}), logger.bind(second, {})];
    for (const each of bound) { each.info('parent'); each.child({ a: 1 }).info('child'); }
    logger.addContext(second);
    logger.createChild().info('powertools child');
    return lines.map((line) => line.cold_start);`;
  expect(inFreshEnvironment('on-demand', code)).toEqual([true, true, false, false, false]);
});

test('hazard: the child Powertools makes of a cold logger is cold', () => {
  const code = `
    const logger = createLogger();
    logger.addContext(first);
    logger.info('parent');
    logger.createChild().info('child');
    return lines.map((line) => line.cold_start);`;
  expect(inFreshEnvironment('on-demand', code)).toEqual([true, true]);
});
