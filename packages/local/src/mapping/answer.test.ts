import { describe, expect, test } from 'vitest';

import type { FunctionResult } from '../function/function.ts';
import { batchFailures, windowState } from './answer.ts';

const measured = { duration: 1, memoryUsed: 1 };
const ids = new Set(['a', 'b', 'c']);
const answered = (answer: unknown): FunctionResult => ({
  ok: true,
  payload: answer === undefined ? '' : JSON.stringify(answer),
  ...measured,
});
const failed: FunctionResult = {
  ok: false,
  reason: 'error',
  error: { errorType: 'Error', errorMessage: 'boom', trace: [] },
  ...measured,
};

describe('Q1 what a function says about a batch', () => {
  test.each([undefined, null, {}, { batchItemFailures: [] }, { batchItemFailures: null }, { other: 1 }])(
    'all is done with %j',
    (answer) => {
      expect(batchFailures(answered(answer), ids, true)).toEqual(new Set());
    },
  );

  test('some have failed', () => {
    const answer = { batchItemFailures: [{ itemIdentifier: 'b' }, { itemIdentifier: 'c' }] };
    expect(batchFailures(answered(answer), ids, true)).toEqual(new Set(['b', 'c']));
  });

  test.each([
    'ok',
    7,
    [],
    { batchItemFailures: 'b' },
    { batchItemFailures: {} },
    { batchItemFailures: ['b'] },
    { batchItemFailures: [{}] },
    { batchItemFailures: [{ itemIdentifier: '' }] },
    { batchItemFailures: [{ itemIdentifier: null }] },
    { batchItemFailures: [{ itemIdentifier: 'unknown' }] },
    { batchItemFailures: [{ itemIdentifier: 'b' }, { ItemIdentifier: 'c' }] },
  ])('a malformed answer is a complete failure: %j', (answer) => {
    expect(batchFailures(answered(answer), ids, true)).toBe('all');
  });

  test('a function that failed has failed all, whether or not it reports', () => {
    expect(batchFailures(failed, ids, true)).toBe('all');
    expect(batchFailures(failed, ids, false)).toBe('all');
  });

  test('without ReportBatchItemFailures an answer is not looked at', () => {
    expect(batchFailures(answered({ batchItemFailures: [{ itemIdentifier: 'a' }] }), ids, false)).toEqual(
      new Set(),
    );
  });
});

test('D9 the state of a window is what the function gives back', () => {
  expect(windowState(answered({ state: { sum: 3 } }))).toEqual({ sum: 3 });
  expect(windowState(answered(null))).toEqual({});
  expect(windowState(failed)).toEqual({});
});
