import type { Context } from 'aws-lambda';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { createLineWriter } from './line.ts';
import type { LogFields, Logger } from './logger.ts';
import { REDACTED } from './redaction.ts';

type Line = Record<string, unknown>;

const TRACE = '1-5759e988-bd862e3fe1be46a994272793';
const context = (id = 'r-1'): Partial<Context> => ({
  awsRequestId: id,
  functionName: 'shop-items',
  invokedFunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:shop-items',
  memoryLimitInMB: '512',
});

let written: string[] = [];
const lines = (): Line[] => written.map((text) => JSON.parse(text) as Line);
const last = (): Line => lines().at(-1) ?? {};

beforeEach(() => {
  written = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  for (const name of ['AWS_LAMBDA_LOG_LEVEL', 'POWERTOOLS_LOG_LEVEL', 'LOG_LEVEL', 'POWERTOOLS_DEV', 'TZ'])
    vi.stubEnv(name, '');
  vi.stubEnv('_X_AMZN_TRACE_ID', `Root=${TRACE};Parent=53995c3f42cd8ad8;Sampled=1`);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const bind = (fields: LogFields = {}, id?: string): Logger =>
  createLineWriter({ service: 'shop' }).bind(context(id), fields);

/** Any UTF-16, halves of letters too. */
const anyText = fc.string({
  unit: fc.integer({ min: 0, max: 0xff_ff }).map((code) => String.fromCharCode(code)),
});

describe('O1 one line, one JSON object', () => {
  test('with all that a dashboard looks for', () => {
    bind({ correlation_id: 'c-1', route: 'GET /items' }).info('listed', {
      count: 3,
      more: false,
      cursor: null,
    });
    expect(written).toHaveLength(1);
    expect(written[0]).toMatch(/^\{.*\}\n$/);
    expect(last()).toEqual({
      level: 'INFO',
      message: 'listed',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      service: 'shop',
      cold_start: expect.any(Boolean),
      function_arn: 'arn:aws:lambda:eu-west-1:123456789012:function:shop-items',
      function_memory_size: '512',
      function_name: 'shop-items',
      function_request_id: 'r-1',
      xray_trace_id: TRACE,
      correlation_id: 'c-1',
      route: 'GET /items',
      count: 3,
      more: false,
      cursor: null,
    });
  });

  test.each(['trace', 'debug', 'info', 'warn', 'error', 'critical'] as const)(
    '%s says its level',
    (method) => {
      createLineWriter({ level: 'trace' }).bind(undefined, {})[method]('x');
      expect(last()['level']).toBe(method.toUpperCase());
    },
  );

  test('newlines, quotes and control characters never split a line', () => {
    bind({ 'a\n"key"': 'b\r\n' }, 'id\n1').info('one\ntwo\u2028\u0000"\\', {
      'k\n': 'v\n',
      text: '\u001b[31m',
    });
    expect(written.join('').split('\n')).toHaveLength(2);
    expect(last()).toMatchObject({
      message: 'one\ntwo\u2028\u0000"\\',
      'a\n"key"': 'b\r\n',
      'k\n': 'v\n',
      function_request_id: 'id\n1',
    });
  });

  test('every text comes back as it was', () => {
    const logger = bind();
    fc.assert(
      fc.property(anyText, anyText, (message, value) => {
        logger.info(message, { value });
        expect(last()).toMatchObject({ message, value });
        written = [];
      }),
    );
  });

  test('without a context, and with one made by hand', () => {
    createLineWriter({ service: 'shop' }).bind(undefined, {}).info('x');
    expect(last()).toMatchObject({ message: 'x', service: 'shop' });
    expect(last()).not.toHaveProperty('function_name');
    // a context from a test may hold a number where Lambda has a text
    createLineWriter()
      .bind({ memoryLimitInMB: 512 } as never, {})
      .info('x');
    expect(last()).toMatchObject({ message: 'x', function_memory_size: 512 });
  });

  test('the service comes from the option, then the environment', () => {
    vi.stubEnv('POWERTOOLS_SERVICE_NAME', 'from-environment');
    createLineWriter({ service: 'from-option' }).bind(undefined, {}).info('x');
    createLineWriter().bind(undefined, {}).info('x');
    vi.stubEnv('POWERTOOLS_SERVICE_NAME', '');
    createLineWriter().bind(undefined, {}).info('x');
    expect(lines().map((line) => line['service'])).toEqual([
      'from-option',
      'from-environment',
      'service_undefined',
    ]);
  });

  test('fields in every shape Powertools takes', () => {
    const logger = bind();
    const error = new Error('bad');
    logger.info({ message: 'm', a: 1 });
    logger.error('m', error);
    logger.info('m', 'text');
    logger.info('m', { a: 1 }, { b: 2 }, undefined, { a: 3 });
    logger.error('m', { error, id: 7 });
    expect(lines()).toMatchObject([
      { message: 'm', a: 1 },
      { message: 'm', error: { message: 'bad', name: 'Error' } },
      { message: 'm', extra: 'text' },
      { message: 'm', a: 3, b: 2 },
      { message: 'm', error: { message: 'bad' }, id: 7 },
    ]);
  });

  test('no name stands twice: the later one wins', () => {
    const writer = createLineWriter({ persistentKeys: { team: 'a', zone: 'z' } });
    const logger = writer.bind(context(), { route: 'bound', team: 'b' });
    logger.info('m', { route: 'line', function_name: 'other' });
    writer.bind(context(), { zone: 'y' }).info('m');
    writer.bind(context(), {}).info('m', { zone: 'x' });
    for (const text of written)
      expect(text.match(/"(route|team|zone|function_name)":/g)).toHaveLength(
        new Set(text.match(/"(route|team|zone|function_name)":/g)).size,
      );
    expect(lines()).toMatchObject([
      { route: 'line', team: 'b', zone: 'z', function_name: 'other' },
      { team: 'a', zone: 'y' },
      { zone: 'x' },
    ]);
  });

  test.each(['level', 'message', 'timestamp', 'service', 'sampling_rate'])(
    'a field named %s neither breaks the line nor vanishes',
    (name) => {
      const logger = createLineWriter({ service: 'shop', persistentKeys: { keep: 1 } }).bind(context(), {});
      logger.info('said', { [name]: 'mine' });
      logger.child({ [name]: 'mine' }).info('said');
      createLineWriter({ service: 'shop', persistentKeys: { [name]: 'mine' } })
        .bind(context(), {})
        .info('said');
      for (const line of lines())
        expect(line).toMatchObject({
          level: 'INFO',
          message: 'said',
          service: 'shop',
          [`extra_${name}`]: 'mine',
        });
      expect(lines()).toHaveLength(3);
    },
  );
});

describe('O1 keys of one invocation never show in another', () => {
  test('hazard: what is appended ends with its invocation', () => {
    const writer = createLineWriter();
    const first = writer.bind(context('r-1'), { correlation_id: 'c-1' });
    first.appendKeys({ user: 'u-1' });
    first.info('x');
    writer.bind(context('r-2'), {}).info('x');
    expect(lines()[0]).toMatchObject({ user: 'u-1', correlation_id: 'c-1' });
    expect(last()).not.toHaveProperty('user');
    expect(last()).not.toHaveProperty('correlation_id');
  });

  test('64 at once', async () => {
    const writer = createLineWriter();
    const invocation = async (number: number): Promise<void> => {
      const logger = writer.bind(context(`r-${number}`), { correlation_id: `c-${number}` });
      for (let step = 0; step < 5; step++) {
        // oxlint-disable-next-line no-await-in-loop -- the steps of one invocation follow each other
        await new Promise((resolve) => setTimeout(resolve, (number * 7 + step * 13) % 5));
        logger.appendKeys({ [`key_${number}`]: step });
        logger.child({ record: `m-${number}` }).info('step', { number });
      }
    };
    await Promise.all(Array.from({ length: 64 }, (_, number) => invocation(number)));
    expect(lines()).toHaveLength(320);
    for (const line of lines()) {
      const number = line['number'] as number;
      expect(line).toMatchObject({
        function_request_id: `r-${number}`,
        correlation_id: `c-${number}`,
        record: `m-${number}`,
      });
      expect(Object.keys(line).filter((name) => name.startsWith('key_'))).toEqual([`key_${number}`]);
    }
  });

  test('a child adds to its parent and gives nothing back; what a caller owns stays as it was', () => {
    const bound = Object.freeze({ route: 'r' });
    const parent = bind(bound);
    const child = parent.child(Object.freeze({ message_id: 'm-1' }));
    child.appendKeys(Object.freeze({ attempt: 2 }));
    child.info('child');
    parent.info('parent');
    child.removeKeys(['route', 'attempt', 'never-there']);
    child.info('bare');
    expect(lines()).toMatchObject([
      { route: 'r', message_id: 'm-1', attempt: 2 },
      { route: 'r' },
      { message_id: 'm-1' },
    ]);
    expect(lines()[1]).not.toHaveProperty('message_id');
    expect(lines()[2]).not.toHaveProperty('route');
  });

  test('each invocation has its own trace id', () => {
    const writer = createLineWriter();
    writer.bind(context(), {}).info('x');
    vi.stubEnv('_X_AMZN_TRACE_ID', '');
    writer.bind(context(), {}).info('x');
    expect(lines()[0]).toHaveProperty('xray_trace_id', TRACE);
    expect(lines()[1]).not.toHaveProperty('xray_trace_id');
  });

  test('each function has its own name, though one process serves many in tests', () => {
    const writer = createLineWriter();
    for (const functionName of ['a', 'b', 'a']) writer.bind({ ...context(), functionName }, {}).info('x');
    expect(lines().map((line) => line['function_name'])).toEqual(['a', 'b', 'a']);
  });
});

describe('O2 logging cannot throw', () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const hostile: unknown[] = [
    proxy,
    { error: proxy },
    {
      get boom(): never {
        throw new Error('no');
      },
    },
    {
      toJSON: () => {
        throw new Error('no');
      },
    },
    { a: 1n, b: Symbol('b'), c: () => 1, d: Number.NaN },
    new Proxy(
      {},
      {
        getPrototypeOf: () => {
          throw new Error('no');
        },
      },
    ),
    new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('no');
        },
      },
    ),
    Object.create(null),
    null,
    1,
    true,
    [1, 2],
    Symbol('s'),
    10n,
    () => 1,
    new Map([['a', 1]]),
    new Date(Number.NaN),
    new Error('thrown'),
    undefined,
  ];

  // by number: the runner itself cannot print some of these
  test.each([...hostile.keys()])('whatever follows the message: %i', (index) => {
    const value = hostile[index];
    const logger = bind();
    // plain JavaScript passes anything
    const anything = value as never;
    logger.info('m', anything);
    logger.info('m', { ok: 1 }, anything);
    logger.child(anything).info('m');
    logger.appendKeys(anything);
    logger.info('m');
    expect(lines()).toHaveLength(4);
    for (const line of lines()) expect(line['message']).toBe('m');
  });

  test.each([...hostile.keys()])('whatever the message is: %i', (index) => {
    bind().error(hostile[index] as never);
    expect(lines()).toHaveLength(1);
    expect(typeof last()['message']).toBe('string');
  });

  test('one bad field costs only itself', () => {
    bind().info('m', {
      good: 1,
      get bad(): never {
        throw new Error('no');
      },
    });
    expect(last()).toMatchObject({ good: 1, bad: '[unreadable]' });
  });

  test('a list, a number or a text beside the message is kept as extra', () => {
    bind().info('m', [1, 2] as never);
    expect(last()['extra']).toEqual([1, 2]);
    bind().error('m', 42 as never);
    expect(last()['extra']).toBe(42);
  });

  test('an output that throws harms nobody', () => {
    vi.spyOn(process.stdout, 'write').mockImplementation(() => {
      throw new Error('EPIPE');
    });
    expect(() => bind().info('m')).not.toThrow();
  });

  test('a clock that throws harms nobody', () => {
    const logger = bind();
    vi.spyOn(Date, 'now').mockImplementation(() => {
      throw new Error('no time');
    });
    expect(() => logger.info('m')).not.toThrow();
  });

  test('a line has an end: many fields, long texts, long messages', () => {
    const big = Object.fromEntries(
      Array.from({ length: 5000 }, (_, index) => [`key${index}`, 'x'.repeat(1000)]),
    );
    bind().info('m', big);
    bind(big).info('m'.repeat(100_000));
    bind().info('m', { text: 'x'.repeat(1_000_000) });
    bind().info('m', {
      objects: Array.from({ length: 150 }, () => ({ a: 'x'.repeat(3000) })),
      more: Array.from({ length: 150 }, () => ({ a: 'x'.repeat(3000) })),
    });
    expect(lines()).toHaveLength(4);
    for (const text of written) expect(text.length).toBeLessThan(260_000);
    expect(String(lines()[0]?.['left_out'])).toMatch(/\d+ fields: the line is too large/);
    expect(String(lines()[1]?.['message'])).toContain('more characters]');
    expect(String(lines()[2]?.['text'])).toContain('more characters]');
  });

  test('secrets are redacted wherever a field can stand', () => {
    const writer = createLineWriter({ persistentKeys: { api_key: 's3cret' }, redact: ['iban'] });
    const logger = writer.bind(context(), { authorization: 's3cret' });
    logger.info('m', { password: 's3cret', body: { iban: 's3cret' } });
    logger.info({ message: 'm', token: 's3cret' }, { session: 's3cret' });
    logger.error(
      'm',
      Object.assign(new Error('x'), { cookie: 's3cret', config: { headers: { 'x-api-key': 's3cret' } } }),
    );
    expect(written.join('')).not.toContain('s3cret');
    expect(lines()[0]).toMatchObject({
      api_key: REDACTED,
      authorization: REDACTED,
      password: REDACTED,
      body: { iban: REDACTED },
    });
  });
});

describe('O3 the level', () => {
  test('hazard: lower case counts, in option and environment', () => {
    createLineWriter({ level: 'debug' }).bind(undefined, {}).debug('by option');
    vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'debug');
    createLineWriter().bind(undefined, {}).debug('by environment');
    expect(lines().map((line) => line['message'])).toEqual(['by option', 'by environment']);
  });

  test('lines below it are not written, and isEnabled says so before', () => {
    const logger = createLineWriter({ level: 'WARN' }).bind(undefined, {});
    logger.info('no');
    logger.warn('yes');
    expect(lines().map((line) => line['message'])).toEqual(['yes']);
    expect(
      (['DEBUG', 'INFO', 'WARN', 'ERROR', 'SILENT'] as const).map((level) => logger.isEnabled(level)),
    ).toEqual([false, false, true, true, false]);
    createLineWriter({ level: 'SILENT' }).bind(undefined, {}).critical('no');
    expect(written).toHaveLength(1);
  });

  test('a bad level in the environment is said once in the log', () => {
    vi.stubEnv('LOG_LEVEL', 'chatty');
    createLineWriter();
    createLineWriter().bind(undefined, {}).info('x');
    expect(lines()).toMatchObject([
      { level: 'WARN', message: expect.stringContaining('LOG_LEVEL') },
      { message: 'x' },
    ]);
  });
});

describe('hazard: sampling', () => {
  test('the share of invocations is the one that was asked for, and an invocation is sampled whole', () => {
    const writer = createLineWriter({ level: 'ERROR', sampleRate: 0.01 });
    const random = vi.spyOn(Math, 'random');
    const sampled = Array.from({ length: 10_000 }, (_, index) => {
      random.mockReturnValueOnce(index / 10_000);
      const logger = writer.bind(undefined, {});
      return logger.isEnabled('DEBUG') && logger.child({}).isEnabled('DEBUG');
    });
    expect(sampled.filter(Boolean)).toHaveLength(100);
    random.mockReturnValue(0.5);
    const logger = writer.bind(undefined, {});
    random.mockReturnValue(0);
    logger.debug('not in the middle');
    expect(written).toEqual([]);
    writer.bind(undefined, {}).debug('from the start');
    expect(last()).toMatchObject({ message: 'from the start', sampling_rate: 0.01 });
  });

  test('0 samples nothing, 1 everything, Lambda’s level stops it, a bad rate is refused', () => {
    expect(createLineWriter({ sampleRate: 0 }).bind(undefined, {}).isEnabled('DEBUG')).toBe(false);
    expect(createLineWriter({ sampleRate: 1 }).bind(undefined, {}).isEnabled('DEBUG')).toBe(true);
    expect(createLineWriter({ sampleRate: 1, level: 'trace' }).bind(undefined, {}).isEnabled('TRACE')).toBe(
      true,
    );
    vi.stubEnv('AWS_LAMBDA_LOG_LEVEL', 'INFO');
    expect(createLineWriter({ sampleRate: 1 }).bind(undefined, {}).isEnabled('DEBUG')).toBe(false);
    for (const sampleRate of [-1, 1.1, Number.NaN, '1' as never])
      expect(() => createLineWriter({ sampleRate })).toThrow(/"sampleRate"/);
  });

  test('the environment may set it; a bad value is said in the log', () => {
    vi.stubEnv('POWERTOOLS_LOGGER_SAMPLE_RATE', '1');
    expect(createLineWriter().bind(undefined, {}).isEnabled('DEBUG')).toBe(true);
    vi.stubEnv('POWERTOOLS_LOGGER_SAMPLE_RATE', 'often');
    expect(createLineWriter().bind(undefined, {}).isEnabled('DEBUG')).toBe(false);
    expect(last()['message']).toContain('POWERTOOLS_LOGGER_SAMPLE_RATE');
  });
});

test('POWERTOOLS_DEV prints for people, through the console', () => {
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  const info = vi.spyOn(console, 'error').mockImplementation(() => {});
  bind().error('m', new Error('bad'));
  const text = String(info.mock.calls[0]?.[0]);
  expect(text).toContain('\n    "message": "m"');
  expect((JSON.parse(text) as { error: { stack: string[] } }).error.stack[0]).toBe('Error: bad');
  expect(written).toEqual([]);
});
