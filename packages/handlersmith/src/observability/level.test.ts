import { expect, test } from 'vitest';

import { resolveLevel } from './level.ts';

test.each(['loud', '', 'INFO ,', 0, null, {}, 'constructor'])(
  'O3 a bad level in an option is refused by name: %j',
  (level) => {
    expect(() => resolveLevel(level, {})).toThrow(/"level" must be one of TRACE, DEBUG, INFO/);
  },
);

test.each(['debug', 'DEBUG', 'Debug', ' debug '])('O3 a level counts in any case: %j', (level) => {
  expect(resolveLevel(level, {}).level).toBe('DEBUG');
  expect(resolveLevel(undefined, { POWERTOOLS_LOG_LEVEL: level }).level).toBe('DEBUG');
  expect(resolveLevel(undefined, { LOG_LEVEL: level }).level).toBe('DEBUG');
  expect(resolveLevel(undefined, { AWS_LAMBDA_LOG_LEVEL: level }).level).toBe('DEBUG');
});

test('O3 Lambda decides first, then the option, POWERTOOLS_LOG_LEVEL, LOG_LEVEL, INFO', () => {
  const environment = { AWS_LAMBDA_LOG_LEVEL: 'FATAL', POWERTOOLS_LOG_LEVEL: 'warn', LOG_LEVEL: 'error' };
  expect(resolveLevel('trace', environment)).toEqual({ level: 'CRITICAL', fixed: true, notice: undefined });
  expect(resolveLevel('trace', { ...environment, AWS_LAMBDA_LOG_LEVEL: '' }).level).toBe('TRACE');
  expect(resolveLevel(undefined, { ...environment, AWS_LAMBDA_LOG_LEVEL: '' }).level).toBe('WARN');
  expect(resolveLevel(undefined, { POWERTOOLS_LOG_LEVEL: '', LOG_LEVEL: 'error' }).level).toBe('ERROR');
  expect(resolveLevel(undefined, {})).toEqual({ level: 'INFO', fixed: false, notice: undefined });
});

test('O3 a bad level in the environment falls back to INFO and is named', () => {
  const { level, notice } = resolveLevel(undefined, { POWERTOOLS_LOG_LEVEL: 'verbose' });
  expect(level).toBe('INFO');
  expect(notice).toContain('POWERTOOLS_LOG_LEVEL');
  expect(notice).toContain('"verbose"');
  expect(resolveLevel(undefined, { LOG_LEVEL: 'verbose' }).notice).toContain('LOG_LEVEL');
  expect(resolveLevel('warn', { POWERTOOLS_LOG_LEVEL: 'verbose' }).level).toBe('WARN');
});
