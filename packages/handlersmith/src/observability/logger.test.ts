import { spawnSync } from 'node:child_process';

import { LogFormatter, Logger as PowertoolsLogger, LogItem } from '@aws-lambda-powertools/logger';
import type { LogAttributes, UnformattedAttributes } from '@aws-lambda-powertools/logger/types';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { adaptLogger } from './logger.ts';
import { REDACTED } from './redaction.ts';

// processes take their time to start on a busy machine
vi.setConfig({ testTimeout: 30_000 });

type Line = Record<string, unknown>;
let written: string[] = [];
const lines = (): Line[] => written.map((text) => JSON.parse(text) as Line);
const last = (): Line => lines().at(-1) ?? {};
const take = (text: string | Uint8Array): boolean => {
  written.push(String(text));
  return true;
};

beforeEach(() => {
  written = [];
  vi.spyOn(process.stdout, 'write').mockImplementation(take);
  vi.spyOn(process.stderr, 'write').mockImplementation(take);
  for (const name of ['AWS_LAMBDA_LOG_LEVEL', 'POWERTOOLS_LOG_LEVEL', 'LOG_LEVEL', 'POWERTOOLS_DEV', 'TZ'])
    vi.stubEnv(name, '');
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** A team's house style. */
class House extends LogFormatter {
  formatAttributes(attributes: UnformattedAttributes, additional: LogAttributes): LogItem {
    return new LogItem({
      attributes: { severity: attributes.logLevel, text: attributes.message, ...additional },
    });
  }
}

describe('a team’s own Powertools Logger', () => {
  test('O1 keeps its formatter, its persistent keys and its level', () => {
    const logger = new PowertoolsLogger({
      logFormatter: new House(),
      persistentKeys: { team: 'a' },
      logLevel: 'WARN',
    });
    const bound = adaptLogger(logger).bind({ awsRequestId: 'r-1', functionName: 'f' }, { route: 'r' });
    bound.info('no');
    bound.warn('yes', { n: 1 });
    expect(lines()).toEqual([
      {
        severity: 'WARN',
        text: 'yes',
        team: 'a',
        cold_start: expect.any(Boolean),
        function_request_id: 'r-1',
        function_name: 'f',
        route: 'r',
        n: 1,
      },
    ]);
    expect([bound.isEnabled('INFO'), bound.isEnabled('WARN'), bound.isEnabled('SILENT')]).toEqual([
      false,
      true,
      false,
    ]);
  });

  test('O1 hazard: is never changed, so that nothing leaks into the next invocation', () => {
    const logger = new PowertoolsLogger();
    const base = adaptLogger(logger);
    const first = base.bind({ awsRequestId: 'r-1' }, { correlation_id: 'c-1' });
    first.appendKeys({ user: 'u-1' });
    first.child({ record: 'm-1' }).info('a');
    first.removeKeys(['user']);
    first.info('b');
    base.bind({ awsRequestId: 'r-2' }, {}).info('c');
    logger.info('d');
    expect(lines()).toMatchObject([
      { function_request_id: 'r-1', correlation_id: 'c-1', user: 'u-1', record: 'm-1' },
      { function_request_id: 'r-1', correlation_id: 'c-1' },
      { function_request_id: 'r-2' },
      { message: 'd' },
    ]);
    expect(lines()[1]).not.toHaveProperty('user');
    expect(lines()[2]).not.toHaveProperty('correlation_id');
    expect(lines()[3]).not.toHaveProperty('function_request_id');
  });

  test('O2 hazard: does not throw into the handler, drops no gathered errors, shows no secrets', () => {
    const bound = adaptLogger(new PowertoolsLogger(), ['iban']).bind(undefined, {});
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    bound.info('m', {
      bad: {
        toJSON: () => {
          throw new Error('no');
        },
      },
      cycle,
      big: 1n,
      password: 's3cret',
      in: { iban: 's3cret' },
    });
    bound.error(
      'm',
      new AggregateError([new Error('inner')], 'outer', {
        cause: Object.assign(new Error('why'), { token: 's3cret' }),
      }),
    );
    expect(written.join('')).not.toContain('s3cret');
    expect(lines()[0]).toMatchObject({
      bad: '[unreadable]',
      cycle: { self: '[circular]' },
      big: '1',
      password: REDACTED,
    });
    expect(last()).toMatchObject({
      error: {
        name: 'AggregateError',
        message: 'outer',
        errors: [{ message: 'inner' }],
        cause: { message: 'why', token: REDACTED },
      },
    });
  });

  test('O2 a formatter that throws costs its line, not the invocation', () => {
    class Broken extends LogFormatter {
      formatAttributes(): LogItem {
        throw new Error('no formatter');
      }
    }
    const bound = adaptLogger(new PowertoolsLogger({ logFormatter: new Broken() })).bind(undefined, {});
    expect(() => bound.info('m')).not.toThrow();
    expect(last()).toMatchObject({ level: 'ERROR', message: 'the logger failed', reason: 'no formatter' });
  });

  test('O2 its lines have an end', () => {
    const many = Object.fromEntries(
      Array.from({ length: 5000 }, (_, index) => [`key${index}`, 'x'.repeat(1000)]),
    );
    adaptLogger(new PowertoolsLogger()).bind(undefined, {}).info('m', many);
    expect(written).toHaveLength(1);
    expect(written[0]?.length).toBeLessThan(500_000);
    expect(last()).toMatchObject({ key0: 'x'.repeat(1000), key4999: '[left out: the line is too large]' });
  });

  test('O1 fields of reserved names are kept under another', () => {
    adaptLogger(new PowertoolsLogger()).bind(undefined, {}).info({ message: 'm', a: 1 }, { service: 'mine' });
    expect(lines()).toHaveLength(1);
    expect(last()).toMatchObject({ message: 'm', a: 1, service: 'service_undefined', extra_service: 'mine' });
  });

  test('lines it buffers reach it although they are below its level', () => {
    vi.stubEnv('_X_AMZN_TRACE_ID', 'Root=1-5759e988-bd862e3fe1be46a994272793');
    const bound = adaptLogger(new PowertoolsLogger({ logBufferOptions: { enabled: true } })).bind(
      undefined,
      {},
    );
    bound.debug('kept', { password: 's3cret' });
    expect(written).toEqual([]);
    bound.error('now');
    expect(lines().map((line) => line['message'])).toEqual(['kept', 'now']);
    expect(written.join('')).not.toContain('s3cret');
  });
});

/** The modules a piece of code makes Node load. */
function loadedBy(code: string): string[] {
  const source = `
    const before = new Set(process.moduleLoadList);
    ${code}
    process.stdout.write(JSON.stringify(process.moduleLoadList.filter((name) => !before.has(name))));`;
  // stripping types is Node's own business, and brings modules of its own: get that over with first
  const warm = `data:text/javascript,await import(${JSON.stringify(import.meta.resolve('./clock.ts'))})`;
  const flags = ['--input-type=module', '--import', warm, '--eval', source];
  const { stdout, stderr } = spawnSync(process.execPath, flags, { encoding: 'utf8', env: {} });
  expect(stderr).toBe('');
  return JSON.parse(stdout) as string[];
}

test('O4 what the engine imports loads no Powertools, no X-Ray and no built-ins', () => {
  const light = ['./logger.ts', './line.ts', './tracer.ts', './correlation.ts', './coldstart.ts'];
  const imports = light
    .map((file) => `await import(${JSON.stringify(import.meta.resolve(file))});`)
    .join('\n');
  const ofNothing = new Set(loadedBy(`await import('data:text/javascript,1');`));
  expect(loadedBy(imports).filter((name) => !ofNothing.has(name))).toEqual([]);
  // and the measure is not blind
  expect(loadedBy(`await import(${JSON.stringify(import.meta.resolve('./powertools.ts'))});`)).toContain(
    'NativeModule console',
  );
});
