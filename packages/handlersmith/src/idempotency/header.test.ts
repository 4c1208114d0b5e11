import { describe, expect, it } from 'vitest';

import { idempotencyKeyHeader } from './header.ts';

const keyIn = (value: string | undefined): string | undefined =>
  idempotencyKeyHeader()({ header: (name) => (name === 'idempotency-key' ? value : undefined) });

describe('idempotencyKeyHeader', () => {
  it.each([
    ['"8e03978e-40d5-43e8-bc93-6894a57f9324"', '8e03978e-40d5-43e8-bc93-6894a57f9324'],
    ['8e03978e-40d5-43e8-bc93-6894a57f9324', '8e03978e-40d5-43e8-bc93-6894a57f9324'],
    [' "a b, c" ', 'a b, c'],
    [String.raw`"a\"b\\c"`, String.raw`a"b\c`],
    ['x'.repeat(255), 'x'.repeat(255)],
  ])('O5 reads %s', (value, key) => {
    expect(keyIn(value)).toBe(key);
  });

  it.each([undefined, '', '  '])('O5 has no key for %j', (value) => {
    expect(keyIn(value)).toBeUndefined();
  });

  it.each([
    'one, two',
    '"one", "two"',
    '""',
    '"open',
    'a b',
    'ä',
    'x'.repeat(256),
    `"${'x'.repeat(256)}"`,
    String.raw`"a\b"`,
  ])('O5 refuses %s with a 400, required or not', (value) => {
    expect(() => keyIn(value)).toThrow(
      expect.objectContaining({
        statusCode: 400,
        expose: true,
        message: expect.stringContaining('Idempotency-Key') as unknown,
      }),
    );
  });

  it('takes another name, and refuses what is none', () => {
    expect(idempotencyKeyHeader({ name: 'X-Request' })({ header: (name) => `the ${name}`.slice(4) })).toBe(
      'x-request',
    );
    expect(() => idempotencyKeyHeader({ name: 'a b' })).toThrow('option "name" must be a header name');
  });
});
