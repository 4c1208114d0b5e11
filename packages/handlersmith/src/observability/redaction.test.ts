import { expect, test } from 'vitest';

import { createRedactor, redactionDefaults } from './redaction.ts';

test.each([
  'authorization',
  'Authorization',
  'Proxy-Authorization',
  'cookie',
  'cookies',
  'Set-Cookie',
  'password',
  'userPassword',
  'passwords',
  'clientSecrets',
  'api-keys',
  'PASSWD',
  'db_passwd',
  'secret',
  'client_secret',
  'aws_secret_access_key',
  'token',
  'accessToken',
  'refresh-token',
  'id_token',
  'X-Amz-Security-Token',
  'apiKey',
  'api_key',
  'x-api-key',
  'privateKey',
  'creditCard',
  'credit_card_number',
  'cvv',
  'session',
  'session_id',
  'sid',
  'jwt',
])('O2 %s is a secret by its name', (name) => {
  expect(createRedactor()(name)).toBe(true);
});

test.each([
  'item_id',
  'author',
  'tokenizer',
  'inputTokens',
  'maxTokens',
  'nextToken',
  'pageToken',
  'secretary',
  'key',
  'passport',
  'pinned',
  '',
])('O2 %j is no secret', (name) => {
  expect(createRedactor()(name)).toBe(false);
});

test('O2 a team adds names in any spelling, and patterns', () => {
  const redacts = createRedactor(['I-Ban', 'nextToken', /^x-internal-/gi]);
  expect(['iban', 'IBAN', 'i_ban', 'next_token', 'password'].every(redacts)).toBe(true);
  // a pattern with the flag g must not match only every second time
  expect(['x-internal-a', 'x-internal-b', 'X-Internal-c'].every(redacts)).toBe(true);
  expect(redacts('ibanned')).toBe(false);
});

test('O2 false switches redaction off', () => {
  expect(createRedactor(false)('password')).toBe(false);
});

test('O2 a wrong option is refused by name', () => {
  // what plain JavaScript may pass
  for (const redact of [true, 'password', [1], [null], {}]) {
    expect(() => createRedactor(redact as never)).toThrow(/"redact" must be false or a list/);
  }
});

test('O2 decisions stay right when more names were asked for than are remembered', () => {
  const redacts = createRedactor();
  for (let index = 0; index < 5000; index++) redacts(`name${index}`);
  expect(redacts('password')).toBe(true);
  expect(redacts('x'.repeat(1000))).toBe(false);
  expect(redacts(`${'x'.repeat(1000)}_token`)).toBe(true);
});

test('O2 the defaults are there to read and not to change', () => {
  expect(redactionDefaults.names).toContain('authorization');
  expect(redactionDefaults.endings).toContain('token');
  expect(Object.isFrozen(redactionDefaults.names)).toBe(true);
});
