import { describe, expect, it } from 'vitest';

import {
  badRequest,
  conflict,
  contentTooLarge,
  forbidden,
  gone,
  HttpProblem,
  notFound,
  preconditionFailed,
  preconditionRequired,
  serviceUnavailable,
  tooManyRequests,
  unauthorized,
  unprocessable,
  unsupportedMediaType,
} from './problem.ts';

describe('HttpProblem', () => {
  it.each([200, 399, 600, 0, -1, 404.5, Number.NaN, Infinity, '404' as unknown as number])(
    'A6 refuses the status %o',
    (status) => {
      expect(() => new HttpProblem(status)).toThrow(RangeError);
      expect(() => new HttpProblem(status)).toThrow(
        `expected a status from 400 to 599, got ${String(status)}`,
      );
    },
  );

  it('H16 says what the status says, unless told more', () => {
    expect(Object.assign({}, new HttpProblem(404))).toEqual({
      name: 'HttpProblem',
      status: 404,
      type: 'about:blank',
      title: 'Not Found',
      detail: undefined,
      instance: undefined,
      extensions: {},
      headers: {},
    });
    expect(new HttpProblem(499).title).toBe('Client Error');
    expect(new HttpProblem(599).title).toBe('Server Error');
    expect(new HttpProblem(404).message).toBe('Not Found');
    expect('cause' in new HttpProblem(404)).toBe(false);
  });

  it('H16 says all it is told', () => {
    const cause = new Error('underneath');
    const problem = new HttpProblem(409, 'Already paid', {
      type: 'https://example.com/paid',
      title: 'Paid',
      instance: '/orders/1',
      extensions: { orderId: 1 },
      headers: { 'x-a': '1' },
      cause,
    });
    expect(problem).toMatchObject({
      message: 'Already paid',
      status: 409,
      type: 'https://example.com/paid',
      title: 'Paid',
      detail: 'Already paid',
      instance: '/orders/1',
      extensions: { orderId: 1 },
      headers: { 'x-a': '1' },
      cause,
    });
    expect(problem).toBeInstanceOf(Error);
  });
});

describe.each([
  [400, badRequest],
  [401, unauthorized],
  [403, forbidden],
  [404, notFound],
  [409, conflict],
  [410, gone],
  [412, preconditionFailed],
  [413, contentTooLarge],
  [415, unsupportedMediaType],
  [422, unprocessable],
  [428, preconditionRequired],
  [429, tooManyRequests],
  [503, serviceUnavailable],
])('%d', (status, make) => {
  it('has a maker of its own', () => {
    expect(make()).toBeInstanceOf(HttpProblem);
    expect(make()).toMatchObject({ status, detail: undefined });
    expect(make('why', { type: 'about:why', headers: { 'x-a': '1' } })).toMatchObject({
      status,
      detail: 'why',
      type: 'about:why',
      headers: { 'x-a': '1' },
    });
  });

  it('costs no stack: it is an answer, not a fault', () => {
    expect(make('why').stack).not.toContain('\n    at ');
  });
});

it('401 challenges as a bearer, or as told', () => {
  expect(unauthorized().headers).toEqual({ 'www-authenticate': 'Bearer' });
  expect(unauthorized('who?', { challenge: 'DPoP' }).headers).toEqual({
    'www-authenticate': 'DPoP',
  });
  expect(unauthorized('who?', { headers: { 'www-authenticate': 'Basic' } }).headers).toEqual({
    'www-authenticate': 'Basic',
  });
});

it.each([tooManyRequests, serviceUnavailable])('H18 says when to come back, in whole seconds: %o', (make) => {
  expect(make('wait', { retryAfter: 0.2 }).headers).toEqual({ 'retry-after': '1' });
  expect(make('wait', { retryAfter: 30, headers: { 'x-a': '1' } }).headers).toEqual({
    'retry-after': '30',
    'x-a': '1',
  });
  expect(make('wait', {}).headers).toEqual({});
});
