import { describe, expect, it } from 'vitest';

import { DeadlineReached } from '../handler/deadline.ts';
import { RetryLater } from '../handler/later.ts';
import { UnreadableBody } from './body.ts';
import { fieldErrors, problemAnswer, Refusal, refusalOf, refuseFields, RequestRefused } from './fault.ts';
import { HttpProblem } from './problem.ts';
import { MalformedEncoding } from './query.ts';

const hidden = { status: 500, detail: undefined, errors: undefined, problem: undefined };

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

describe('H16 shows nothing of', () => {
  const throwing = new Error('secret');
  Object.defineProperty(throwing, 'statusCode', {
    get: () => {
      throw new Error('no looking');
    },
  });
  Object.assign(throwing, { expose: true });

  it.each([
    ['an error', new Error('secret')],
    ['a frozen error', Object.freeze(new Error('secret'))],
    ['a text', 'secret'],
    ['a number', 404],
    ['a symbol', Symbol('secret')],
    ['a function', () => 'secret'],
    [
      'an error without a prototype',
      Object.assign(Object.create(null), { statusCode: 404, expose: true, message: 'secret' }),
    ],
    ['a plain object that looks like one', { statusCode: 404, expose: true, message: 'secret' }],
    ['an error with throwing getters', throwing],
    ["an upstream client's error", Object.assign(new Error('secret'), { statusCode: 404 })],
    [
      "an upstream client's error of the SDK",
      Object.assign(new Error('secret'), {
        $metadata: { httpStatusCode: 400 },
        $fault: 'client',
        statusCode: 400,
      }),
    ],
    ['an error that hides itself', Object.assign(new Error('secret'), { statusCode: 404, expose: false })],
    ['an error with an odd mark', Object.assign(new Error('secret'), { statusCode: 404, expose: 'true' })],
    ['an error with no number', Object.assign(new Error('secret'), { statusCode: '404', expose: true })],
    ['an error with half a number', Object.assign(new Error('secret'), { statusCode: 404.5, expose: true })],
    ['an exposed 5xx', Object.assign(new Error('secret'), { statusCode: 503, expose: true })],
    ['an exposed success', Object.assign(new Error('secret'), { statusCode: 200, expose: true })],
  ])('%s, and keeps it for the log', (_, thrown) => {
    const refusal = refusalOf(thrown);
    expect(refusal).toMatchObject(hidden);
    expect(refusal.error).toBe(thrown);
    expect(JSON.stringify(problemAnswer(refusal, 'id').body)).toBe(
      '{"type":"about:blank","title":"Internal Server Error","status":500,"requestId":"id"}',
    );
  });

  it('a revoked proxy, which cannot even be looked at', () => {
    const proxy = revoked();
    const refusal = refusalOf(proxy);
    expect(refusal.status).toBe(500);
    expect(Object.is(refusal.error, proxy)).toBe(true);
  });

  it.each([undefined, null])('%o, of which the log says so', (thrown) => {
    expect(refusalOf(thrown)).toMatchObject({
      ...hidden,
      error: new Error(`The handler threw ${String(thrown)}`),
    });
  });
});

describe('H16 shows', () => {
  it('a problem', () => {
    const problem = new HttpProblem(409, 'Already paid', { headers: { 'x-a': '1' } });
    expect(refusalOf(problem)).toMatchObject({
      status: 409,
      detail: 'Already paid',
      headers: { 'x-a': '1' },
      problem,
      error: undefined,
    });
  });

  it('a frozen problem', () => {
    expect(refusalOf(Object.freeze(new HttpProblem(404, 'gone')))).toMatchObject({
      status: 404,
      detail: 'gone',
    });
  });

  it('a problem that is a fault, and logs it; its cause goes before', () => {
    const problem = new HttpProblem(503, 'Not now');
    expect(refusalOf(problem).error).toBe(problem);
    const cause = new Error('pool is empty');
    expect(refusalOf(new HttpProblem(503, 'Not now', { cause })).error).toBe(cause);
    expect(refusalOf(new HttpProblem(404, 'Not here', { cause })).error).toBe(cause);
  });

  it.each([400, 404, 422, 499])(
    'an error that says it may be shown, as those of Middy do: %d',
    (statusCode) => {
      const error = Object.assign(new Error('the reason'), { statusCode, expose: true });
      expect(refusalOf(error)).toMatchObject({ status: statusCode, detail: 'the reason', error: undefined });
    },
  );

  it.each([
    [new UnreadableBody(415, 'Expected application/json'), 415, 'Expected application/json'],
    [new UnreadableBody(400, 'The body is not valid JSON'), 400, 'The body is not valid JSON'],
    [new MalformedEncoding('path', new URIError('x')), 400, 'The path holds a malformed percent-encoding'],
  ])('%o', (error, status, detail) => {
    expect(refusalOf(error)).toMatchObject({ status, detail, error: undefined });
  });

  it.each([
    [409, undefined],
    [503, 'the error'],
  ] as const)('a failure that passes, and when to come back: %d', (status, logged) => {
    const error = new RetryLater(status, 'Come again', { retryAfter: 1.2, cause: new Error('private') });
    expect(refusalOf(error)).toMatchObject({
      status,
      detail: 'Come again',
      headers: { 'retry-after': '2' },
      error: logged === undefined ? undefined : error,
    });
  });

  it('H18 the deadline as a 504, and logs it', () => {
    const error = new DeadlineReached(200);
    expect(refusalOf(error)).toMatchObject({ status: 504, detail: 'The request took too long', error });
  });

  it('a refusal that travelled as an error, as it was', () => {
    const refusal = new Refusal(413, 'too large');
    const error = new RequestRefused(refusal);
    expect(refusalOf(error)).toBe(refusal);
    expect(error).toMatchObject({ message: 'too large', statusCode: 413, expose: true });
    expect(new RequestRefused(new Refusal(404)).message).toBe('Not Found');
  });
});

describe('H16 problemAnswer', () => {
  it('is RFC 9457 JSON with the request id and field errors', () => {
    const issues = [{ pointer: '/a', message: 'must be text', wrongType: true }];
    const answer = problemAnswer(refuseFields(fieldErrors('body', issues)), 'id-1');
    expect(answer.headers).toEqual({ 'content-type': 'application/problem+json' });
    expect(answer.body).toEqual({
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      detail: 'The request is not as expected: see errors',
      requestId: 'id-1',
      errors: [{ in: 'body', pointer: '/a', message: 'must be text' }],
    });
  });

  it('has the type, title, instance and members of the problem, which cannot replace the standard ones', () => {
    const problem = new HttpProblem(409, undefined, {
      type: 'https://example.com/paid',
      title: 'Paid',
      instance: '/orders/1',
      extensions: { orderId: 1, status: 200, title: 'x', requestId: 'forged' },
      headers: { 'content-type': 'text/html', 'x-a': '1' },
    });
    const answer = problemAnswer(refusalOf(problem), undefined);
    expect(answer.status).toBe(409);
    expect(JSON.parse(JSON.stringify(answer.body))).toEqual({
      orderId: 1,
      type: 'https://example.com/paid',
      title: 'Paid',
      status: 409,
      instance: '/orders/1',
    });
    expect(answer.headers).toEqual({ 'content-type': 'application/problem+json', 'x-a': '1' });
  });

  it('keeps its content type however a header of the problem is written', () => {
    const problem = new HttpProblem(409, undefined, { headers: { 'Content-Type': 'text/html' } });
    expect(problemAnswer(refusalOf(problem), undefined).headers).toEqual({
      'content-type': 'application/problem+json',
    });
  });
});
