import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { APP, folderWith, type Outcome, runHere, runProgram, withoutProgress } from '../program.fixture.ts';

const folder = (more: Readonly<Record<string, string>> = {}): string => folderWith({ ...APP, ...more });
const invoke = (words: readonly string[], where = folder(), input?: string): Promise<Outcome> =>
  runProgram(['invoke', ...words], { folder: where, ...(input !== undefined && { input }) });

describe('wrong use', () => {
  test.each([
    [[], 'invoke needs function.'],
    [['Thum'], 'There is no function Thum. Did you mean Thumb? There are: Thumb.'],
    [['Thumb', '{'], 'the event is no JSON: '],
    [['Thumb', 'gone.json'], 'there is no file gone.json, and as an event it is no JSON: '],
    [['Thumb', 'handler.ts'], 'handler.ts is no JSON: '],
    [['Thumb', '.'], 'The event: EISDIR'],
    [['Thumb', '-'], 'standard input is no JSON: '],
    [['Thumb', '--template', 'gone.yaml'], 'There is no gone.yaml.'],
    [['Thumb', '--parameter', 'Stage'], '--parameter takes name=value, not "Stage".'],
    [['Thumb', '--env-file', '.'], '--env-file: EISDIR'],
    [['Thumb', '--unknown', 'ask'], '--unknown takes stop or go-on, not "ask".'],
  ])('%j', async (words, message) => {
    const { status, stdout, stderr } = await runHere(['invoke', ...words], { folder: folder() });
    expect(stderr).toContain(`handlersmith invoke: ${message}`);
    expect([status, stdout]).toEqual([2, '']);
  });
});

test('an --env-file that is not there is refused by Node.js itself, before we are asked', async () => {
  const { status, stdout, stderr } = await invoke(['Thumb', '--env-file', 'gone']);
  expect(stderr).toContain('gone: not found');
  expect([status, stdout]).toEqual([9, '']);
});

test('a template with errors: all of them, with their lines', async () => {
  const template = `Transform: AWS::Serverless-2016-10-31
Resources:
  A: { Type: AWS::SQS::Queue, Properties: { VisibilityTimeout: -1 } }
  B: { Type: AWS::SQS::Queue, Properties: { RedrivePolicy: { deadLetterTargetArn: !GetAtt No.Arn } } }
`;
  const { status, stdout, stderr } = await invoke(['A'], folder({ 'template.yaml': template }));
  expect(withoutProgress(stderr)).toMatch(
    /^handlersmith invoke: The template cannot be played, for \d things:\ntemplate\.yaml:3: A: /,
  );
  expect(stderr).toMatch(/\ntemplate\.yaml:4: .*No/);
  expect([status, stdout]).toEqual([1, '']);
});

test('a function that throws exits with 1 and says where', async () => {
  const { status, stdout, stderr } = await invoke(['Thumb', '{"fail":1}', '--no-logs']);
  expect(withoutProgress(stderr)).toMatch(
    /^Thumb failed after [\d.]+ m?s: TypeError: no picture\n {4}at .*handler\.ts:4:\d+\)?\n$/,
  );
  expect([status, stdout]).toEqual([1, '']);
});

test('a source with a fault exits with 1 and says where', async () => {
  const { status, stderr } = await invoke(['Thumb'], folder({ 'handler.ts': '\nexport const thumb = ;' }));
  expect(stderr).toMatch(/^Thumb could not be loaded after .*handler\.ts:2:/m);
  expect(status).toBe(1);
});

test('S1 an event from the other command: the answer on standard output, the log on standard error', async () => {
  const event = await runProgram(['event', 's3', '--set', 'key=a b.jpg']);
  const { status, stdout, stderr } = await invoke(['Thumb', '-'], undefined, event.stdout);
  expect(JSON.parse(stdout)).toEqual({ key: 'a+b.jpg', stage: 'none' });
  expect(stderr).toContain('got 1');
  expect(status).toBe(0);
});

test('--json tells all of it, and nothing else is written', async () => {
  const words = [
    'Thumb',
    'event.json',
    '--json',
    '--parameter',
    'Stage=dev',
    '--env-file',
    '.env',
    '--env',
    'MORE=1',
  ];
  const files = { 'event.json': '{"time":"now"}', '.env': 'MORE=0\nSTAGE=env' };
  const { status, stdout, stderr } = await invoke(words, folder(files));
  const { payload, ...result } = JSON.parse(stdout) as { payload: string };
  expect(JSON.parse(payload)).toEqual({ time: 'now', stage: 'env', more: '1' });
  expect(result).toMatchObject({ ok: true, requestId: expect.any(String), initDuration: expect.any(Number) });
  expect([status, withoutProgress(stderr)]).toEqual([0, '']);
});

test("a file of a dev that is gone, its process number another program's: the template is played", async () => {
  const where = folder();
  const { port, close } = await closedPort();
  await close();
  mkdirSync(join(where, '.handlersmith'));
  const state = { pid: process.pid, template: join(where, 'template.yaml'), token: 'x' };
  writeFileSync(
    join(where, '.handlersmith/dev.json'),
    JSON.stringify({ ...state, endpoint: `http://127.0.0.1:${port}` }),
  );
  const { status, stdout } = await invoke(['Thumb'], where);
  expect([status, JSON.parse(stdout)]).toEqual([0, { stage: 'none' }]);
});

function closedPort(): Promise<{ port: number; close: () => Promise<void> }> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }; // it listens on TCP
      resolve({ port, close: () => new Promise((done) => void server.close(() => done())) });
    });
  });
}
