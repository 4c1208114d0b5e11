import { spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, test, vi } from 'vitest';

// processes take their time to start on a busy machine
vi.setConfig({ testTimeout: 30_000 });

const ROOT = '1-5759e988-bd862e3fe1be46a994272793';
const PARENT = '53995c3f42cd8ad8';
const HEADER = `Root=${ROOT};Parent=${PARENT};Sampled=1`;

/** What Lambda sets, as far as tracing looks. */
const LAMBDA = {
  LAMBDA_TASK_ROOT: '/var/task',
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  AWS_LAMBDA_FUNCTION_NAME: 'shop',
  _X_AMZN_TRACE_ID: HEADER,
};

interface Document {
  id: string;
  name: string;
  parent_id: string;
  trace_id: string;
  start_time: number;
  end_time?: number;
  in_progress?: boolean;
  namespace?: string;
  fault?: boolean;
  annotations?: Record<string, unknown>;
  metadata?: Record<string, Record<string, unknown>>;
  cause?: { exceptions: { message: string; type: string; stack: unknown[] }[] };
}

interface Played {
  readonly documents: Document[];
  readonly answer: unknown;
  readonly errors: string;
}

/** The environment a handler runs in: prints `answer`, then ends as abruptly as Lambda freezes. */
const around = (code: string): string => `
  import { xrayTracer } from ${JSON.stringify(import.meta.resolve('./xray.ts'))};
  const info = (more) => ({ name: 'shop', context: {}, coldStart: true, trigger: 'http', ...more });
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const answer = await (async () => { ${code} })();
  process.stdout.write(JSON.stringify(answer ?? null), () => process.exit(0));`;

/** Runs code in a process like Lambda's, beside a socket that plays the X-Ray daemon. */
async function play(code: string, environment: Record<string, string> = LAMBDA): Promise<Played> {
  const daemon = createSocket('udp4');
  const documents: Document[] = [];
  daemon.on('message', (message) => {
    const [header, document] = message.toString().split('\n');
    expect(header).toBe('{"format":"json","version":1}');
    documents.push(JSON.parse(document ?? '') as Document);
  });
  await new Promise<void>((resolve) => {
    daemon.bind(0, '127.0.0.1', resolve);
  });
  const child = spawn(process.execPath, ['--input-type=module', '--eval', around(code)], {
    cwd: import.meta.dirname,
    env: { AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${daemon.address().port}`, ...environment },
  });
  let answer = '';
  let errors = '';
  child.stdout.on('data', (data) => (answer += String(data)));
  child.stderr.on('data', (data) => (errors += String(data)));
  await once(child, 'close');
  // what the child has sent lies in the socket's buffer; one turn takes it out
  await new Promise((resolve) => setTimeout(resolve, 20));
  daemon.close();
  return { documents, answer: answer === '' ? undefined : (JSON.parse(answer) as unknown), errors };
}

const named = (documents: Document[], name: string): Document => {
  const found = documents.filter((document) => document.name === name);
  expect(found).toHaveLength(1);
  return found[0] as Document;
};

describe('O4 tracing off costs nothing', () => {
  const loads = `
    const before = new Set(process.moduleLoadList);
    const tracer = xrayTracer(OPTIONS);
    const seen = await tracer.invocation(info(), async (t) => [t.traceId ?? null, t.span('x', () => 7)]);
    return { seen, loaded: process.moduleLoadList.filter((name) => !before.has(name)) };`;

  test.each([
    ['outside Lambda', {}, '{}'],
    ['by option', LAMBDA, '{ enabled: false }'],
    ['by POWERTOOLS_TRACE_ENABLED', { ...LAMBDA, POWERTOOLS_TRACE_ENABLED: 'False' }, '{}'],
    ['under SAM local', { ...LAMBDA, AWS_SAM_LOCAL: 'true' }, '{}'],
    ['under the Amplify mock', { ...LAMBDA, AWS_EXECUTION_ENV: 'AWS_Lambda_amplify-mock' }, '{}'],
  ])('and loads nothing: %s', async (_name, environment, options) => {
    const { answer, documents, errors } = await play(loads.replace('OPTIONS', options), environment);
    expect(answer).toEqual({ seen: [null, 7], loaded: [] });
    expect(documents).toEqual([]);
    expect(errors).toBe('');
  });

  test('while on, by default in Lambda, it does load the SDK', async () => {
    const { answer, documents } = await play(loads.replace('OPTIONS', '{}'));
    expect(answer).toMatchObject({ seen: [ROOT, 7], loaded: expect.arrayContaining(['NativeModule dgram']) });
    expect(documents).not.toEqual([]);
  });
});

describe('O4 an invocation in the trace', () => {
  test('hangs below Lambda’s segment, with what to search by', async () => {
    const { documents, answer, errors } = await play(`
      const tracer = xrayTracer();
      return tracer.invocation(info({ correlationId: 'c-1' }), async (t) => {
        t.annotate('order-id', 'o-1');
        t.metadata('cart', { items: 2, token: 's3cret' });
        return { id: t.traceId, secret: 'in the answer' };
      });`);
    expect(errors).toBe('');
    expect(answer).toEqual({ id: ROOT, secret: 'in the answer' });
    expect(documents).toHaveLength(1);
    expect(documents[0]).toMatchObject({
      name: '## shop',
      trace_id: ROOT,
      parent_id: PARENT,
      type: 'subsegment',
      annotations: {
        ColdStart: true,
        Service: 'shop',
        trigger: 'http',
        correlation_id: 'c-1',
        order_id: 'o-1',
      },
      metadata: { shop: { cart: { items: 2, token: '[redacted]' } } },
    });
    expect(documents[0]?.end_time).toBeGreaterThanOrEqual(documents[0]?.start_time ?? Infinity);
    expect(documents[0]).not.toHaveProperty('in_progress');
  });

  test('hazard: answers are not captured unless asked', async () => {
    const run = `.invocation(info(), async () => ({ price: 'in the answer' }));`;
    expect(JSON.stringify((await play(`await xrayTracer()${run}`)).documents)).not.toContain('in the answer');
    const { documents } = await play(`await xrayTracer({ captureResponses: true, service: 'pay' })${run}`);
    expect(documents[0]?.metadata).toEqual({ pay: { 'shop response': { price: 'in the answer' } } });
    expect(documents[0]?.annotations).toMatchObject({ Service: 'pay' });
  });

  test('hazard: a large answer loses itself, not the subsegment', async () => {
    const { documents } = await play(`
      const tracer = xrayTracer({ captureResponses: true });
      await tracer.invocation(info({ name: 'text' }), async () => 'x'.repeat(100_000));
      await tracer.invocation(info({ name: 'list' }), async () => Array.from({ length: 190 }, () => 'é'.repeat(500)));
      await tracer.invocation(info({ name: 'many' }), async (t) => {
        for (let index = 0; index < 500; index++) t.metadata('m' + index, 'x'.repeat(1000));
        for (let index = 0; index < 500; index++) t.annotate('a' + index, 'x'.repeat(2000));
        for (let index = 0; index < 500; index++) t.error(new Error('x'.repeat(2000)));
      });`);
    expect(documents.map((document) => document.name).toSorted()).toEqual(['## list', '## many', '## text']);
    expect(JSON.stringify(named(documents, '## text').metadata)).toContain('more characters]');
    expect(JSON.stringify(named(documents, '## list').metadata)).toContain('bytes: too large for a trace]');
    expect(named(documents, '## many')).toMatchObject({
      fault: true,
      metadata: { many: { m0: 'x'.repeat(1000) } },
    });
  });

  test('values no trace can hold do not reach the handler', async () => {
    const { documents, answer, errors } = await play(`
      const cycle = {}; cycle.self = cycle;
      const { proxy, revoke } = Proxy.revocable({}, {}); revoke();
      return xrayTracer().invocation(info({ name: 'a\\u0000b|c' }), async (t) => {
        for (const [index, value] of [cycle, 1n, { toJSON() { throw 1; } }, proxy, undefined, Symbol('s'), () => 1].entries()) {
          t.metadata('m' + index, value);
          t.annotate('a' + index, value);
          t.error(value);
          t.span('', (span) => span.metadata('__proto__', value));
        }
        t.annotate('nan', NaN);
        t.annotate('password', 's3cret');
        return 'fine';
      });`);
    expect(errors).toBe('');
    expect(answer).toBe('fine');
    const main = named(documents, '## a_b_c');
    expect(main.metadata).toMatchObject({
      'a\u0000b|c': { m0: { self: '[circular]' }, m1: '1', m2: '[unreadable]', m3: '[unreadable]' },
    });
    expect(main.annotations).toMatchObject({ password: '[redacted]' });
    expect(main.annotations).not.toHaveProperty('nan');
    expect(documents.filter((document) => document.name === 'span')).toHaveLength(7);
  });
});

describe('O4 spans', () => {
  test('nest, end when their work ends, and give back what it gave', async () => {
    const { documents, answer } = await play(`
      return xrayTracer().invocation(info(), async (t) => {
        const sum = t.span('sync', () => 1) + (await t.span('outer', async (span) => {
          span.annotate('n', 1);
          await pause(20);
          return t.span('inner', async () => { await pause(5); return 2; });
        }));
        const [a, b] = await Promise.all([t.span('left', () => pause(5)), t.span('right', () => pause(1))]);
        return sum;
      });`);
    expect(answer).toBe(3);
    const main = named(documents, '## shop');
    const outer = named(documents, 'outer');
    expect(named(documents, 'inner').parent_id).toBe(outer.id);
    for (const name of ['sync', 'outer', 'left', 'right'])
      expect(named(documents, name).parent_id).toBe(main.id);
    expect((outer.end_time ?? 0) - outer.start_time).toBeGreaterThanOrEqual(0.02);
    expect(outer.annotations).toEqual({ n: 1 });
    expect(new Set(documents.map((document) => document.trace_id))).toEqual(new Set([ROOT]));
  });

  test('keep errors of any kind, and throw the very same on', async () => {
    const { documents, answer } = await play(`
      const tracer = xrayTracer();
      const thrown = [new TypeError('bad'), Object.freeze(new Error('frozen')), 'a text', undefined, null, 42];
      const same = [];
      for (const [index, error] of thrown.entries()) {
        await tracer.invocation(info({ name: 'i' + index }), async (t) => {
          try { await t.span('async' + index, async () => { await pause(0); throw error; }); } catch (caught) { same.push(caught === error); }
          try { t.span('sync' + index, () => { throw error; }); } catch (caught) { same.push(caught === error); }
          throw error;
        }).catch((caught) => same.push(caught === error));
      }
      return same;`);
    expect(answer).toEqual(Array.from({ length: 18 }, () => true));
    expect(documents).toHaveLength(18);
    expect(documents.every((document) => document.fault === true && document.end_time !== undefined)).toBe(
      true,
    );
    expect(named(documents, '## i0').cause?.exceptions[0]).toMatchObject({
      message: 'bad',
      type: 'TypeError',
    });
    expect(named(documents, 'sync2').cause?.exceptions[0]).toMatchObject({ message: 'a text' });
  });

  test('errors are only flagged where the team wants that', async () => {
    const fail = `.invocation(info(), async () => { throw new Error('private'); }).catch(() => {});`;
    const byOption = await play(`await xrayTracer({ captureErrors: false })${fail}`);
    const byVariable = await play(`await xrayTracer()${fail}`, {
      ...LAMBDA,
      POWERTOOLS_TRACER_CAPTURE_ERROR: 'false',
    });
    for (const { documents } of [byOption, byVariable]) {
      expect(documents).toMatchObject([{ name: '## shop', fault: true }]);
      expect(JSON.stringify(documents)).not.toContain('private');
    }
  });

  test('a span nobody waits for ends with its invocation', async () => {
    const { documents } = await play(`
      await xrayTracer().invocation(info(), async (t) => {
        void t.span('forgotten', () => t.span('below', () => new Promise(() => {})));
      });`);
    const main = named(documents, '## shop');
    // each is sent once, not again inside of its parent
    for (const document of documents) expect(document).not.toHaveProperty('subsegments');
    expect(named(documents, 'forgotten')).toMatchObject({
      parent_id: main.id,
      annotations: { incomplete: true },
    });
    expect(named(documents, 'below').end_time).toBeDefined();
    expect(main.annotations).not.toHaveProperty('incomplete');
  });

  test('outgoing requests the SDK records hang below the span they belong to', async () => {
    const { documents, errors } = await play(`
      const { createServer, get } = await import('node:http');
      const server = createServer((_request, response) => response.end('ok'));
      await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
      const tracer = xrayTracer();
      await tracer.invocation(info(), async (t) => {
        const http = await import('node:http');
        await t.span('load', () => new Promise((resolve) => http.default.get({ port: server.address().port, host: '127.0.0.1' }, (response) => response.resume().on('end', resolve))));
        // still under way when the invocation ends: it must not take the invocation's subsegment with it
        http.default.get({ port: server.address().port, host: '127.0.0.1' }).on('error', () => {});
      });`);
    expect(errors).toBe('');
    const load = named(documents, 'load');
    const requests = documents.filter((document) => document.namespace === 'remote');
    expect(requests.map((document) => document.parent_id)).toContain(load.id);
    named(documents, '## shop');
  });
});

describe('O4 invocations do not share a trace', () => {
  test('hazard: after an early end, the next invocation has its own', async () => {
    const { documents } = await play(`
      const tracer = xrayTracer();
      for (const [digit, end] of [['a', async () => 'early'], ['b', async () => { throw new Error('x'); }], ['c', () => { throw new Error('sync'); }], ['d', async (t) => t.span('work', () => 1)]]) {
        process.env._X_AMZN_TRACE_ID = 'Root=1-5759e988-' + digit.repeat(24) + ';Parent=' + digit.repeat(16) + ';Sampled=1';
        await tracer.invocation(info({ name: digit }), end).catch(() => {});
      }`);
    for (const digit of ['a', 'b', 'c', 'd']) {
      expect(named(documents, `## ${digit}`)).toMatchObject({
        trace_id: `1-5759e988-${digit.repeat(24)}`,
        parent_id: digit.repeat(16),
      });
    }
    expect(named(documents, 'work').parent_id).toBe(named(documents, '## d').id);
  });

  test('A1 work another invocation happens to run still belongs to its own', async () => {
    const { documents } = await play(`
      const tracer = xrayTracer();
      let theirs;
      let done;
      await tracer.invocation(info({ name: 'loads' }), async () => {});
      const first = tracer.invocation(info({ name: 'first' }), (t) => {
        theirs = () => t.span('queued', () => 1);
        return new Promise((resolve) => { done = resolve; });
      });
      await tracer.invocation(info({ name: 'second' }), async (t) => t.span('flush of a shared queue', () => theirs()));
      done();
      await first;`);
    expect(named(documents, 'queued').parent_id).toBe(named(documents, '## first').id);
  });

  test('A1 16 at once, each with the trace the runtime keeps for it', async () => {
    const { documents } = await play(
      `
      const { AsyncLocalStorage } = await import('node:async_hooks');
      const store = new AsyncLocalStorage();
      globalThis.awslambda = { InvokeStore: { getXRayTraceId: () => store.getStore(), get: () => undefined, set() {} } };
      const tracer = xrayTracer();
      await Promise.all(Array.from({ length: 16 }, (_, index) => {
        const digit = index.toString(16);
        const header = 'Root=1-5759e988-' + digit.repeat(24) + ';Parent=' + (digit === '0' ? 'f0' : digit + digit).repeat(8) + ';Sampled=1';
        return store.run(header, () => tracer.invocation(info({ name: digit }), async (t) => {
          for (let step = 0; step < 3; step++) {
            await t.span('step ' + digit, async () => { await pause((index * 7 + step) % 4); await t.span('deep ' + digit, () => pause(1)); });
          }
        }));
      }));`,
      { ...LAMBDA, AWS_LAMBDA_MAX_CONCURRENCY: '16', _X_AMZN_TRACE_ID: '' },
    );
    expect(documents).toHaveLength(16 * 7);
    for (let index = 0; index < 16; index++) {
      const digit = index.toString(16);
      const main = named(documents, `## ${digit}`);
      const steps = documents.filter((document) => document.name === `step ${digit}`);
      const deep = documents.filter((document) => document.name === `deep ${digit}`);
      expect(main.trace_id).toBe(`1-5759e988-${digit.repeat(24)}`);
      expect(steps.map((document) => [document.parent_id, document.trace_id])).toEqual(
        Array.from({ length: 3 }, () => [main.id, main.trace_id]),
      );
      expect(deep.map((document) => document.parent_id).toSorted()).toEqual(
        steps.map((document) => document.id).toSorted(),
      );
    }
  });
});

describe('O4 nothing to record, nowhere to send it', () => {
  test.each([
    ['not sampled', `Root=${ROOT};Parent=${PARENT};Sampled=0`, ROOT],
    ['passed through', `Root=${ROOT};Lineage=1:a`, ROOT],
    ['no header', '', null],
    ['a header that is none', 'Root=nonsense', null],
  ])('%s', async (_name, header, traceId) => {
    const { documents, answer, errors } = await play(
      `return xrayTracer().invocation(info(), async (t) => {
        t.annotate('a', 1); t.metadata('b', 2); t.error(new Error('c'));
        return [t.traceId ?? null, await t.span('x', async (span) => { span.annotate('a', 1); return 7; })];
      });`,
      { ...LAMBDA, _X_AMZN_TRACE_ID: header },
    );
    expect(documents).toEqual([]);
    expect(answer).toEqual([traceId, 7]);
    expect(errors).toBe('');
  });

  test('a missing daemon harms nothing', async () => {
    const { answer, errors } = await play(
      `
      const tracer = xrayTracer();
      const answers = [];
      for (let index = 0; index < 3; index++) answers.push(await tracer.invocation(info(), async (t) => t.span('x', () => index)));
      await pause(50);
      return answers;`,
      // nobody listens on the discard port
      { ...LAMBDA, AWS_XRAY_DAEMON_ADDRESS: '127.0.0.1:9' },
    );
    expect(answer).toEqual([0, 1, 2]);
    expect(errors).toBe('');
  });

  test('enabled: true records outside Lambda too, where there is a trace to belong to', async () => {
    const { documents } = await play(
      `await xrayTracer({ enabled: true }).invocation(info(), async (t) => t.span('x', () => 1));`,
      {
        _X_AMZN_TRACE_ID: HEADER,
      },
    );
    expect(documents.map((document) => document.name)).toEqual(['x', '## shop']);
  });

  test('a missing package is told by name, and how to get it', () => {
    // the sources without any package beside them
    const folder = mkdtempSync(join(tmpdir(), 'handlersmith-'));
    try {
      cpSync(join(import.meta.dirname), join(folder, 'tracing'), { recursive: true });
      cpSync(join(import.meta.dirname, '../observability'), join(folder, 'observability'), {
        recursive: true,
      });
      writeFileSync(
        join(folder, 'try.mjs'),
        `import { xrayTracer } from './tracing/xray.ts';
        const tracer = xrayTracer({ enabled: true });
        await new Promise((resolve) => setTimeout(resolve, 50));
        await tracer.invocation({ name: 'a' }, async () => 1).catch((error) => console.log(error.message, '|', error.cause.code));`,
      );
      const { stdout, stderr } = spawnSync(process.execPath, ['try.mjs'], { cwd: folder, encoding: 'utf8' });
      expect(stderr).toBe('');
      expect(stdout).toContain('npm install @aws-lambda-powertools/tracer');
      expect(stdout).toContain('ERR_MODULE_NOT_FOUND');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
