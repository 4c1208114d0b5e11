import { spawnSync } from 'node:child_process';

import { captureLogs, httpSources, lambdaContext, requestAs } from '@handlersmith/testing';
import { conflict, httpHandler, httpRouter, notFound, ok, route, text } from 'handlersmith/http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';

const api = httpRouter(
  { service: 'items-api', deadlineMargin: 10 },
  {
    'GET /items/{id}': route(({ path, logger }) => {
      logger.appendKeys({ item: path.id });
      if (path.id === 'none') return notFound('No such item');
      if (path.id === 'crash')
        throw new Error('lost', { cause: new AggregateError([new Error('a'), new Error('b')]) });
      if (path.id === 'gone') throw conflict('Gone meanwhile', { cause: new Error('version 3 is newer') });
      if (path.id === 'slow') return new Promise(() => {});
      return text('grün');
    }),
    'POST /items': route(
      {
        body: z.object({ name: z.string(), pin: z.string() }),
        headers: z.object({ 'x-a': z.string().optional() }),
      },
      ({ body, headers, logger }) => {
        logger.info('got it', { body, headers, password: body.name });
        return ok({ name: body.name }, { cookies: ['sid=very-secret'] });
      },
    ),
  },
);

afterEach(() => vi.unstubAllEnvs());

describe.each(httpSources)('%s', (source) => {
  const request = requestAs(source);
  const idOf = async (headers: Record<string, string | readonly string[]>): Promise<unknown> => {
    const context = lambdaContext({ awsRequestId: 'request-1' });
    const options = { headers, context, requestId: 'request-1' };
    const { lines } = await captureLogs(() => request(api, 'GET /items/1', options));
    return lines[0]?.['correlation_id'];
  };

  it('O1 there is one line for a request: the pattern, the status, how long and how much', async () => {
    const { lines } = await captureLogs(() => request(api, 'GET /items/itm_1?secret=1'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      level: 'INFO',
      message: 'request served',
      service: 'items-api',
      http_method: 'GET',
      http_route: 'GET /items/{id}',
      http_status: 200,
      response_bytes: 5,
      duration_ms: expect.any(Number),
    });
  });

  it('O1 a line has what ties it to its invocation', async () => {
    const context = lambdaContext({ awsRequestId: 'lambda-1', functionName: 'items' });
    const { lines } = await captureLogs(() => request(api, 'GET /items/1', { context }));
    expect(lines[0]).toMatchObject({
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      function_request_id: 'lambda-1',
      function_name: 'items',
      cold_start: expect.any(Boolean),
    });
  });

  it('O1 the correlation id is the client’s, else the trace, else the request', async () => {
    const trace = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1';
    expect(await idOf({ 'X-Correlation-Id': 'order-7', 'x-amzn-trace-id': trace })).toBe('order-7');
    expect(await idOf({ 'X-Amzn-Trace-Id': trace })).toBe('1-5759e988-bd862e3fe1be46a994272793');
    expect(await idOf({ 'x-amzn-trace-id': [] })).toBe('request-1');
    // What is no id is none: it would forge lines or fill the log.
    expect(await idOf({ 'x-correlation-id': 'a"}\n{"level":"ERROR', 'x-amzn-trace-id': [] })).toBe(
      'request-1',
    );
    expect(await idOf({ 'x-correlation-id': 'x'.repeat(129), 'x-amzn-trace-id': [] })).toBe('request-1');
  });

  it('O1 keys of one invocation are not on the next', async () => {
    const { lines } = await captureLogs(async () => {
      await request(api, 'GET /items/1');
      await request(api, 'GET /nothing');
    });
    expect(lines.map((line) => line['item'])).toEqual(['1', undefined]);
  });

  it('O1 refusals are warned of, with what was wrong but none of the values', async () => {
    const body = { name: 7, pin: 'value-1' };
    const { lines, raw } = await captureLogs(() => request(api, 'POST /items?q=value-2', { body }));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      level: 'WARN',
      http_route: 'POST /items',
      http_status: 400,
      fields: ['body/name'],
    });
    expect(raw[0]).not.toMatch(/value-\d/);
  });

  it('O1 a path without a route is not in the log, nor is its query', async () => {
    const { lines, raw } = await captureLogs(() => request(api, 'GET /secret-path?secret-query=1'));
    expect(lines).toMatchObject([{ level: 'WARN', http_route: '(none)', http_status: 404 }]);
    expect(raw.join('')).not.toContain('secret');
  });

  it('O2 H16 an error is logged once, at ERROR, with its stack and causes', async () => {
    const { lines } = await captureLogs(() => request(api, 'GET /items/crash'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      level: 'ERROR',
      http_status: 500,
      error: {
        name: 'Error',
        message: 'lost',
        stack: expect.stringContaining('logs.test.ts'),
        cause: { name: 'AggregateError', errors: [{ message: 'a' }, { message: 'b' }] },
      },
    });
  });

  it('O2 H16 the cause of a shown problem is logged', async () => {
    const { lines } = await captureLogs(() => request(api, 'GET /items/gone'));
    expect(lines).toMatchObject([
      { http_status: 409, problem: 'Gone meanwhile', error: { message: 'version 3 is newer' } },
    ]);
    const { lines: plain } = await captureLogs(() => request(api, 'GET /items/none'));
    expect(plain).toMatchObject([{ level: 'WARN', http_status: 404 }]);
    expect(plain[0]).not.toHaveProperty('error');
  });

  it('O2 H18 a missed deadline is an error of its own', async () => {
    const context = lambdaContext({ timeout: 30 });
    const { lines } = await captureLogs(() => request(api, 'GET /items/slow', { context }));
    expect(lines).toMatchObject([{ level: 'ERROR', http_status: 504, error: { name: 'DeadlineReached' } }]);
  });

  it('O2 secrets are redacted by the name they stand under', async () => {
    const body = { name: 'secret-name', pin: 'secret-pin' };
    const headers = {
      authorization: 'Bearer secret-token',
      cookie: 'sid=secret-sid',
      'x-api-key': 'secret-key',
    };
    const { lines, raw } = await captureLogs(() => request(api, 'POST /items', { body, headers }));
    expect(lines[0]).toMatchObject({
      message: 'got it',
      password: '[redacted]',
      body: { pin: '[redacted]' },
    });
    expect(raw.join('').replace('"name":"secret-name"', '')).not.toContain('secret-');
    expect(raw.join('')).not.toContain('very-secret');
  });

  it.each(['{"name":"raw-secret', '{"name":"raw-secret","__proto__":1}', '{"name":"raw-secret","pin":7}'])(
    'H16 the raw body %s is not in the log',
    async (body) => {
      const { raw } = await captureLogs(() =>
        request(api, 'POST /items', { body, contentType: 'application/json' }),
      );
      expect(raw).toHaveLength(1);
      expect(raw[0]).not.toContain('raw-secret');
    },
  );

  it.each([
    [
      'a cycle',
      () =>
        Object.assign(
          {},
          {
            get self() {
              return this;
            },
          },
        ),
    ],
    ['a BigInt', () => 1n],
    [
      'a toJSON that throws',
      () => ({
        toJSON: () => {
          throw new Error('no');
        },
      }),
    ],
    [
      'a getter that throws',
      () => ({
        get value() {
          throw new Error('no');
        },
      }),
    ],
    [
      'a revoked proxy',
      () => {
        const { proxy, revoke } = Proxy.revocable({}, {});
        revoke();
        return proxy;
      },
    ],
    ['an invalid date', () => new Date(Number.NaN)],
    ['a symbol', () => Symbol('s')],
  ])('O2 logging %s cannot throw', async (_, make) => {
    const handler = httpHandler({ accessLog: false }, ({ logger }) => {
      logger.info('look', { value: make() });
      logger.appendKeys({ kept: make() });
      logger.error('and', new Error('e', { cause: make() }));
      return 'done';
    });
    const { lines, result } = await captureLogs(() => request(handler, 'GET /'));
    expect(result.json()).toBe('done');
    expect(lines.map((line) => line['message'])).toEqual(['look', 'and']);
  });

  it.each(['debug', 'DEBUG', 'Debug'])('O3 the level %s is taken from the environment', async (level) => {
    vi.stubEnv('POWERTOOLS_LOG_LEVEL', level);
    const handler = httpHandler({}, ({ logger }) => logger.debug('detail'));
    const { lines } = await captureLogs(() => request(handler, 'GET /'));
    expect(lines.map((line) => line['level'])).toEqual(['DEBUG', 'INFO']);
  });

  it('O3 Lambda’s own log level goes before all others', async () => {
    vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'DEBUG');
    vi.stubEnv('AWS_LAMBDA_LOG_LEVEL', 'WARN');
    const handler = httpHandler({}, ({ logger }) => logger.debug('detail'));
    const { lines } = await captureLogs(async () => {
      await request(handler, 'GET /');
      await request(handler, 'GET /%');
    });
    expect(lines.every((line) => line['level'] !== 'DEBUG' && line['level'] !== 'INFO')).toBe(true);
  });

  it('O1 accessLog: false leaves out the line, but no fault', async () => {
    const quiet = httpRouter(
      { accessLog: false },
      {
        'GET /': route(() => 'x'),
        'GET /crash': route(() => {
          throw new Error('lost');
        }),
      },
    );
    const { lines } = await captureLogs(async () => {
      await request(quiet, 'GET /');
      await request(quiet, 'GET /none');
      await request(quiet, 'GET /crash');
    });
    expect(lines).toMatchObject([{ level: 'ERROR', error: { message: 'lost' } }]);
  });

  it('O1 logger: false logs nothing at all', async () => {
    const silent = httpHandler({ logger: false }, ({ logger }) => {
      logger.error('x', new Error('y'));
      throw new Error('z');
    });
    expect((await captureLogs(() => request(silent, 'GET /'))).raw).toEqual([]);
  });
});

describe('O4 tracing that is off', () => {
  it('loads no SDK', () => {
    const program = `
      import { registerHooks } from 'node:module';
      const loaded = [];
      registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
      const { httpHandler } = await import('handlersmith/http');
      await httpHandler({}, () => 'x')({ httpMethod: 'GET', path: '/' });
      console.error(JSON.stringify(loaded));
    `;
    const flags = ['--conditions=@handlersmith/source', '--input-type=module', '--eval', program];
    const { stderr } = spawnSync(process.execPath, flags, { cwd: import.meta.dirname, encoding: 'utf8' });
    const loaded = JSON.parse(stderr) as string[]; // printed by the program above
    expect(loaded).toContainEqual(expect.stringContaining('/observability/powertools.ts'));
    expect(loaded.filter((url) => /x-?ray|powertools\/tracer|opentelemetry|\/tracing\//.test(url))).toEqual(
      [],
    );
  });

  it('records nothing, and what run gets as tracer works', async () => {
    const handler = httpHandler({ logger: false }, async ({ tracer }) => {
      tracer.annotate('a', 1);
      tracer.metadata('b', { c: 1n });
      tracer.error(undefined);
      return tracer.span('work', async () => [tracer.traceId ?? null, 'done']);
    });
    expect((await requestAs('rest')(handler, 'GET /')).json()).toEqual([null, 'done']);
  });

  it('a tracer is told of the invocation, and given neither body nor answer', async () => {
    const told: unknown[] = [];
    const handler = httpHandler(
      {
        logger: false,
        service: 'items',
        tracer: {
          invocation: async (info, run) => {
            told.push(info);
            return run({
              annotate() {},
              metadata() {},
              error() {},
              traceId: 't',
              span: (_, work) => work({ annotate() {}, metadata() {}, error() {} }),
            });
          },
        },
      },
      ({ tracer }) => tracer.traceId,
    );
    const headers = { traceparent: '00-1-2-01' };
    const response = await requestAs('rest')(handler, 'POST /', { headers, body: { secret: 1 } });
    expect(response.json()).toBe('t');
    expect(told).toMatchObject([{ name: 'items', trigger: 'http', traceparent: '00-1-2-01' }]);
  });
});
