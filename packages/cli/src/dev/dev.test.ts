import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { APP, folderWith, type Program, runProgram, startProgram } from '../program.fixture.ts';
import { dev, taken, url } from './dev.fixture.ts';

/** Processes whose environment or command line names the folder: the functions of an app, and what serves it. */
function processesOf(folder: string, parent: number): string[] {
  const listed = execFileSync('ps', ['-eo', 'pid,ppid,args'], { encoding: 'utf8' }).split('\n');
  return listed.filter((line) => line.includes(folder) || line.trim().split(/\s+/)[1] === String(parent));
}

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s ends it, and leaves no process and no file',
  async (signal) => {
    const { child, ended, folder, stdout } = await dev(['--folder', '.handlersmith/data', '--logs']);
    expect(await (await fetch(`${url({ stdout } as Program)}/x`)).text()).toBe('here');
    expect(processesOf(folder, child.pid ?? 0).length).toBeGreaterThan(0);
    expect(statSync(join(folder, '.handlersmith/dev.json')).mode & 0o777).toBe(0o600);
    child.kill(signal);
    expect((await ended).status).toBe(0);
    expect(processesOf(folder, child.pid ?? 0)).toEqual([]);
    expect(existsSync(join(folder, '.handlersmith/dev.json'))).toBe(false);
    expect(existsSync(join(folder, '.handlersmith/data'))).toBe(true);
  },
);

test('Ctrl-C while it starts ends it too', async () => {
  const folder = folderWith(APP);
  const early = startProgram(['dev'], { folder });
  while (!existsSync(join(folder, '.handlersmith/dev.json')))
    await new Promise((done) => setTimeout(done, 5)); // oxlint-disable-line no-await-in-loop -- looking again is the point
  early.child.kill('SIGINT');
  expect((await early.ended).status).toBe(0);
  expect(readdirSync(folder).toSorted()).toEqual(Object.keys(APP).toSorted());
});

test('a second Ctrl-C does not wait for functions that take their time', async () => {
  const slow = "process.on('SIGTERM', () => setTimeout(() => process.exit(), 450));";
  const folder = folderWith({ ...APP, 'handler.ts': `${slow}\n${APP['handler.ts']}` });
  const program = await dev([], { folder });
  await fetch(`${url(program)}/x`);
  program.child.kill('SIGINT');
  await program.says('Ctrl-C again does not wait.');
  program.child.kill('SIGINT');
  expect((await program.ended).status).toBe(130);
  await expect.poll(() => processesOf(folder, program.child.pid ?? 0)).toEqual([]);
  expect(existsSync(join(folder, '.handlersmith'))).toBe(false);
});

test('tells what is played, and each invocation in a line', async () => {
  const { child, ended, says, stdout, folder } = await dev(['--logs']);
  expect(stdout()).toMatch(/ from template\.yaml, started in /);
  expect(stdout()).toMatch(/ServerlessHttpApi {2}http:\/\/127\.0\.0\.1:\d+\n/);
  expect(stdout()).toMatch(/Thumb {2}handler\.ts, thumb\n {9}GET \/x of ServerlessHttpApi\n/);
  expect(stdout()).toMatch(/Nightly: cron\(0 2 \* \* \? \*\), next at \d{4}-\d\d-\d\dT02:00:00Z/);
  await fetch(`${url({ stdout } as Program)}/x`);
  await says(/Thumb {2}GET \/x {2}\d+ ms {2}cold \d+ ms {2}200\n/);
  await says(/Thumb \| .*got \d/);

  // Other commands find it.
  const [invoked, failed, ticked] = await Promise.all([
    runProgram(['invoke', 'Thumb', '{"time":"t"}'], { folder }),
    runProgram(['invoke', 'Thumb', '{"fail":1}'], { folder }),
    runProgram(['tick', 'Nightly', '--slot', '2026-11-01T02:00:00Z'], { folder }),
  ]);
  expect([invoked.status, JSON.parse(invoked.stdout)]).toEqual([0, { time: 't', stage: 'none' }]);
  expect(invoked.stderr).toContain('got 1');
  expect([failed.status, failed.stdout]).toEqual([1, '']);
  expect(failed.stderr).toMatch(/^Thumb failed after \d+ ms: TypeError: no picture\n {4}at .*handler\.ts:4/m);
  expect([ticked.status, JSON.parse(ticked.stdout)]).toMatchObject([0, { time: '2026-11-01T02:00:00Z' }]);
  await says(/Thumb {2}by hand {2}\d+ ms.* failed\n {10}TypeError: no picture\n {14}at .*handler\.ts:4/);
  await says(/Thumb {2}\S+ThumbNightly at 2026-11-01T02:00:00\.000Z/);

  // A source that is saved is loaded again.
  writeFileSync(join(folder, 'handler.ts'), "export const thumb = () => ({ statusCode: 201, body: 'new' });");
  await says('source reloaded');
  expect((await fetch(`${url({ stdout } as Program)}/x`)).status).toBe(201);
  expect(stdout()).not.toContain('\u001B');
  child.kill('SIGINT');
  await ended;
});

test('--json: lines of JSON alone', async () => {
  const { child, ended, folder, stdout } = await dev(['--json', '--no-watch', '--parameter', 'Stage=dev']);
  const [started = '{}'] = stdout().split('\n');
  const { urls, page, environment } = JSON.parse(started) as {
    urls: Record<string, string>;
    page: string;
    environment: Record<string, string>;
  };
  expect(environment['AWS_ENDPOINT_URL_S3']).toMatch(/^http:\/\/127\.0\.0\.1:/);
  expect((await fetch(page, { redirect: 'manual' })).status).toBe(303);
  await fetch(`${urls['ServerlessHttpApi']}/x`);
  expect(JSON.parse((await runProgram(['invoke', 'Thumb'], { folder })).stdout)).toEqual({ stage: 'dev' });
  child.kill('SIGINT');
  await ended;
  const lines = stdout()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string });
  expect(lines.map(({ type }) => type)).toEqual(['started', 'invocation', 'invocation']);
  expect(lines[1]).toMatchObject({ function: 'Thumb', trigger: { summary: 'GET /x' }, result: { ok: true } });
});

test('--no-page: nothing to ask, and invoke plays the template itself', async () => {
  const { child, ended, folder, stdout } = await dev(['--no-page', '--parameter', 'Stage=dev']);
  expect(stdout()).not.toContain('token');
  expect(JSON.parse(readFileSync(join(folder, '.handlersmith/dev.json'), 'utf8'))).not.toHaveProperty(
    'token',
  );
  expect(JSON.parse((await runProgram(['invoke', 'Thumb'], { folder })).stdout)).toEqual({ stage: 'none' });
  child.kill('SIGINT');
  await ended;
});

test('a port that is asked for, --open (on Linux and macOS), and a data folder that keeps what was there', async () => {
  const server = await taken();
  const { port } = server;
  await new Promise((done) => void server.close(done));
  const folder = folderWith(APP);
  mkdirSync(join(folder, 'bin'));
  for (const name of ['xdg-open', 'open']) {
    writeFileSync(join(folder, 'bin', name), `#!/bin/sh\necho "$1" > ${folder}/opened\n`);
    chmodSync(join(folder, 'bin', name), 0o755);
  }
  const environment = { PATH: `${join(folder, 'bin')}:${process.env['PATH']}` };
  const first = await dev(['--port', `${port}`, '--folder', 'data', '--open'], { folder, environment });
  expect(url(first)).toBe(`http://127.0.0.1:${port}`);
  await expect.poll(() => existsSync(join(folder, 'opened'))).toBe(true);
  expect(first.stdout()).toContain(readFileSync(join(folder, 'opened'), 'utf8').trim());
  first.child.kill('SIGINT');
  await first.ended;
  const second = await dev(['--folder', 'data'], { folder });
  expect(second.stdout()).toContain(`data     ${join(folder, 'data')}`);
});
