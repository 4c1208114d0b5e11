/** Faults of the Powertools Logger and Tracer that a user of our factories must not meet. */
import { spawnSync } from 'node:child_process';

import { Logger } from '@aws-lambda-powertools/logger';
import { captureLogs, httpEvent, invoke, lambdaContext, requestAs } from '@handlersmith/testing';
import { httpHandler } from 'handlersmith/http';
import { createLogger } from 'handlersmith/logging';
import { xrayTracer } from 'handlersmith/tracing';
import { afterEach, describe, expect, it, vi } from 'vitest';

const request = requestAs('httpApi');

afterEach(() => vi.unstubAllEnvs());

describe('Logger: without resetKeys, keys and correlation id leak into the next invocation', () => {
  it('bare: they do', async () => {
    const logger = new Logger();
    const { lines } = await captureLogs(() => {
      logger.appendKeys({ tenant: 'a' });
      logger.info('first');
      logger.info('second');
    });
    expect(lines[1]).toMatchObject({ tenant: 'a' });
  });

  it.each([
    ['the default logger', undefined],
    ['a logger of ours', createLogger()],
    ['a Powertools Logger', new Logger()],
  ])('ours: not with %s', async (_, logger) => {
    const handler = httpHandler(logger === undefined ? {} : { logger }, ({ logger: bound, query }) => {
      if (query['tenant'] !== undefined) bound.appendKeys({ tenant: query['tenant'] });
      bound.info('inside');
    });
    const headers = { 'x-correlation-id': 'first' };
    const { lines } = await captureLogs(async () => {
      await request(handler, 'GET /?tenant=a', { headers });
      await request(handler, 'GET /');
    });
    expect(lines.map((line) => line['tenant'])).toEqual(['a', 'a', undefined, undefined]);
    expect(lines.map((line) => line['correlation_id'] === 'first')).toEqual([true, true, false, false]);
  });
});

describe('Logger: a lower-case POWERTOOLS_LOG_LEVEL is ignored', () => {
  it('ours: it counts', async () => {
    vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'debug');
    const handler = httpHandler({}, ({ logger }) => logger.debug('detail'));
    const { lines } = await captureLogs(() => request(handler, 'GET /'));
    expect(lines.map((line) => line['message'])).toContain('detail');
  });
});

describe('Logger: a child of a warm logger says cold_start: true', () => {
  it('ours: it does not', async () => {
    const handler = httpHandler({}, ({ logger }) => logger.child({ record: 1 }).info('of a child'));
    const { lines } = await captureLogs(async () => {
      await request(handler, 'GET /');
      await request(handler, 'GET /');
    });
    const warm = lines.filter((line) => line['message'] === 'of a child')[1];
    expect(warm).toMatchObject({ record: 1, cold_start: false });
  });
});

describe('Logger: AggregateError.errors is dropped', () => {
  it('ours: each is there, with its causes', async () => {
    const handler = httpHandler({}, () => {
      throw new AggregateError([new Error('a', { cause: new Error('why') }), new Error('b')], 'both');
    });
    const { lines } = await captureLogs(() => request(handler, 'GET /'));
    expect(lines).toMatchObject([
      { error: { errors: [{ message: 'a', cause: { message: 'why' } }, { message: 'b' }] } },
    ]);
  });
});

describe('Logger: a toJSON that throws throws into the handler', () => {
  const broken = {
    toJSON: (): never => {
      throw new Error('no');
    },
  };

  it('bare: it does', async () => {
    const logger = new Logger();
    await expect(captureLogs(() => logger.info('x', { broken }))).rejects.toThrow('no');
  });

  it.each([
    ['the default logger', undefined],
    ['a Powertools Logger', new Logger()],
  ])('ours: %s logs what it can', async (_, logger) => {
    const handler = httpHandler(logger === undefined ? {} : { logger }, ({ logger: bound }) => {
      bound.info('x', { broken, whole: 1 });
      return 'done';
    });
    const { result, lines } = await captureLogs(() => request(handler, 'GET /'));
    expect(result.json()).toBe('done');
    expect(lines[0]).toMatchObject({ message: 'x', whole: 1 });
  });
});

describe('Logger: sampling rates are off', () => {
  it('ours: a rate of 0.2 samples one invocation in five', async () => {
    const logger = createLogger({ level: 'ERROR', sampleRate: 0.2 } as never);
    const handler = httpHandler({ logger, accessLog: false }, ({ logger: bound }) => bound.debug('sampled'));
    const event = httpEvent('httpApi');
    const { lines } = await captureLogs(async () => {
      for (let count = 0; count < 2000; count++) await invoke(handler, event); // oxlint-disable-line no-await-in-loop -- as Lambda does
    });
    // Five standard deviations round 400.
    expect(lines.filter((line) => line['message'] === 'sampled').length).toBeGreaterThan(310);
    expect(lines.length).toBeLessThan(490);
  });
});

/** How often the time zone is looked up while a hundred lines are written: that is what costs. */
function lookedUp(logger: string): number {
  const program = `
    const logger = ${logger};
    process.stdout.write = () => true;
    console.log = console.info = () => {};
    logger.info('the first may');
    let made = 0;
    const count = (construct) => (target, ...rest) => (made++, construct(target, ...rest));
    Intl.DateTimeFormat = new Proxy(Intl.DateTimeFormat, {
      construct: count(Reflect.construct),
      apply: count((target, self, parameters) => new target(...parameters)),
    });
    for (let line = 0; line < 100; line++) logger.info('x');
    process.stderr.write(String(made));
  `;
  const flags = ['--conditions=@handlersmith/source', '--input-type=module', '--eval', program];
  const env = { ...process.env, TZ: 'Europe/Berlin' };
  const { stderr } = spawnSync(process.execPath, flags, {
    cwd: import.meta.dirname,
    encoding: 'utf8',
    env,
  });
  expect(stderr).toMatch(/^\d+$/);
  return Number(stderr);
}

describe('Logger: a set TZ makes a line many times as dear', () => {
  it('Powertools looks the zone up for each line', () => {
    expect(lookedUp(`new (await import('@aws-lambda-powertools/logger')).Logger()`)).toBeGreaterThanOrEqual(
      100,
    );
  });

  it('ours: never again', () => {
    expect(lookedUp(`(await import('handlersmith/logging')).createLogger().bind({}, {})`)).toBe(0);
  });
});

const trace = (digit: string): string =>
  `Root=1-5759e988-${digit.repeat(24)};Parent=53995c3f42cd8ad8;Sampled=1`;

describe('Tracer', () => {
  it('the X-Ray SDK is not loaded before tracing is asked for', () => {
    const program = `
      import { registerHooks } from 'node:module';
      const loaded = [];
      registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
      await import('handlersmith/http');
      await import('handlersmith/logging');
      process.stderr.write(JSON.stringify(loaded));
    `;
    const flags = ['--conditions=@handlersmith/source', '--input-type=module', '--eval', program];
    const { stderr } = spawnSync(process.execPath, flags, { cwd: import.meta.dirname, encoding: 'utf8' });
    const loaded = JSON.parse(stderr) as string[]; // printed by the program above
    expect(loaded.length).toBeGreaterThan(10);
    expect(loaded.filter((url) => /x-?ray|powertools\/tracer|opentelemetry/.test(url))).toEqual([]);
  });

  it('an early answer, a fault and a missing daemon leave the next invocation alone', async () => {
    vi.stubEnv('AWS_XRAY_DAEMON_ADDRESS', '127.0.0.1:9');
    vi.stubEnv('AWS_XRAY_CONTEXT_MISSING', 'IGNORE_ERROR');
    const ids: (string | undefined)[] = [];
    const use = [
      {
        before: ({ event }: { event: unknown }) =>
          (event as { rawPath: string }).rawPath === '/early' ? { statusCode: 202, body: '' } : undefined,
      },
    ];
    const handler = httpHandler({ logger: false, tracer: xrayTracer(), use }, ({ tracer, query }) => {
      ids.push(tracer.traceId);
      if (query['fail'] !== undefined) throw new Error('x');
      return tracer.span('work', () => ({ secret: 'x'.repeat(100_000) }));
    });
    const statuses: number[] = [];
    for (const [line, digit] of [
      ['GET /early', 'a'],
      ['GET /', 'b'],
      ['GET /?fail=1', 'c'],
      ['GET /', 'd'],
    ] as const) {
      vi.stubEnv('_X_AMZN_TRACE_ID', trace(digit));
      // oxlint-disable-next-line no-await-in-loop -- one invocation after the other
      statuses.push((await request(handler, line, { context: lambdaContext() })).status);
    }
    expect(statuses).toEqual([202, 200, 500, 200]);
    const roots = ids.filter((id) => id !== undefined);
    expect(new Set(roots).size).toBe(roots.length);
  });
});
