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
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import {
  APP,
  folderWith,
  type Program,
  type ProgramOptions,
  runHere,
  runProgram,
  startProgram,
  withoutProgress,
} from '../program.fixture.ts';

const READY = 'Ctrl-C ends it.';

async function dev(
  words: readonly string[] = [],
  options: ProgramOptions = {},
): Promise<Program & { readonly folder: string }> {
  const folder = options.folder ?? folderWith(APP);
  const program = startProgram(['dev', ...words], { ...options, folder });
  await program.says(words.includes('--json') ? '"started"' : READY);
  return { ...program, folder };
}

const url = (program: Program): string => /http:\/\/\S+/.exec(program.stdout())?.[0] ?? '';

/** A port that somebody has. */
async function taken(): Promise<Server & { readonly port: number }> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number }; // it listens on TCP
  return Object.assign(server, { port });
}

/** Processes whose environment or command line names the folder: the functions of an app, and what serves it. */
function processesOf(folder: string, parent: number): string[] {
  const listed = execFileSync('ps', ['-eo', 'pid,ppid,args'], { encoding: 'utf8' }).split('\n');
  return listed.filter((line) => line.includes(folder) || line.trim().split(/\s+/)[1] === String(parent));
}

/** Runs one that cannot start, and expects a line and nothing left. */
async function expectFailure(words: readonly string[], folder: string, line: string | RegExp): Promise<void> {
  const { status, stdout, stderr } = await runProgram(['dev', ...words], { folder });
  expect(withoutProgress(stderr)).toMatch(line);
  expect([status, stdout]).toEqual([1, '']);
  expect(existsSync(join(folder, '.handlersmith'))).toBe(false);
}

describe('wrong use', () => {
  test.each([
    [['a', 'b'], 'dev takes template; "b" is too many.'],
    [['gone.yaml'], 'There is no gone.yaml.'],
    [['--port', '70000'], '--port takes a port, 1 to 65535, not "70000".'],
    [['--port', 'Api=80x'], '--port takes a port, 1 to 65535, not "80x".'],
    [['--port', 'Api=3000'], '--port: there is no gateway Api. There are: ServerlessHttpApi.'],
    [['--page-port', '0'], '--page-port takes a port, 1 to 65535, not "0".'],
    [['--no-page', '--open'], '--no-page leaves nothing to open'],
    [['--inspect', '--runtime-client'], '--inspect and --runtime-client do not go together.'],
    [['--retry-delay', 'soon'], '--retry-delay takes a whole number, not "soon".'],
  ])('%j', async (words, message) => {
    const folder = folderWith(APP);
    const { status, stdout, stderr } = await runHere(['dev', ...words], { folder });
    expect(stderr).toContain(`handlersmith dev: ${message}`);
    expect([status, stdout]).toEqual([2, '']);
    expect(readdirSync(folder).toSorted()).toEqual(Object.keys(APP).toSorted());
  });
});

describe('faults', () => {
  test('a template with errors: all of them, with their lines', async () => {
    const template = `${APP['template.yaml']}  A: { Type: AWS::SQS::Queue, Properties: { VisibilityTimeout: -1, DelaySeconds: 1000 } }\n`;
    const folder = folderWith({ ...APP, 'template.yaml': template });
    await expectFailure([], folder, /for 2 things:\ntemplate\.yaml:16: A: .*\ntemplate\.yaml:16: A: .*\n$/);
  });

  test('what is not played ends it where that is asked for', async () => {
    const template = `${APP['template.yaml']}  A: { Type: AWS::Athena::WorkGroup }\n`;
    const folder = folderWith({ ...APP, 'template.yaml': template });
    await expectFailure(['--unknown', 'stop'], folder, /for one thing:\ntemplate\.yaml:16: A: .*Athena/);
  });

  test('ports in use', async () => {
    const server = await taken();
    await expectFailure(
      ['--port', `${server.port}`],
      folderWith(APP),
      new RegExp(`127\\.0\\.0\\.1:${server.port}: .*EADDRINUSE`),
    );
    await expectFailure(
      ['--page-port', `${server.port}`],
      folderWith(APP),
      new RegExp(`${server.port}: .*EADDRINUSE`),
    );
    server.close();
  });

  test('a data folder that is a file', async () => {
    await expectFailure(['--folder', 'handler.ts'], folderWith(APP), /^handlersmith dev: .*handler\.ts/);
  });

  test('a disk that takes nothing more', async () => {
    // No file may grow: what a full disk does, for one process.
    const folder = folderWith(APP);
    const shell = `ulimit -f 0; exec "$0" --conditions=@handlersmith/source "$1" dev`;
    const main = join(import.meta.dirname, '../main.ts');
    const outcome = (() => {
      try {
        return execFileSync('sh', ['-c', shell, process.execPath, main], {
          cwd: folder,
          encoding: 'utf8',
          stdio: 'pipe',
        });
      } catch (error) {
        return error as { status: number; stderr: string }; // as execFileSync documents it
      }
    })();
    expect(outcome).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^handlersmith dev: Cannot write .*EFBIG/),
    });
    expect(existsSync(join(folder, '.handlersmith'))).toBe(false);
  });

  test('two of one folder, and two of one data folder', async () => {
    const first = await dev(['--folder', 'data']);
    const second = await runProgram(['dev'], { folder: first.folder });
    expect(second.stderr).toMatch(/is being played already at http:\/\/127\.0\.0\.1:\d+, by process \d+\./);
    expect(second.status).toBe(1);
    await expectFailure(
      ['--folder', join(first.folder, 'data')],
      folderWith(APP),
      /the data folder is in use by process \d+/,
    );
    expect((await fetch(`${url(first)}/x`)).status).toBe(200);
  });
});

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
