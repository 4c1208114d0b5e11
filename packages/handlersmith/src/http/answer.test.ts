import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  accepted,
  answer,
  binary,
  created,
  HttpAnswer,
  html,
  noContent,
  notModified,
  ok,
  redirect,
  text,
} from './answer.ts';

describe('answer', () => {
  it.each([0, 100, 199, 600, -200, 200.5, Number.NaN, Infinity, '200' as unknown as number])(
    'H11 refuses the status %o',
    (status) => {
      expect(() => answer(status, {})).toThrow(
        new RangeError(`answer: expected a status from 200 to 599, got ${String(status)}`),
      );
    },
  );

  it('takes any other', () => {
    expect(answer(200, 'x')).toEqual(new HttpAnswer(200, 'x'));
    expect(answer(599, 'x', { headers: { 'x-a': '1' } })).toEqual(
      new HttpAnswer(599, 'x', { headers: { 'x-a': '1' } }),
    );
  });
});

describe('HttpAnswer', () => {
  it('H2 has its header names in lower case, and leaves what it was given alone', () => {
    const headers = Object.freeze({ ETag: '"1"', 'X-Tenant': 'a' });
    expect(new HttpAnswer(200, {}, { headers }).headers).toEqual({ etag: '"1"', 'x-tenant': 'a' });
  });

  it('H9 takes cookies as objects and as ready lines, each one its own', () => {
    const { cookies } = ok(
      {},
      { cookies: [{ name: 'a', value: 'x,y' }, 'b=2; Expires=Wed, 21 Oct 2026 07:28:00 GMT'] },
    );
    expect(cookies).toEqual([
      'a=x%2Cy; Path=/; HttpOnly; Secure; SameSite=Lax',
      'b=2; Expires=Wed, 21 Oct 2026 07:28:00 GMT',
    ]);
  });

  it('H22 refuses a hostile cookie name at once', () => {
    expect(() => ok({}, { cookies: [{ name: 'a;b', value: '' }] })).toThrow(TypeError);
  });

  it('A1 shares nothing that one request could change for another', () => {
    expect(Object.isFrozen(ok({}).headers)).toBe(true);
    expect(Object.isFrozen(ok({}).cookies)).toBe(true);
  });
});

describe.each([
  ['ok', ok({ a: 1 }), 200, { a: 1 }, {}],
  ['created', created({ a: 1 }), 201, { a: 1 }, {}],
  [
    'created at',
    created({ a: 1 }, { location: '/a', headers: { Location: '/b', 'X-A': '1' } }),
    201,
    { a: 1 },
    { location: '/a', 'x-a': '1' },
  ],
  ['accepted', accepted({ job: 1 }, { location: '/jobs/1' }), 202, { job: 1 }, { location: '/jobs/1' }],
  ['noContent', noContent({ headers: { 'X-A': '1' } }), 204, undefined, { 'x-a': '1' }],
  ['notModified', notModified({ headers: { ETag: '"1"' } }), 304, undefined, { etag: '"1"' }],
  ['html', html('<p>'), 200, '<p>', { 'content-type': 'text/html; charset=utf-8' }],
  ['text', text('pong'), 200, 'pong', { 'content-type': 'text/plain; charset=utf-8' }],
  [
    'text of another type',
    text('a,b', { headers: { 'Content-Type': 'text/csv' } }),
    200,
    'a,b',
    { 'content-type': 'text/csv' },
  ],
  [
    'binary',
    binary(new Uint8Array([1])),
    200,
    new Uint8Array([1]),
    { 'content-type': 'application/octet-stream' },
  ],
  [
    'binary image',
    binary(new Uint8Array([1]), { contentType: 'image/webp', headers: { 'X-A': '1' } }),
    200,
    new Uint8Array([1]),
    { 'content-type': 'image/webp', 'x-a': '1' },
  ],
])('%s', (_, made, status, body, headers) => {
  it('says so', () => {
    expect(made).toMatchObject({ status, headers });
    expect(made.body).toEqual(body);
    expect(Object.keys(made.headers)).toHaveLength(Object.keys(headers).length);
  });
});

describe('H7 redirect', () => {
  it.each([
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '\\/evil.example',
    ' //evil.example',
    '\t//evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '\u0001//evil.example',
    '//',
  ])('refuses %j, which browsers take to another host', (location) => {
    expect(() => redirect(location)).toThrow(
      new TypeError('redirect: a location that starts with // names another host; give the whole URL'),
    );
  });

  it('never leaves this host by a path, whatever the path', () => {
    const piece = fc.constantFrom(
      '/',
      '\\',
      '\t',
      '\n',
      '\r',
      ' ',
      '\u0000',
      '.',
      'evil.example',
      '@',
      '?',
      '#',
      '%2f',
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join('')),
        (location) => {
          expect(hostOf(location)).toBe('shop.example');
        },
      ),
      { numRuns: 1000 },
    );
  });

  it.each(['/', '/login', '/a//b', 'login', '?a=//b', '#top', '../x', 'https://other.example//x'])(
    'goes to %j',
    (location) => {
      expect(redirect(location)).toEqual(new HttpAnswer(302, undefined, { headers: { location } }));
    },
  );

  it.each([301, 303, 307, 308] as const)('says %d, with headers and cookies', (status) => {
    const made = redirect('/login', status, {
      headers: { 'X-A': '1', Location: '/other' },
      cookies: ['a=1'],
    });
    expect(made).toEqual(
      new HttpAnswer(status, undefined, { headers: { location: '/login', 'x-a': '1' }, cookies: ['a=1'] }),
    );
  });
});

/** Where a browser on shop.example ends up; there it stays when the redirect is refused. */
function hostOf(location: string): string {
  const base = 'https://shop.example/a/b';
  try {
    const { headers } = redirect(location);
    return new URL(headers['location'] ?? '', base).host;
  } catch {
    return 'shop.example';
  }
}
