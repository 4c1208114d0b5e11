import { describe, expect, it } from 'vitest';

import { type HttpSource, httpSources } from '../http/source.ts';
import { readAnswer } from './read.ts';
import { AnswerRefused } from './refused.ts';

/** The smallest good answer of each source. */
const good: Readonly<Record<HttpSource, Record<string, unknown>>> = {
  rest: { statusCode: 200, body: 'ok' },
  httpApi: { statusCode: 200, body: 'ok' },
  functionUrl: { statusCode: 200, body: 'ok' },
  alb: { statusCode: 200, statusDescription: '200 OK', body: 'ok', isBase64Encoded: false },
  albMulti: { statusCode: 200, statusDescription: '200 OK', body: 'ok', isBase64Encoded: false },
};

function withHeaders(source: HttpSource, headers: Readonly<Record<string, string>>): Record<string, unknown> {
  if (source !== 'albMulti') return { ...good[source], headers };
  const multiValueHeaders = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, [value]]),
  );
  return { ...good[source], multiValueHeaders };
}

/** Id of the rule that an answer breaks, or `taken`. */
function ruleOf(source: HttpSource, answer: unknown, method?: string): string {
  try {
    readAnswer(source, answer, { method });
  } catch (error) {
    if (
      error instanceof AnswerRefused &&
      error.source === source &&
      error.message.startsWith(`[${error.rule}]`)
    ) {
      return error.rule;
    }
    throw error;
  }
  return 'taken';
}

describe.each(httpSources)('%s refuses', (source) => {
  const isV2 = source === 'httpApi' || source === 'functionUrl';

  it.each([undefined, null, 'ok', 7, [], () => 'ok'])('H11 H12 an answer that is no object: %j', (answer) => {
    expect(ruleOf(source, answer)).toBe(isV2 ? 'H12' : 'H11');
  });

  it('H11 H12 an answer without a status', () => {
    expect(ruleOf(source, { ...good[source], statusCode: undefined })).toBe(isV2 ? 'H12' : 'H11');
  });

  it.each(['200', 200.5, 99, 600, null, Number.NaN])('H11 the status %j', (statusCode) => {
    expect(ruleOf(source, { ...good[source], statusCode })).toBe('H11');
  });

  it('H11 an unknown key', () => {
    expect(ruleOf(source, { ...good[source], status: 200 })).toBe('H11');
  });

  it('H9 H11 headers in the wrong place', () => {
    const extra = {
      rest: 'cookies',
      httpApi: 'multiValueHeaders',
      functionUrl: 'multiValueHeaders',
    } as const;
    const balancer = { alb: 'multiValueHeaders', albMulti: 'headers' } as const;
    const key = { ...extra, ...balancer }[source];
    const rule = { rest: 'H9', httpApi: 'H11', functionUrl: 'H11', alb: 'H10', albMulti: 'H10' }[source];
    expect(ruleOf(source, { ...good[source], [key]: key === 'cookies' ? [] : {} })).toBe(rule);
  });

  it.each([7, true, null, { a: 1 }])('H11 the header value %j', (value) => {
    const key = source === 'albMulti' ? 'multiValueHeaders' : 'headers';
    expect(
      ruleOf(source, { ...good[source], [key]: { 'x-a': source === 'albMulti' ? [value] : value } }),
    ).toBe('H11');
    expect(ruleOf(source, { ...good[source], [key]: 'x-a: 1' })).toBe('H11');
  });

  it.each([7, null, { a: 1 }])('H11 the body %j', (body) => {
    expect(ruleOf(source, { ...good[source], body })).toBe('H11');
  });

  it('H11 what JSON cannot hold, with the cause', () => {
    expect(() => readAnswer(source, { ...good[source], body: 1n })).toThrow(
      expect.objectContaining({ rule: 'H11', cause: expect.any(TypeError) }),
    );
  });

  it('H11 one header in two cases', () => {
    expect(ruleOf(source, withHeaders(source, { 'X-A': '1', 'x-a': '2' }))).toBe('H11');
    expect(ruleOf(source, withHeaders(source, { 'Set-Cookie': 'a=1', 'set-cookie': 'b=2' }))).toBe('H9');
  });

  it('H9 cookies joined by a comma, and takes the comma of a date', () => {
    expect(ruleOf(source, withHeaders(source, { 'set-cookie': 'a=1; Secure, b=2' }))).toBe('H9');
    const dated = 'a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT; Path=/';
    expect(readAnswer(source, withHeaders(source, { 'set-cookie': dated })).cookies).toEqual([dated]);
  });

  it.each([204, 304, 101])('H13 a body on %i', (statusCode) => {
    const answer = {
      ...good[source],
      statusCode,
      ...(source.startsWith('alb') && { statusDescription: `${statusCode} X` }),
    };
    expect(ruleOf(source, answer)).toBe('H13');
    expect(ruleOf(source, { ...answer, body: '' })).toBe('taken');
  });

  it('H13 a body on HEAD', () => {
    expect(ruleOf(source, good[source], 'HEAD')).toBe('H13');
    expect(ruleOf(source, { ...good[source], body: '' }, 'HEAD')).toBe('taken');
    expect(ruleOf(source, good[source], 'GET')).toBe('taken');
  });

  it.each(['not base64!', 'YQ', 'YQ=a'])('H14 the base64 %j', (body) => {
    expect(ruleOf(source, { ...good[source], body, isBase64Encoded: true })).toBe('H14');
  });

  it('H14 an isBase64Encoded that is no boolean', () => {
    expect(ruleOf(source, { ...good[source], isBase64Encoded: 'true' })).toBe('H14');
  });

  it('H19 more than it takes', () => {
    const limit = source.startsWith('alb') ? 1024 * 1024 : 6 * 1024 * 1024;
    const frame = JSON.stringify({ ...good[source], body: '' }).length;
    expect(ruleOf(source, { ...good[source], body: 'x'.repeat(limit - frame) })).toBe('taken');
    expect(ruleOf(source, { ...good[source], body: 'x'.repeat(limit - frame + 1) })).toBe('H19');
    // A character of two bytes counts for two.
    expect(ruleOf(source, { ...good[source], body: 'é'.repeat(limit / 2) })).toBe('H19');
  });

  it.each(['a\r\nx-evil: 1', 'a\nb', 'a\rb', 'a\0b', 'π', '\u{1F4A9}'])(
    'H22 the header value %j',
    (value) => {
      expect(ruleOf(source, withHeaders(source, { 'x-a': value }))).toBe('H22');
      expect(ruleOf(source, withHeaders(source, { 'set-cookie': value }))).toBe('H22');
    },
  );

  it.each(['x a', '', 'x:', 'x\n', 'é'])('H22 the header name %j', (name) => {
    expect(ruleOf(source, withHeaders(source, { [name]: '1' }))).toBe('H22');
  });
});

describe.each(['alb', 'albMulti'] as const)('%s refuses', (source) => {
  it.each([undefined, '', 'OK', '404 Not Found', '2000', 200])(
    'H10 the status description %j',
    (statusDescription) => {
      expect(ruleOf(source, { ...good[source], statusDescription })).toBe('H10');
    },
  );

  it('H10 an answer that does not say whether it is base64', () => {
    expect(ruleOf(source, { ...good[source], isBase64Encoded: undefined })).toBe('H10');
  });

  it('H9 a cookies key', () => {
    expect(ruleOf(source, { ...good[source], cookies: ['a=1'] })).toBe('H9');
  });
});

describe.each(['httpApi', 'functionUrl'] as const)('%s', (source) => {
  it('H9 gives the cookies one by one', () => {
    expect(readAnswer(source, { ...good[source], cookies: ['a=1', 'b=2'] }).cookies).toEqual(['a=1', 'b=2']);
  });

  it.each(['a=1', [1], { a: 1 }])('H9 refuses the cookies %j', (cookies) => {
    expect(ruleOf(source, { ...good[source], cookies })).toBe('H9');
  });

  it('H9 refuses cookies in two places, joined or broken', () => {
    const cookies = ['a=1'];
    expect(ruleOf(source, { ...good[source], cookies, headers: { 'set-cookie': 'b=2' } })).toBe('H9');
    expect(ruleOf(source, { ...good[source], cookies: ['a=1, b=2'] })).toBe('H9');
    expect(ruleOf(source, { ...good[source], cookies: ['a=1\r\nb: 2'] })).toBe('H22');
  });

  it('H10 knows no statusDescription', () => {
    expect(ruleOf(source, { ...good[source], statusDescription: '200 OK' })).toBe('H11');
  });
});

describe('rest', () => {
  it('H11 merges headers and multiValueHeaders, and takes a value in both once', () => {
    const response = readAnswer('rest', {
      ...good.rest,
      headers: { 'X-Tag': 'a', 'X-One': '1' },
      multiValueHeaders: { 'x-tag': ['a', 'b'], 'Set-Cookie': ['a=1', 'b=2'] },
    });
    expect(response.headers).toEqual({ 'x-tag': 'a, b', 'x-one': '1' });
    expect(response.cookies).toEqual(['a=1', 'b=2']);
  });
});

describe.each(httpSources)('a response from %s', (source) => {
  it('has status, body and headers in any case', () => {
    const answer = {
      ...withHeaders(source, { 'Content-Type': 'application/json' }),
      body: '{"name":"Größe"}',
    };
    const response = readAnswer(source, answer);
    expect(response.status).toBe(200);
    expect(response.headers).toEqual({ 'content-type': 'application/json' });
    expect(response.header('CONTENT-type')).toBe('application/json');
    expect(response.header('constructor')).toBeUndefined();
    expect(response.text()).toBe('{"name":"Größe"}');
    expect(response.json()).toEqual({ name: 'Größe' });
    expect(response.raw).toBe(answer);
  });

  it('H14 has the bytes that were meant', () => {
    const { bytes } = readAnswer(source, { ...good[source], body: 'AP/+', isBase64Encoded: true });
    expect(bytes).toEqual(new Uint8Array([0, 255, 254]));
    expect(bytes.buffer.byteLength).toBe(3);
  });

  it('shows a body that is not the JSON it was taken for', () => {
    const response = readAnswer(source, { ...good[source], body: '<html>'.padEnd(500, '-') });
    expect(() => response.json()).toThrow(/200 is not JSON: "<html>-{194}…"/);
  });

  it('may have no body at all', () => {
    const response = readAnswer(source, { ...good[source], body: undefined });
    expect(response.bytes).toEqual(new Uint8Array());
    expect(response.text()).toBe('');
  });
});
