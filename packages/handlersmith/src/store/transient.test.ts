import { describe, expect, it } from 'vitest';

import { isTransient } from './transient.ts';

const named = (name: string, more: object = {}): Error => Object.assign(new Error(name), { name, ...more });
const cancelled = (...codes: string[]): Error =>
  named('TransactionCanceledException', {
    $metadata: { httpStatusCode: 400 },
    CancellationReasons: codes.map((Code) => ({ Code })),
  });

describe('never passes', () => {
  it.each([
    ['a condition that did not hold', cancelled('ConditionalCheckFailed', 'None')],
    [
      'a condition that did not hold, before a conflict',
      cancelled('None', 'ConditionalCheckFailed', 'TransactionConflict'),
    ],
    ['an item that is too large', cancelled('None', 'ValidationError')],
    ['a cancellation without reasons', named('TransactionCanceledException')],
    ['a failed precondition', named('PreconditionFailed', { $metadata: { httpStatusCode: 412 } })],
    ['missing rights', named('AccessDeniedException', { $metadata: { httpStatusCode: 400 } })],
    ['a slip in a program', new TypeError('x is not a function')],
    ['a text', 'TimeoutError'],
    ['nothing', undefined],
  ])('%s', (_, error) => {
    expect(isTransient(error)).toBe(false);
  });
});

describe('passes', () => {
  it.each([
    [
      'a conflict of conditional requests',
      named('ConditionalRequestConflict', { $metadata: { httpStatusCode: 409 } }),
    ],
    ['a conflict of transactions', cancelled('None', 'TransactionConflict')],
    [
      'a conflict before a condition that did not hold: without it, the record may say why',
      cancelled('TransactionConflict', 'ConditionalCheckFailed'),
    ],
    ['a throttled transaction', cancelled('ThrottlingError', 'None')],
    ['the same transaction under way', named('TransactionInProgressException')],
    ['throttling', named('ProvisionedThroughputExceededException')],
    ['a slow S3', named('SlowDown', { $metadata: { httpStatusCode: 503 } })],
    ['any fault of the service', named('Whatever', { $metadata: { httpStatusCode: 500 } })],
    ['a cut connection', named('Error', { code: 'ECONNRESET' })],
    ['no answer', named('TimeoutError')],
    ['bytes damaged on their way', named('BadDigest', { $metadata: { httpStatusCode: 400 } })],
  ])('%s', (_, error) => {
    expect(isTransient(error)).toBe(true);
  });
});
