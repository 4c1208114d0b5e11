import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

import { describe, expect, it, vi } from 'vitest';

import { isRunning, play, TRACE } from './function.fixture.ts';

const pid = 'export const handler = async () => process.pid;';

describe('what a handler gets', () => {
  it('has the context of Lambda, with the time that is left', async () => {
    const played = await play(
      `export const handler = async (event: any, context: any) => {
        context.callbackWaitsForEmptyEventLoop = false;
        const left = context.getRemainingTimeInMillis();
        await new Promise((done) => setTimeout(done, 100));
        return { ...context, left, later: context.getRemainingTimeInMillis() };
      };`,
      {},
      { timeout: 7, memory: 1024 },
    );
    const result = await played.call({}, { requestId: 'abc', clientContext: '{"client":{"app":"shop"}}' });
    const context = JSON.parse(String(result.ok && result.payload)) as { left: number; later: number };
    expect(context).toMatchObject({
      awsRequestId: 'abc',
      functionName: 'orders-dev',
      functionVersion: '$LATEST',
      invokedFunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:orders-dev',
      memoryLimitInMB: '1024',
      logGroupName: '/aws/lambda/orders-dev',
      clientContext: { client: { app: 'shop' } },
    });
    expect(context).toHaveProperty(
      'logStreamName',
      expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/),
    );
    expect(context.left).toBeGreaterThan(6500);
    expect(context.left).toBeLessThanOrEqual(7000);
    expect(context.left - context.later).toBeGreaterThanOrEqual(99);
  });

  it('has the variables that are declared, those of Lambda, and none of whoever started it', async () => {
    vi.stubEnv('AWS_PROFILE', 'mine');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'mine');
    vi.stubEnv('SECRET_OF_MINE', 'mine');
    const played = await play(
      'export const handler = async () => process.env;',
      { environment: { AWS_ENDPOINT_URL_SQS: 'http://127.0.0.1:1', TABLE: 'given', AWS_PROFILE: 'given' } },
      { environment: { TABLE: 'declared', STAGE: 'dev' } },
    );
    const variables = (await played.answer()) as Record<string, string>;
    vi.unstubAllEnvs();
    expect(variables).toMatchObject({
      AWS_ENDPOINT_URL_SQS: 'http://127.0.0.1:1',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
      AWS_LAMBDA_FUNCTION_NAME: 'orders-dev',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/orders-dev',
      AWS_REGION: 'eu-west-1',
      AWS_SECRET_ACCESS_KEY: 'local',
      LAMBDA_TASK_ROOT: played.folder,
      PATH: process.env['PATH'],
      STAGE: 'dev',
      TABLE: 'given',
      TZ: ':UTC',
      _HANDLER: 'handler.handler',
      _X_AMZN_TRACE_ID: TRACE,
    });
    expect(variables).not.toHaveProperty('AWS_PROFILE');
    expect(variables).not.toHaveProperty('HOME');
    expect(Object.values(variables)).not.toContain('mine');
  });

  it('believes to be in its own folder, and finds the store of invocations', async () => {
    const played = await play(`
      const { awslambda } = globalThis as any;
      export const handler = async () => [
        process.cwd(), import.meta.dirname, import.meta.url, awslambda.InvokeStore.getRequestId(), awslambda.InvokeStore.getXRayTraceId(),
      ];`);
    const result = await played.call({}, { requestId: 'abc' });
    const { folder } = played;
    const url = pathToFileURL(join(folder, 'handler.mjs')).href;
    expect(JSON.parse(String(result.ok && result.payload))).toEqual([folder, folder, url, 'abc', TRACE]);
  });

  it('runs JavaScript as it lies there', async () => {
    const played = await play('export const handler = async () => import.meta.url;', {}, {}, 'handler.mjs');
    expect(await played.answer()).toBe(pathToFileURL(join(played.folder, 'handler.mjs')).href);
  });
});

describe('environments', () => {
  it('are used again, and say of the first invocation how long they took', async () => {
    const played = await play(pid);
    const first = await played.call();
    const second = await played.call();
    expect(first.initDuration).toBeGreaterThan(0);
    expect(first.memoryUsed).toBeGreaterThan(10);
    expect(second).not.toHaveProperty('initDuration');
    expect(second).toMatchObject({ ok: true, payload: first.ok && first.payload });
  });

  it('A1 serve one invocation at a time: as many as there are invocations, up to the bound', async () => {
    const played = await play(
      'export const handler = async () => { await new Promise((done) => setTimeout(done, 200)); return process.pid; };',
      { concurrency: 3 },
    );
    const pids = await Promise.all(Array.from({ length: 9 }, () => played.answer()));
    expect(pids).toHaveLength(9);
    expect(new Set(pids).size).toBe(3);
  });

  it('add one listener to our process, however many they are', async () => {
    const before = process.listenerCount('exit');
    const played = await play(
      'export const handler = async () => { await new Promise((done) => setTimeout(done, 200)); };',
    );
    await Promise.all([played.call(), played.call(), played.call()]);
    expect(process.listenerCount('exit')).toBe(before + 1);
    await played.function.close();
    expect(process.listenerCount('exit')).toBe(before);
  });

  it('refuse what is more than the reserved concurrency', async () => {
    const slow =
      'export const handler = async () => { await new Promise((done) => setTimeout(done, 300)); };';
    const played = await play(slow, {}, { reservedConcurrency: 2 });
    const results = await Promise.all([played.call(), played.call(), played.call()]);
    expect(results.map(({ ok }) => ok)).toEqual([true, true, false]);
    expect(results[2]).toMatchObject({
      reason: 'throttled',
      error: { errorType: 'TooManyRequestsException', errorMessage: 'Rate Exceeded.' },
    });
    expect(await played.call()).toMatchObject({ ok: true });
  });

  it('A3 are frozen between invocations: what is left over goes on in the next one', async () => {
    const source = `
      let ticks = 0;
      export const handler = async () => {
        if (ticks === 0) setInterval(() => { ticks += 1; console.log('tick'); }, 10);
        await new Promise((done) => setTimeout(done, 55));
        return ticks;
      };`;
    const played = await play(source);
    const first = Number(await played.answer());
    const before = played.lines.length;
    await later(400);
    expect(played.lines).toHaveLength(before);
    const second = Number(await played.answer());
    expect(first).toBeGreaterThan(0);
    expect(second - first).toBeLessThan(20);
    expect(played.lines.length).toBeGreaterThan(before);

    const running = await play(source, { freeze: false });
    await running.answer();
    await later(400);
    expect(Number(await running.answer())).toBeGreaterThan(20);
  });

  it('answer although a handle is open', async () => {
    const played = await play(`
      import { createServer } from 'node:net';
      export const handler = async () => { createServer().listen(0, '127.0.0.1'); setInterval(() => {}, 1000); return 'done'; };
    `);
    expect(await played.answer()).toBe('done');
  });
});

describe('the end of a function', () => {
  it('leaves nothing running: idle, busy, frozen, with children of their own', async () => {
    const played = await play(`
      import { spawn } from 'node:child_process';
      export const handler = async (event: { hang?: true }) => {
        const { pid } = spawn('sleep', ['60'], { stdio: 'inherit' });
        console.log(process.pid + ' ' + pid);
        if (event.hang) await new Promise(() => {});
      };`);
    await Promise.all([played.call(), played.call()]);
    const hanging = played.call({ hang: true }, { requestId: 'abc' });
    await vi.waitFor(() => expect(played.lines).toHaveLength(3));
    const pids = played.lines.flatMap((line) => line.split('\t').at(-1)?.split(' ').map(Number) ?? []);
    expect(pids).toHaveLength(6);
    expect(pids.filter(isRunning)).toEqual(pids);
    await played.function.close();
    // A process that was killed closes what it holds, by which we know of its end, a moment before the system lists it as ended.
    await vi.waitFor(() => expect(pids.filter(isRunning)).toEqual([]));
    expect(await hanging).toMatchObject({
      ok: false,
      reason: 'exit',
      error: { errorMessage: expect.stringContaining('abc') },
    });
    expect(await played.call()).toMatchObject({ ok: false, reason: 'exit' });
  });

  it('tells the function by SIGTERM, and gives it a moment', async () => {
    const played = await play(`
      import { appendFileSync } from 'node:fs';
      process.on('SIGTERM', async () => {
        await new Promise((done) => setTimeout(done, 50));
        appendFileSync('ended', 'pool closed');
        process.exit();
      });
      export const handler = async () => 1;`);
    await played.answer();
    await played.function.close();
    expect(await readFile(join(played.folder, 'ended'), 'utf8')).toBe('pool closed');
  });

  it('does not wait for a function that does not care', async () => {
    const played = await play(
      "process.on('SIGTERM', () => {}); export const handler = async () => process.pid;",
    );
    const started = Number(await played.answer());
    await played.function.close();
    expect(isRunning(started)).toBe(false);
  });

  it('comes with the end of whoever runs it, SIGKILL too, frozen or not', async () => {
    const played = await play(pid);
    await played.function.close();
    const runner = `
      import { startFunction } from ${JSON.stringify(new URL('./index.ts', import.meta.url).href)};
      const declared = ${JSON.stringify(played.function.declared)};
      for (const freeze of [true, false]) {
        const started = startFunction(declared, { watch: false, freeze });
        const { payload } = await started.invoke({ requestId: '${randomUUID()}', event: '{}', trace: '' });
        console.log(payload);
      }
      console.log('ready');`;
    const child = spawn(
      process.execPath,
      ['--conditions=@handlersmith/source', '--input-type=module-typescript', '--eval', runner],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    let output = '';
    child.stdout.on('data', (text: Buffer) => (output += text.toString()));
    await vi.waitFor(() => expect(output).toContain('ready'), { timeout: 20_000 });
    const pids = output.split('\n').slice(0, 2).map(Number);
    expect(pids.filter(isRunning)).toEqual(pids);
    child.kill('SIGKILL');
    await vi.waitFor(() => expect(pids.filter(isRunning)).toEqual([]), { timeout: 5000 });
  });

  it('is its own: two runners of one source do not know each other', async () => {
    const one = await play(pid);
    const other = await play(pid, {}, { folder: one.folder, source: join(one.folder, 'handler.ts') });
    const [first, second] = await Promise.all([one.answer(), other.answer()]);
    expect(first).not.toBe(second);
    await one.function.close();
    expect(await other.answer()).toBe(second);
  });
});
