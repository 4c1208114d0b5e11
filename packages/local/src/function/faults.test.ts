import { describe, expect, it } from 'vitest';

import { type Played, play } from './function.fixture.ts';
import type { FunctionOptions, FunctionResult } from './index.ts';

/** A handler of this body. */
const handler = (body: string): string =>
  `let count = 0;\nexport const handler = async (event: any, context: any) => { count += 1; ${body} };\n`;

/** A function that takes its time to start. */
const slowly = (seconds: number): string => `
  await new Promise((done) => setTimeout(done, ${seconds * 1000}));
  export const handler = async () => 'ready';
`;

/** The next invocation finds a new environment, whatever became of the last one. */
async function expectColdStart(played: Played): Promise<void> {
  const next = await played.call({ fine: true });
  expect(next).toMatchObject({ ok: true, payload: '1' });
  expect(next.initDuration).toBeGreaterThan(0);
}

const fine = 'if (event.fine) return count;';

describe('a handler that fails', () => {
  it('throws: the error with its type, message and a trace in the source', async () => {
    const played = await play(`
      class NotEnough extends Error { override name = 'NotEnough'; }
      export const handler = async (event: { fine?: true }) => {
        if (event.fine) return 1;
        const left: number = 3;
        throw new NotEnough(\`only \${left}\`);
      };
    `);
    const result = await played.call();
    expect(result).toMatchObject({
      ok: false,
      reason: 'error',
      error: { errorType: 'NotEnough', errorMessage: 'only 3' },
    });
    const { error } = result as FunctionResult & { ok: false };
    expect(error.trace[0]).toBe('NotEnough: only 3');
    expect(error.trace[1]).toContain(`${played.folder}/handler.ts:6:15`);
    expect(played.lines.join()).toMatch(/\tERROR\tInvoke Error\t\{"errorType":"NotEnough"/);
    // Such an environment is as good as before.
    expect(await played.call({ fine: true })).not.toHaveProperty('initDuration');
  });

  it('throws what is no error', async () => {
    const played = await play(handler('throw event.what;'));
    expect(await played.call({ what: 'late' })).toMatchObject({
      error: { errorType: 'string', errorMessage: 'late', trace: [] },
    });
    expect(await played.call({})).toMatchObject({
      error: { errorType: 'undefined', errorMessage: 'undefined' },
    });
  });

  it('hangs: killed at the timeout, in the words of Lambda', async () => {
    const played = await play(
      handler(`${fine} await new Promise((done) => setTimeout(done, 60_000));`),
      {},
      { timeout: 1 },
    );
    await played.call({ fine: true });
    const result = await played.call({}, { requestId: 'abc' });
    expect(result).toMatchObject({
      ok: false,
      reason: 'timeout',
      error: {
        errorType: 'Sandbox.Timedout',
        errorMessage: 'RequestId: abc Error: Task timed out after 1.00 seconds',
      },
    });
    expect(result.duration).toBeGreaterThan(990);
    expect(played.lines.at(-1)).toMatch(/^\d{4}-.*Z abc Task timed out after 1\.00 seconds$/);
    await expectColdStart(played);
  });

  it('never yields: killed at the timeout just the same', async () => {
    const played = await play(handler(`${fine} for (;;);`), {}, { timeout: 1 });
    expect(await played.call()).toMatchObject({ ok: false, reason: 'timeout' });
    await expectColdStart(played);
  });

  it.each([
    ['process.exit(3)', 'exit status 3'],
    ["process.kill(process.pid, 'SIGKILL'); await new Promise(() => {})", 'signal: killed'],
    ['process.abort()', 'signal: aborted', /JavaScript stack trace/],
    [
      "setTimeout(() => { throw new Error('late') }); await new Promise(() => {})",
      'exit status 1',
      /Error: late[^]*handler\.ts:2/,
    ],
    [
      "void Promise.reject(new Error('lost')); await new Promise(() => {})",
      'exit status 1',
      /Error: lost[^]*handler\.ts:2/,
    ],
  ])('ends the process: %s', async (body, reason, said = /^$/) => {
    const played = await play(handler(`${fine} ${body};`));
    expect(await played.call({}, { requestId: 'abc' })).toMatchObject({
      ok: false,
      reason: 'exit',
      error: {
        errorType: 'Runtime.ExitError',
        errorMessage: `RequestId: abc Error: Runtime exited with error: ${reason}`,
      },
    });
    expect(played.lines.join('\n')).toMatch(said);
    await expectColdStart(played);
  });

  it('ends the process as if all were well', async () => {
    const played = await play(handler(`${fine} process.exit(0);`));
    expect(await played.call()).toMatchObject({
      error: { errorMessage: expect.stringContaining('Runtime exited without providing a reason') },
    });
    await expectColdStart(played);
  });

  it('takes more memory than it declared', async () => {
    const played = await play(
      handler(
        `${fine} const kept = []; for (;;) { kept.push(Buffer.alloc(20_000_000, 1)); await new Promise((done) => setTimeout(done, 5)); }`,
      ),
      {},
      { memory: 256 },
    );
    const result = await played.call();
    expect(result).toMatchObject({
      reason: 'exit',
      error: { errorType: 'Runtime.ExitError', errorMessage: expect.stringContaining('signal: killed') },
    });
    expect(result.memoryUsed).toBeGreaterThan(256);
    await expectColdStart(played);
  });
});

describe('an answer that is none', () => {
  it.each(['const a: any = {}; a.a = a; return a;', 'return 1n;', 'return () => {};'])('%s', async (body) => {
    const played = await play(handler(body));
    expect(await played.call()).toMatchObject({
      ok: false,
      reason: 'error',
      error: { errorType: 'Runtime.JSONStringifyError', errorMessage: 'Unable to stringify response body' },
    });
  });

  it('is null where the handler returns nothing', async () => {
    const played = await play(handler(''));
    expect(await played.call()).toMatchObject({ ok: true, payload: 'null' });
  });

  it('H19 is larger than 6 MB: the error of Lambda, and the environment lives on', async () => {
    const played = await play(handler(`${fine} return 'ä'.repeat(event.half);`));
    expect(await played.call({ half: 3_145_777 })).toMatchObject({ ok: true });
    expect(await played.call({ half: 3_145_778 })).toMatchObject({
      ok: false,
      reason: 'too-large',
      error: {
        errorType: 'Function.ResponseSizeTooLarge',
        errorMessage: 'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
      },
    });
    expect(await played.call({ fine: true })).toMatchObject({ ok: true, payload: '3' });
  });
});

describe('a function that cannot start', () => {
  it.each([
    ['throws', "throw new TypeError('no table');", 'TypeError', /^no table$/],
    [
      'misses an export',
      'export const other = 1;',
      'Runtime.HandlerNotFound',
      /^handler\.handler is undefined or not exported$/,
    ],
    [
      'exports something else',
      'export const handler = 1;',
      'Runtime.HandlerNotFound',
      /^handler\.handler is not a function$/,
    ],
    ['misses a module', "import './gone.ts';", 'Runtime.ImportModuleError', /gone\.ts.*handler\.ts:1:8/],
    [
      'misses a module at run time',
      "const name = 'gone'; await import(name);",
      'Runtime.ImportModuleError',
      /Cannot find package 'gone'/,
    ],
    [
      'has a syntax error',
      'export const handler = async ( => 1;\n',
      'Runtime.UserCodeSyntaxError',
      /handler\.ts:1:32/,
    ],
    [
      'takes a callback',
      'export const handler = (event: any, context: any, callback: any) => callback(null, 1);',
      'Runtime.CallbackHandlerDeprecated',
      /takes a callback/,
    ],
    [
      'exits',
      'process.exit(7);',
      'Runtime.ExitError',
      /^RequestId: abc Error: Runtime exited with error: exit status 7$/,
    ],
  ])('%s', async (_what, source, errorType, errorMessage) => {
    const played = await play(source);
    const result = await played.call({}, { requestId: 'abc' });
    expect(result).toMatchObject({
      ok: false,
      reason: 'init',
      error: { errorType, errorMessage: expect.stringMatching(errorMessage) },
    });
    // And again: nobody waits for ever.
    expect(await played.call()).toMatchObject({ ok: false, reason: 'init' });
  });

  it('is not there at all', async () => {
    const played = await play('', {}, { source: '/nowhere/handler.ts', folder: '/nowhere' });
    expect(await played.call()).toMatchObject({
      reason: 'init',
      error: {
        errorType: 'Runtime.ImportModuleError',
        errorMessage: expect.stringContaining('/nowhere/handler.ts'),
      },
    });
  });

  const brief: FunctionOptions = { initTimeout: 400 };

  it('takes longer than the init phase: once more, within the timeout', async () => {
    const played = await play(slowly(1), brief, { timeout: 10 });
    const result = await played.call();
    expect(result).toMatchObject({ ok: true, payload: '"ready"' });
    expect(result.duration).toBeGreaterThan(1000);
    expect(played.lines.join()).toMatch(
      /INIT_REPORT Init Duration: 4\d\d\.\d\d ms\tPhase: init\tStatus: timeout/,
    );
  });

  it('takes longer than the timeout too', async () => {
    const played = await play(slowly(20), brief, { timeout: 1 });
    const result = await played.call();
    expect(result).toMatchObject({ reason: 'timeout', error: { errorType: 'Sandbox.Timedout' } });
    expect(result.duration).toBeGreaterThan(990);
    expect(result.duration).toBeLessThan(5000);
    expect(played.lines[0]).toContain('Phase: init');
    expect(played.lines[1]).toContain('Phase: invoke');
    expect(played.lines[2]).toContain('Task timed out after 1.00 seconds');
  });
});
