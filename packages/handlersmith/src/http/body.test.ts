import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { anyLetter, wellFormedText } from '../../test/text.ts';
import { type BodyFormat, bytesOf, exceeds, guessBody, hasBody, readBody, UnreadableBody } from './body.ts';

const plain = (body: string): { body: string; isBase64Encoded: boolean } => ({
  body,
  isBase64Encoded: false,
});
const base64 = (bytes: string | Uint8Array): { body: string; isBase64Encoded: boolean } => ({
  body: Buffer.from(bytes).toString('base64'),
  isBase64Encoded: true,
});
const json = 'application/json';
const form = 'application/x-www-form-urlencoded';

/** What a body reads as, or what was thrown. */
function outcomeOf(body: string, format: BodyFormat = 'json', type: string = json): unknown {
  try {
    return readBody(plain(body), format, type);
  } catch (error) {
    return error;
  }
}

describe('H5 JSON', () => {
  it.each([
    '{',
    '{"a":}',
    "{'a':1}",
    '{"a":1,}',
    '[1,]',
    'NaN',
    'undefined',
    '01',
    '"\t"',
    '{"a":1}{"b":2}',
    '\\u0000',
    'a',
    '"\\ud8"',
    ' ',
  ])('refuses the malformed %j and quotes nothing of it', (body) => {
    expect(outcomeOf(body)).toEqual(new UnreadableBody(400, 'The body is not valid JSON'));
  });

  it.each(['{"__proto__"', '{"constructor":{"prototype":}}', '{"\\u005f_proto__":1'])(
    'refuses the malformed %j too',
    (body) => {
      expect(outcomeOf(body)).toEqual(new UnreadableBody(400, 'The body is not valid JSON'));
    },
  );

  it('has no stack to be paid for, and a reason fit for the caller', () => {
    const error = outcomeOf('{secret') as UnreadableBody; // seen above
    expect(error.stack).not.toContain('\n    at ');
    expect(error.message).not.toContain('secret');
    expect(error.cause).toBeUndefined();
  });

  it.each([
    ['null', null],
    ['0', 0],
    ['"text"', 'text'],
    ['[]', []],
    [' {"a" : [1, {"b": null}]} ', { a: [1, { b: null }] }],
    ['\uFEFF{"a":1}', { a: 1 }],
    ['{"a":1,"a":2}', { a: 2 }],
    [String.raw`"\ud800"`, '\uD800'],
  ])('reads %j', (body, value) => {
    expect(outcomeOf(body)).toEqual(value);
  });

  it('reads any JSON back as it was written, plain and as base64', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: anyLetter }), (value) => {
        const text = JSON.stringify(value);
        const expected: unknown = JSON.parse(text);
        fc.pre(!hasForbiddenKey(expected));
        expect(readBody(plain(text), 'json', json)).toEqual(expected);
        expect(readBody(base64(text), 'json', json)).toEqual(expected);
      }),
    );
  });

  it('reads 10,000 nested lists: parsing is iterative', () => {
    const depth = 10_000;
    let value = outcomeOf('['.repeat(depth) + ']'.repeat(depth));
    let seen = 0;
    while (Array.isArray(value)) {
      seen += 1;
      value = (value as unknown[])[0];
    }
    expect(seen).toBe(depth);
  });

  it.each(['"__proto__",', '"\\u005f",'])(
    'answers deep lists that hold %s, read or refused, with no fault',
    (text) => {
      const depth = 10_000;
      const outcome = outcomeOf('['.repeat(depth) + text.slice(0, -1) + ']'.repeat(depth));
      expect(Array.isArray(outcome) || outcome instanceof UnreadableBody).toBe(true);
    },
  );
});

function hasForbiddenKey(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(
    ([name, member]: [string, unknown]) =>
      name === '__proto__' ||
      (name === 'constructor' &&
        typeof member === 'object' &&
        member !== null &&
        Object.hasOwn(member, 'prototype')) ||
      hasForbiddenKey(member),
  );
}

/** Every spelling of a key with one letter escaped, in either case of hex digits. */
function spellings(key: string): string[] {
  return key.split('').flatMap((letter, index) => {
    const code = letter.charCodeAt(0).toString(16).padStart(4, '0');
    return [code, code.toUpperCase()].map(
      (digits) => `${key.slice(0, index)}\\u${digits}${key.slice(index + 1)}`,
    );
  });
}

describe('H5 forbidden keys', () => {
  const forbidden = new UnreadableBody(
    400,
    'The body holds a forbidden key: __proto__ or constructor.prototype',
  );

  it.each(['__proto__', ...spellings('__proto__')])('refuses "%s"', (key) => {
    for (const body of [`{"${key}":{}}`, `[{"a":{"${key}":1}}]`, `{"a":[0,{"${key}":null}]}`]) {
      expect(outcomeOf(body)).toEqual(forbidden);
    }
  });

  it.each(['constructor', ...spellings('constructor')])('refuses "%s" that holds a prototype', (key) => {
    for (const prototype of ['prototype', ...spellings('prototype')]) {
      expect(outcomeOf(`{"a":[{"${key}":{"${prototype}":{}}}]}`)).toEqual(forbidden);
    }
  });

  it.each([
    '{"constructor":"Acme Builders"}',
    '{"constructor":null}',
    '{"constructor":{"name":"x"}}',
    '{"prototype":{"constructor":1}}',
    '{"a":"__proto__"}',
    '{"a":"\\"__proto__\\":"}',
    '["constructor","prototype"]',
    '{"__proto":1,"proto__":2,"__PROTO__":3,"__proto__ ":4}',
    '{"a":"\\u005f\\u0063"}',
  ])('takes %s', (body) => {
    expect(outcomeOf(body)).toEqual(JSON.parse(body));
  });

  it('are refused in any position of any body, and no body without one is', () => {
    const key = fc.constantFrom('a', '__proto__', 'constructor', 'prototype', 'toString', '_', '__proto__x');
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.constantFrom(null, 1, '__proto__', 'constructor', '"prototype":'),
        fc.array(tie('value'), { maxLength: 3 }),
        fc
          .array(fc.tuple(key, tie('value')), { maxLength: 3 })
          .map((entries): unknown => Object.fromEntries(entries)),
      ),
    }));
    // How a client spells the letters must not matter.
    const escape = fc.constantFrom<(text: string) => string>(
      (text) => text,
      (text) => text.replaceAll('_', '\\u005f'),
      (text) => text.replaceAll('_', '\\u005F'),
      (text) => text.replaceAll('c', '\\u0063'),
      (text) => text.replaceAll('p', '\\u0070').replaceAll('o', '\\u006F'),
      (text) => text.replaceAll('t', '\\u0074'),
    );
    fc.assert(
      fc.property(value, escape, (given, spelled) => {
        expect(outcomeOf(spelled(JSON.stringify(given)))).toEqual(hasForbiddenKey(given) ? forbidden : given);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('H5 media types', () => {
  it.each([
    ['json', undefined],
    ['json', ''],
    ['json', 'text/plain'],
    ['json', 'text/json'],
    ['json', 'application/jsonp'],
    ['json', 'application/json5'],
    ['json', 'application/jsonx+xml'],
    ['json', 'xapplication/json'],
    ['json', 'application/json, text/plain'],
    ['json', 'application/json; charset=utf-16'],
    ['json', 'application/json; charset="iso-8859-1"'],
    ['json', 'application / json'],
    ['form', 'application/json'],
    ['form', 'multipart/form-data; boundary=x'],
    ['form', 'application/x-www-form-urlencoded; charset=latin1'],
    ['text', 'application/json'],
    ['text', 'text'],
    ['text', 'text/'],
    ['text', 'text/plain;charset=windows-1252'],
  ] as const)('%s bodies are not taken as %j', (format, type) => {
    const act = (): unknown => readBody(plain('{}'), format, type);
    expect(act).toThrow(UnreadableBody);
    expect(act).toThrow(expect.objectContaining({ statusCode: 415 }));
  });

  it.each([
    'application/json',
    'APPLICATION/JSON',
    'Application/Json;Charset=UTF-8',
    'application/json;charset=utf-8',
    'application/json ;charset=utf-8',
    'application/json; charset="utf-8"',
    'application/json\t; charset = utf8',
    'application/json; charset=us-ascii',
    'application/json; profile="x"',
    'application/json;',
    'application/problem+json',
    'application/vnd.api.v2+json; charset=utf-8',
    'application/vnd.github-issue+json',
  ])('JSON is taken as %j', (type) => {
    expect(readBody(plain('{"a":1}'), 'json', type)).toEqual({ a: 1 });
  });

  it('say what was expected and what came, no more of it than a hundred letters', () => {
    expect(() => readBody(plain('x'), 'json', undefined)).toThrow(
      'Expected application/json, got no content type',
    );
    expect(() => readBody(plain('x'), 'form', 'text/csv')).toThrow(
      'Expected application/x-www-form-urlencoded, got "text/csv"',
    );
    expect(() => readBody(plain('x'), 'text', `x${'y'.repeat(5000)}`)).toThrow(
      `Expected text/plain, got "x${'y'.repeat(99)}"`,
    );
  });

  it('are told before anything is parsed', () => {
    expect(() => readBody(plain('{'), 'json', 'text/plain')).toThrow(
      expect.objectContaining({ statusCode: 415 }),
    );
  });
});

describe('H3 forms, texts and bytes', () => {
  it.each(['a=%', 'a=%C3%28', '%zz'])('refuses the malformed form %j', (body) => {
    expect(outcomeOf(body, 'form', form)).toEqual(
      new UnreadableBody(400, 'The form holds a malformed percent-encoding'),
    );
  });

  it('reads a form', () => {
    expect(outcomeOf('a=1&b=x+y%26&a=2&__proto__=3', 'form', `${form};charset=UTF-8`)).toEqual(
      Object.assign(Object.create(null), JSON.parse('{"a":["1","2"],"b":"x y&","__proto__":"3"}')),
    );
  });

  it('reads any form that was encoded', () => {
    const text = wellFormedText();
    fc.assert(
      fc.property(fc.dictionary(text, text), (fields) => {
        const read = readBody(base64(new URLSearchParams(fields).toString()), 'form', form);
        expect(Object.entries(read as object)).toEqual(Object.entries(fields));
      }),
    );
  });

  it.each(['text/plain', 'TEXT/Html; charset=utf-8', 'text/csv;header=present'])(
    'reads a text as %j',
    (type) => {
      expect(readBody(plain('\uFEFFa,b'), 'text', type)).toBe('a,b');
      expect(readBody(base64('\uFEFFä€'), 'text', type)).toBe('ä€');
    },
  );

  it('reads bytes whatever the type says', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(readBody(base64(bytes), 'bytes', undefined)).toEqual(Buffer.from(bytes));
        expect(bytesOf(base64(bytes))).toEqual(Buffer.from(bytes));
      }),
    );
    expect(bytesOf(plain('ä'))).toEqual(Buffer.from([0xc3, 0xa4]));
    expect(bytesOf({ body: null })).toHaveLength(0);
    expect(bytesOf({})).toHaveLength(0);
  });

  it.each([[[0xff]], [[0xc3, 0x28]], [[0xed, 0xa0, 0x80]], [[0xe2, 0x82]]])(
    'refuses the invalid UTF-8 %j',
    (bytes) => {
      const carried = base64(Uint8Array.from(bytes));
      for (const [format, type] of [
        ['json', json],
        ['form', form],
        ['text', 'text/plain'],
      ] as const) {
        expect(() => readBody(carried, format, type)).toThrow(
          new UnreadableBody(400, 'The body is not valid UTF-8'),
        );
      }
      expect(() => guessBody(carried, undefined)).toThrow(
        new UnreadableBody(400, 'The body is not valid UTF-8'),
      );
    },
  );
});

describe('H4 H5 no body', () => {
  it.each([{}, { body: null }, { body: undefined }, { body: '' }, { body: '', isBase64Encoded: true }])(
    '%j is none',
    (carried) => {
      expect(hasBody(carried)).toBe(false);
      expect(guessBody(carried, json)).toBeUndefined();
      expect(exceeds(carried, 0)).toBe(false);
    },
  );

  it('a blank is one', () => {
    expect(hasBody({ body: ' ' })).toBe(true);
  });
});

describe('guessBody', () => {
  it('reads JSON where the type says so, else gives the text', () => {
    expect(guessBody(plain('{"a":1}'), 'application/json; charset=utf-8')).toEqual({ a: 1 });
    expect(guessBody(plain('{"a":1}'), undefined)).toBe('{"a":1}');
    expect(guessBody(plain('{'), 'text/plain')).toBe('{');
    expect(() => guessBody(plain('{'), json)).toThrow(UnreadableBody);
    expect(() => guessBody(plain('{"__proto__":1}'), json)).toThrow('forbidden key');
  });
});

describe('H5 exceeds', () => {
  it.each([
    ['abcd', 4],
    ['ä', 2],
    ['€€', 6],
    ['😀', 4],
    ['a€', 4],
  ])('counts the bytes of %j: %d', (text, bytes) => {
    for (const carried of [plain(text), base64(text)]) {
      expect(exceeds(carried, bytes)).toBe(false);
      expect(exceeds(carried, bytes - 1)).toBe(true);
    }
  });

  it('knows the exact byte of any body, plain and as base64, padded or not', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'ä', '€', '😀'), minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(text, (content) => {
        const bytes = Buffer.byteLength(content);
        const encoded = base64(content);
        const unpadded = { ...encoded, body: encoded.body.replaceAll('=', '') };
        for (const carried of [plain(content), encoded, unpadded]) {
          expect(exceeds(carried, bytes)).toBe(false);
          expect(exceeds(carried, bytes - 1)).toBe(true);
        }
      }),
    );
  });
});
