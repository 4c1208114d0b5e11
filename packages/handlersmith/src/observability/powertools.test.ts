import { Logger as PowertoolsLogger } from '@aws-lambda-powertools/logger';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { adaptLogger } from './logger.ts';
import { createLogger } from './powertools.ts';
import { REDACTED } from './redaction.ts';

type Line = Record<string, unknown>;
let written: string[] = [];
const lines = (): Line[] => written.map((text) => JSON.parse(text) as Line);
const last = (): Line => lines().at(-1) ?? {};

const context = {
  awsRequestId: 'r-1',
  functionName: 'f',
  functionVersion: '1',
  invokedFunctionArn: 'arn',
  memoryLimitInMB: '128',
};

beforeEach(() => {
  written = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  for (const name of ['AWS_LAMBDA_LOG_LEVEL', 'POWERTOOLS_LOG_LEVEL', 'LOG_LEVEL', 'POWERTOOLS_DEV', 'TZ'])
    vi.stubEnv(name, '');
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

test('O1 it is a Powertools Logger, and binds by itself', () => {
  const logger = createLogger({ service: 'shop' });
  expect(logger).toBeInstanceOf(PowertoolsLogger);
  expect(adaptLogger(logger)).toBe(logger);
  logger.bind(context, { route: 'r' }).info('m');
  expect(last()).toMatchObject({ service: 'shop', function_request_id: 'r-1', route: 'r' });
});

test('O1 used directly, it writes the same safe line', () => {
  vi.stubEnv('_X_AMZN_TRACE_ID', 'Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1');
  const logger = createLogger({ service: 'shop', persistentKeys: { team: 'a' } });
  logger.info('started', { password: 'x', level: 'mine', n: 1n });
  expect(written).toHaveLength(1);
  expect(last()).toMatchObject({
    level: 'INFO',
    message: 'started',
    service: 'shop',
    team: 'a',
    password: REDACTED,
    extra_level: 'mine',
    n: '1',
    xray_trace_id: '1-5759e988-bd862e3fe1be46a994272793',
  });
});

test('O1 the whole Powertools API works on it', () => {
  const logger = createLogger({ service: 'shop', level: 'debug' });
  logger.addContext({
    ...context,
    callbackWaitsForEmptyEventLoop: false,
    logGroupName: '',
    logStreamName: '',
    getRemainingTimeInMillis: () => 1,
    done() {},
    fail() {},
    succeed() {},
  });
  logger.appendKeys({ temporary: 1, token: 'x' });
  logger.setCorrelationId('c-1');
  logger.debug('one');
  logger.removeKeys(['temporary']);
  logger.warn({ message: 'two', a: 1 }, { b: 2 });
  logger.resetKeys();
  logger.critical('three', new AggregateError([new Error('inner')], 'outer'));
  expect(lines()).toMatchObject([
    {
      level: 'DEBUG',
      message: 'one',
      temporary: 1,
      token: REDACTED,
      correlation_id: 'c-1',
      function_request_id: 'r-1',
      service: 'shop',
    },
    { level: 'WARN', message: 'two', a: 1, b: 2, correlation_id: 'c-1' },
    { level: 'CRITICAL', message: 'three', error: { message: 'outer', errors: [{ message: 'inner' }] } },
  ]);
  expect(lines()[1]).not.toHaveProperty('temporary');
  expect(lines()[2]).not.toHaveProperty('correlation_id');
  expect(logger.getLevelName()).toBe('DEBUG');
});

test('O1 keys appended before there is a context show on its own lines', () => {
  const logger = createLogger();
  logger.appendKeys({ phase: 'init' });
  logger.info('m');
  expect(last()).toMatchObject({ phase: 'init', message: 'm' });
});

test('O1 persistent keys that change show on the lines of bound loggers', () => {
  const logger = createLogger({ persistentKeys: { team: 'a' } });
  logger.appendPersistentKeys({ region: 'eu' });
  logger.bind(undefined, {}).info('m');
  logger.removePersistentKeys(['team']);
  logger.bind(undefined, {}).info('m');
  logger.setPersistentLogAttributes({ only: true });
  logger.bind(undefined, {}).info('m');
  expect(lines()[0]).toMatchObject({ team: 'a', region: 'eu' });
  expect(lines()[1]).not.toHaveProperty('team');
  expect(lines()[2]).toMatchObject({ only: true });
  expect(lines()[2]).not.toHaveProperty('region');
});

test('O1 keys appended to the shared logger do not reach the lines of an invocation', () => {
  const logger = createLogger();
  logger.appendKeys({ leak: 1 });
  logger.bind(context, {}).info('m');
  expect(last()).not.toHaveProperty('leak');
});

test('O3 the level is the same for both, in any case, and may change', () => {
  const logger = createLogger({ level: 'warn' });
  logger.info('no');
  logger.bind(undefined, {}).info('no');
  logger.setLogLevel('debug');
  logger.debug('direct');
  logger.bind(undefined, {}).debug('bound');
  expect(lines().map((line) => line['message'])).toEqual(['direct', 'bound']);
  // what plain JavaScript may pass
  expect(() => createLogger({ level: 'loud' as never })).toThrow(/"level"/);
});

test('O3 Lambda’s own level wins', () => {
  vi.stubEnv('AWS_LAMBDA_LOG_LEVEL', 'ERROR');
  const logger = createLogger({ level: 'debug' });
  logger.warn('no');
  logger.bind(undefined, {}).warn('no');
  logger.error('yes');
  expect(lines().map((line) => line['message'])).toEqual(['yes']);
});

test('O2 hazard: a toJSON that throws, a cycle, a revoked proxy do not reach the handler', () => {
  const logger = createLogger();
  const cycle: Record<string, unknown> = {};
  cycle['self'] = cycle;
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  for (const withKeys of [false, true]) {
    if (withKeys) logger.appendKeys({ kept: cycle });
    logger.info('m', {
      bad: {
        toJSON: () => {
          throw new Error('no');
        },
      },
    });
    logger.info('m', cycle);
    logger.info('m', proxy);
    logger.info('m', { proxy });
  }
  expect(lines()).toHaveLength(8);
  expect(lines().every((line) => line['message'] === 'm')).toBe(true);
});

test('O1 a child Powertools makes is one of ours, with the parent’s options', () => {
  const logger = createLogger({ service: 'shop', redact: ['iban'], persistentKeys: { team: 'a' } });
  const child = logger.createChild({ persistentKeys: { part: 'p' } });
  child.info('m', { iban: 'x' });
  expect(last()).toMatchObject({ service: 'shop', team: 'a', part: 'p', iban: REDACTED });
});
