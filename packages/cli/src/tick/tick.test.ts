import { describe, expect, test } from 'vitest';

import { APP, folderWith, type Outcome, runHere, runProgram, withoutProgress } from '../program.fixture.ts';

const tick = (words: readonly string[], files: Readonly<Record<string, string>> = {}): Promise<Outcome> =>
  runProgram(['tick', ...words], { folder: folderWith({ ...APP, ...files }) });

describe('wrong use', () => {
  test.each([
    [[], 'tick needs schedule.'],
    [['Nightli'], 'There is no schedule Nightli. Did you mean Nightly? There are: Nightly.'],
    [['Nightly', '--slot', 'soon'], '--slot takes a time, such as 2026-11-01T02:00:00Z, not "soon".'],
  ])('%j', async (words, message) => {
    const { status, stdout, stderr } = await runHere(['tick', ...words], { folder: folderWith(APP) });
    expect(stderr).toContain(`handlersmith tick: ${message}`);
    expect([status, stdout]).toEqual([2, '']);
  });

  test('a function with several schedules', async () => {
    const more = '        Hourly: { Type: Schedule, Properties: { Schedule: rate(1 hour) } }\n';
    const { status, stderr } = await tick(['Thumb'], { 'template.yaml': APP['template.yaml'] + more });
    expect(stderr).toContain('Thumb stands for several schedules. There are: ThumbNightly, ThumbHourly.');
    expect(status).toBe(2);
  });
});

test('C2 a function that throws is tried twice more, and the command fails', async () => {
  const source = "export const thumb = () => { throw new Error('no night'); };";
  const { status, stdout, stderr } = await tick(['Nightly', '--retry-delay', '10', '--no-logs'], {
    'handler.ts': source,
  });
  const tries = [...stderr.matchAll(/Thumb failed after [\d.]+ m?s, try (\d): Error: no night/g)];
  expect(tries.map(([, attempt]) => attempt)).toEqual(['1', '2', '3']);
  expect([status, stdout]).toEqual([1, '']);
});

test.each(['ThumbNightly', 'Thumb'])('C4 %s fires for the slot that is given', async (name) => {
  const { status, stdout, stderr } = await tick([name, '--slot', '2026-11-01T02:00:00Z']);
  expect(JSON.parse(stdout)).toMatchObject({ time: '2026-11-01T02:00:00Z' });
  expect(stderr).toContain('got ');
  expect(status).toBe(0);
});

test('--json tells all of it', async () => {
  const { status, stdout, stderr } = await tick(['Nightly', '--json']);
  expect(JSON.parse(stdout)).toMatchObject({
    function: 'Thumb',
    trigger: { type: 'schedule' },
    result: { ok: true },
  });
  expect([status, withoutProgress(stderr)]).toEqual([0, '']);
});
