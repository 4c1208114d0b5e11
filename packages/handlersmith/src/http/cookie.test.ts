import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { wellFormedText } from '../../test/text.ts';
import { type Cookie, cookieLine, parseCookies } from './cookie.ts';

const name = fc.stringMatching(/^[\w!#$%&'*+.^`|~-]+$/);
const value = wellFormedText();
const pairOf = (line: string): string => line.slice(0, line.indexOf(';'));

describe('parseCookies', () => {
  it.each(['', '=', '=value', 'name', ';', '   ', '\u0000'])('leaves out %j, which is no cookie', (pair) => {
    expect(Object.keys(parseCookies([pair]))).toEqual([]);
  });

  it.each([
    ['a=1', '1'],
    ['a=', ''],
    ['a = 1 ', '1'],
    ['a=b=c==', 'b=c=='],
    ['a="quoted text"', 'quoted text'],
    ['a=""', ''],
    ['a="', '"'],
    ['a="half', '"half'],
    ['a=%22x%22', '"x"'],
    ['a=x%20y+z', 'x y+z'],
    ['a=%2525', '%25'],
    ['a=%', '%'],
    ['a=100%', '100%'],
    ['a=%C3%28', '%C3%28'],
    ['a=Wed, 21 Oct', 'Wed, 21 Oct'],
  ])('H9 reads %j', (pair, expected) => {
    expect(parseCookies([pair])).toEqual(Object.assign(Object.create(null), { a: expected }));
  });

  it('H9 takes the first of a name: the most specific one', () => {
    expect(parseCookies(['a=specific', 'b=2', 'a=general'])).toMatchObject({ a: 'specific', b: '2' });
  });

  it('holds no name as special', () => {
    const cookies = parseCookies(['__proto__=1', 'constructor=2', 'hasOwnProperty=3', '__proto__=4']);
    expect(Object.entries(cookies)).toEqual([
      ['__proto__', '1'],
      ['constructor', '2'],
      ['hasOwnProperty', '3'],
    ]);
    expect('toString' in cookies).toBe(false);
  });

  it('H9 fails on no text whatever', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('a', '=', '"', '%', 'F', ' ', ',', '\r', '\uD800') })),
        (pairs) => {
          for (const each of Object.values(parseCookies(pairs))) expect(typeof each).toBe('string');
        },
      ),
    );
  });
});

describe('cookieLine', () => {
  it.each(['', ' ', 'a b', 'a;b', 'a=b', 'a,b', 'a"b', 'ä', 'a\r\nb', 'a\u0000', '(a)', 'a/b', '{a}'])(
    'H22 refuses the name %j',
    (bad) => {
      expect(() => cookieLine({ name: bad, value: '1' })).toThrow(TypeError);
      expect(() => cookieLine({ name: bad, value: '1' })).toThrow(JSON.stringify(bad));
    },
  );

  it.each(['/a;b', '/a\r\nSet-Cookie: x=1', '/\u0000', '/ä', 'x\u007F'])(
    'H22 refuses the path or domain %j',
    (bad) => {
      expect(() => cookieLine({ name: 'a', value: '1', path: bad })).toThrow(
        'Cookie "a": path holds characters',
      );
      expect(() => cookieLine({ name: 'a', value: '1', domain: bad })).toThrow(
        'Cookie "a": domain holds characters',
      );
    },
  );

  it.each([Number.NaN, Infinity, -Infinity])('refuses a maximal age of %d', (maxAge) => {
    expect(() => cookieLine({ name: 'a', value: '1', maxAge })).toThrow(
      'Cookie "a": maxAge must be a number of seconds',
    );
  });

  it('refuses an expiry that is no date', () => {
    const cookie: Cookie = { name: 'a', value: '1', expires: new Date('never') };
    expect(() => cookieLine(cookie)).toThrow('Cookie "a": expires is not a valid date');
  });

  it('is safe unless told otherwise', () => {
    expect(cookieLine({ name: 'a', value: '1' })).toBe('a=1; Path=/; HttpOnly; Secure; SameSite=Lax');
  });

  it('says every attribute it is given', () => {
    const line = cookieLine({
      name: '__Host-sid',
      value: 'x',
      path: '/shop',
      domain: 'example.com',
      expires: new Date(Date.UTC(2026, 9, 21, 7, 28)),
      maxAge: 60.9,
      httpOnly: false,
      secure: false,
      sameSite: 'Strict',
      partitioned: true,
    });
    expect(line).toBe(
      '__Host-sid=x; Path=/shop; Domain=example.com; Expires=Wed, 21 Oct 2026 07:28:00 GMT; Max-Age=60; SameSite=Strict; Partitioned',
    );
  });

  it('takes a cookie away: a maximal age of nothing is said', () => {
    expect(cookieLine({ name: 'a', value: '', maxAge: 0 })).toContain('a=; Path=/; Max-Age=0;');
    expect(cookieLine({ name: 'a', value: '', partitioned: false })).not.toContain('Partitioned');
  });

  it('sends a lone surrogate as the replacement character', () => {
    expect(cookieLine({ name: 'a', value: '\uD800' })).toContain('a=%EF%BF%BD;');
  });

  it('H9 is read back as it was, whatever name and value', () => {
    fc.assert(
      fc.property(name, value, (each, text) => {
        const line = cookieLine({ name: each, value: text });
        expect(line).toMatch(/^[\x20-\x7e]*$/);
        expect(parseCookies([pairOf(line)])[each]).toBe(text);
      }),
    );
  });
});
