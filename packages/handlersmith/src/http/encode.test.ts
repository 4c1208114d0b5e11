import { runInNewContext } from 'node:vm';

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { answer, binary, HttpAnswer, html, noContent, notModified, ok } from './answer.ts';
import { answerOf, bytesOverLimit, encode, isProxyResult, UnsendableAnswer } from './encode.ts';
import { alb } from './source/alb.ts';
import type { EncodedAnswer } from './source/event.ts';
import { functionUrl } from './source/v2.ts';

class Hidden {
  readonly #id = 'a1';

  get id(): string {
    return this.#id;
  }
}

const encoded = (returned: unknown, headOnly = false): EncodedAnswer => {
  const answered = answerOf(returned);
  return encode(answered, { ...answered.headers }, headOnly);
};

describe('H22 header characters', () => {
  it.each(['a\r\nset-cookie: x=1', 'a\rb', 'a\nb', '\u0000', '\u001F', '\u007F', '€', '\uD800', '\u0100'])(
    'refuses the value %j',
    (value) => {
      expect(() => encoded(ok({}, { headers: { 'X-A': value } }))).toThrow(UnsendableAnswer);
      expect(() => encoded(ok({}, { headers: { 'X-A': value } }))).toThrow('header "x-a" holds characters');
      expect(() => encoded(ok({}, { cookies: [`a=${value}`] }))).toThrow(
        'A cookie of the answer holds characters',
      );
    },
  );

  it.each(['', ' ', 'x a', 'x:a', 'x\r\na', 'x\u0000', 'ä', 'x(a)', '"x"', 'x/a', 'x@a', 'x=a', 'x,a'])(
    'refuses the name %j',
    (name) => {
      expect(() => encoded(ok({}, { headers: { [name]: '1' } }))).toThrow(UnsendableAnswer);
    },
  );

  it.each([undefined, null, 7, true, ['a'], {}])('H11 refuses the value %o, which is no text', (value) => {
    const answered = ok({}, { headers: { 'x-a': value as string } }); // wrong on purpose
    expect(() => encoded(answered)).toThrow(UnsendableAnswer);
  });

  it('quotes no value, and of a name no more than a hundred letters', () => {
    const answered = ok({}, { headers: { ['x€'.repeat(500)]: 'secret\n' } });
    expect(() => encoded(answered)).toThrow(/^.{0,170}$/);
    expect(() => encoded(answered)).not.toThrow('secret');
  });

  it('sends any value of allowed characters, and no other', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom('a', ' ', '\t', '\r', '\n', '\u0000', 'é', 'ÿ', '€', '~', '\u007F'),
        }),
        (value) => {
          const sendable = /^[\t\x20-\x7e\x80-\xff]*$/.test(value);
          const act = (): unknown => encoded(ok({}, { headers: { 'x-a': value } })).headers['x-a'];
          expect(outcomeOf(act)).toBe(sendable ? value : UnsendableAnswer);
        },
      ),
    );
  });
});

/** What is given, or the class of what is thrown. */
function outcomeOf(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error instanceof Error ? error.constructor : error;
  }
}

describe('bodies that are no JSON', () => {
  const cyclic: Record<string, unknown> = {};
  cyclic['self'] = cyclic;
  it.each([
    ['a big integer', { id: 1n }],
    ['a cycle', cyclic],
    [
      'a toJSON that throws',
      {
        toJSON: () => {
          throw new Error('no');
        },
      },
    ],
    [
      'a getter that throws',
      {
        get a(): never {
          throw new Error('no');
        },
      },
    ],
    ['a function', () => 1],
    ['a symbol', Symbol('x')],
    ['a toJSON that gives nothing', { toJSON: () => undefined }],
    ['a fetched response', new Response('{"a":1}')],
    ['a buffer that is no bytes', new ArrayBuffer(1)],
    ['a map', new Map([['a', 1]])],
    ['a generator', [1].values()],
    ['an error that was returned', new Error('secret')],
    ['an object that shows nothing of itself', new Hidden()],
    ['lists too deep to be written', JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)],
  ])('%s is refused, with the cause where there is one', (_, body) => {
    expect(() => encoded(body)).toThrow(UnsendableAnswer);
    expect(() => encoded(body)).toThrow(/cannot be written as JSON/);
  });

  it('a stream is told where it belongs', () => {
    expect(() =>
      encoded(
        answer(
          200,
          (async function* () {
            yield 'x';
          })(),
        ),
      ),
    ).toThrow('only httpStreamHandler sends');
  });
});

describe('H11 H12 encode', () => {
  it.each([
    [null, 'null'],
    [0, '0'],
    [false, 'false'],
    ['', '""'],
    ['text', '"text"'],
    [[], '[]'],
    [{ a: undefined, b: new Date(0) }, '{"b":"1970-01-01T00:00:00.000Z"}'],
    [{ body: 'x' }, '{"body":"x"}'],
    [{}, '{}'],
    [Object.create(null), '{}'],
    [runInNewContext('({})'), '{}'],
    [
      new (class Empty {
        toJSON = undefined;
      })(),
      '{}',
    ],
    [
      new (class Told {
        toJSON(): object {
          return {};
        }
      })(),
      '{}',
    ],
    [{ statusCode: 200, body: 'x', id: 1 }, '{"statusCode":200,"body":"x","id":1}'],
    [{ statusCode: '200' }, '{"statusCode":"200"}'],
    [{ statusCode: 42 }, '{"statusCode":42}'],
    [{ statusCode: 200.5 }, '{"statusCode":200.5}'],
    ['\uD800', String.raw`"\ud800"`],
  ])('%o is the JSON of a 200', (returned, body) => {
    expect(encoded(returned)).toEqual({
      status: 200,
      headers: { 'content-type': 'application/json' },
      cookies: [],
      body,
      isBase64Encoded: false,
    });
  });

  it('H13 nothing returned is a 204 without body', () => {
    expect(encoded(undefined)).toEqual({
      status: 204,
      headers: {},
      cookies: [],
      body: '',
      isBase64Encoded: false,
    });
  });

  it.each([
    noContent(),
    notModified(),
    answer(204, { a: 1 }),
    answer(304, new Uint8Array([1])),
    answer(404, undefined),
  ])('H13 carries no body: %j', (answered) => {
    expect(encoded(answered)).toMatchObject({ body: '', isBase64Encoded: false });
  });

  it.each([
    [{ a: 1 }, 'application/json'],
    [html('<p>'), 'text/html; charset=utf-8'],
    [binary(new Uint8Array([1])), 'application/octet-stream'],
    ['text', 'application/json'],
  ])('H13 of a HEAD is all but the body: %j', (returned, type) => {
    expect(encoded(returned, true)).toEqual({ ...encoded(returned), body: '', isBase64Encoded: false });
    expect(encoded(returned, true).headers).toEqual({ 'content-type': type });
  });

  it('sends a text as it is where a content type says that it is one', () => {
    expect(encoded(html('<p>"ä"</p>'))).toMatchObject({ body: '<p>"ä"</p>', isBase64Encoded: false });
    expect(encoded(ok('a,b', { headers: { 'Content-Type': 'text/csv' } }))).toMatchObject({ body: 'a,b' });
    expect(encoded(ok({ a: 1 }, { headers: { 'content-type': 'application/hal+json' } }))).toMatchObject({
      headers: { 'content-type': 'application/hal+json' },
      body: '{"a":1}',
    });
  });

  it('H14 sends bytes as base64, those of a part of a buffer too', () => {
    const part = new Uint8Array(Uint8Array.from([9, 9, 1, 2, 3, 9]).buffer, 2, 3);
    expect(encoded(part)).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/octet-stream' },
      body: 'AQID',
      isBase64Encoded: true,
    });
    expect(encoded(new Uint8Array())).toMatchObject({ body: '', isBase64Encoded: true });
    expect(encoded(binary(Buffer.from('ä'), { contentType: 'image/webp' }))).toMatchObject({
      headers: { 'content-type': 'image/webp' },
      body: 'w6Q=',
    });
  });

  it('A1 leaves an answer that is shared as it was', () => {
    const shared = Object.freeze(ok(Object.freeze({ a: 1 }), { headers: Object.freeze({ 'x-a': '1' }) }));
    expect(encoded(shared)).toEqual(encoded(shared));
    expect(shared.headers).toEqual({ 'x-a': '1' });
  });
});

describe('H11 ready answers of hand-written handlers and Middy middlewares', () => {
  it.each([
    null,
    undefined,
    'text',
    {},
    { statusCode: 199 },
    { statusCode: 600 },
    { statusCode: Number.NaN },
    { statusCode: '200', body: '' },
    { statusCode: 200, id: 1 },
    { body: 'x' },
    { headers: {} },
  ])('%j is none', (value) => {
    expect(isProxyResult(value)).toBe(false);
  });

  it('are sent as they are, their cookies and lists apart', () => {
    const result = {
      statusCode: 201,
      headers: { 'X-A': 1, 'Set-Cookie': 'a=1; Expires=Wed, 21 Oct', hole: undefined },
      multiValueHeaders: { 'X-B': ['1', 2], 'set-cookie': ['b=2'] },
      cookies: ['c=3'],
      body: '{"ready":true}',
      isBase64Encoded: false,
    };
    expect(encoded(result)).toEqual({
      status: 201,
      headers: { 'x-a': '1', 'x-b': '1, 2', 'content-type': 'application/json' },
      cookies: ['c=3', 'a=1; Expires=Wed, 21 Oct', 'b=2'],
      body: '{"ready":true}',
      isBase64Encoded: false,
    });
    expect(result.cookies).toEqual(['c=3']);
  });

  it('keep their bytes', () => {
    expect(
      encoded({
        statusCode: 200,
        headers: { 'content-type': 'image/png' },
        body: 'AQID',
        isBase64Encoded: true,
      }),
    ).toMatchObject({
      headers: { 'content-type': 'image/png' },
      body: 'AQID',
      isBase64Encoded: true,
    });
    expect(encoded({ statusCode: 200, isBase64Encoded: true })).toMatchObject({ body: '' });
  });

  it.each([
    [{ statusCode: 302, headers: { location: '/' }, body: '' }, ''],
    [{ statusCode: 204 }, ''],
    [{ statusCode: 500, body: null }, ''],
    [{ statusCode: 200, body: { a: 1 } }, '{"a":1}'],
    [
      { statusCode: 200, statusDescription: 'OK', body: 'plain', headers: { 'content-type': 'text/plain' } },
      'plain',
    ],
  ])('%j', (result, body) => {
    expect(encoded(result)).toMatchObject({ status: result.statusCode, body });
  });
});

function of(body: string): EncodedAnswer {
  return { status: 200, headers: {}, cookies: [], body, isBase64Encoded: false };
}

function size(body: string): number {
  return Buffer.byteLength(JSON.stringify(alb.respond(of(body))));
}

describe('H19 bytesOverLimit', () => {
  it.each(['a', '"', '\\', 'ä', '€', '\u0001', '\uD800'])(
    'knows the exact byte, as Lambda counts %j',
    (letter) => {
      const room = alb.answerLimit - size('');
      const each = size(letter) - size('');
      const most = letter.repeat(Math.floor(room / each)) + 'a'.repeat(room % each);
      expect(bytesOverLimit(of(most), alb)).toBe(0);
      expect(bytesOverLimit(of(`${most}a`), alb)).toBe(1);
    },
  );

  it('is 1 MB for a load balancer and 6 MB for the rest', () => {
    const twoMegabytes = of('a'.repeat(2 * 1024 * 1024));
    expect(bytesOverLimit(twoMegabytes, alb)).toBeGreaterThan(1024 * 1024);
    expect(bytesOverLimit(twoMegabytes, functionUrl)).toBe(0);
    expect(bytesOverLimit(of('a'.repeat(6 * 1024 * 1024)), functionUrl)).toBeGreaterThan(0);
  });
});

it('HttpAnswer is what it was made of', () => {
  expect(answerOf(new HttpAnswer(207, [1]))).toEqual(new HttpAnswer(207, [1]));
});
