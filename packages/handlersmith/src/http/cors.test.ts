import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { type Cors, type CorsHeaders, type CorsOptions, corsOf, withCors } from './cors.ts';

const app = 'https://app.example.com';
const shop = 'https://shop.example.com';
const build = (options: unknown): Cors => corsOf('httpHandler', options as CorsOptions); // wrong ones too
const allowed = (headers: CorsHeaders): string | undefined => headers['access-control-allow-origin'];

describe('A6 options', () => {
  it.each([
    [{}],
    [{ credentials: true }],
    [{ origins: undefined }],
    [{ origins: [] }],
    [{ origins: app }],
    [{ origins: [undefined] }],
    [{ origins: ['app.example.com'] }],
    [{ origins: [`${app}/`] }],
    [{ origins: [`${app}/path`] }],
    [{ origins: [`${app}, ${shop}`] }],
    [{ origins: [`${app} ${shop}`] }],
    [{ origins: ['https://'] }],
    [{ origins: ['null'] }],
    [{ origins: [''] }],
    [{ origins: [`${app}\r\nx: y`] }],
    [{ origins: [app, '//evil'] }],
  ])('no list of origins: %j', (options) => {
    expect(() => build(options)).toThrow(
      /^httpHandler: cors: option "origins" (?:is missing; it )?must be a list of origins such as https:/,
    );
  });

  it.each([
    ['credentials', 'yes', 'true or false'],
    ['maxAge', -1, 'a number of seconds'],
    ['maxAge', 1.5, 'a number of seconds'],
    ['maxAge', '60', 'a number of seconds'],
    ['methods', 'GET', 'a list of methods'],
    ['methods', ['GET\r\nx: y'], 'a list of methods'],
    ['methods', [''], 'a list of methods'],
    ['headers', [1], 'a list of header names'],
    ['headers', ['x-a\r\nx: y'], 'a list of header names'],
    ['headers', ['x a'], 'a list of header names'],
    ['exposeHeaders', {}, 'a list of header names'],
    ['exposeHeaders', ['etag\r\nset-cookie: a=1'], 'a list of header names'],
  ])('%s cannot be %j', (name, value, expected) => {
    expect(() => build({ origins: [app], [name]: value })).toThrow(
      `httpHandler: cors: option "${name}" must be ${expected}`,
    );
  });

  it.each(['origin', 'allowOrigins', 'allowedHeaders', 'Credentials'])('there is no %s', (name) => {
    expect(() => build({ origins: [app], [name]: true })).toThrow(
      `httpHandler: cors: unknown option "${name}"`,
    );
  });

  it('H15 "*" with credentials is refused: every site could act as the user', () => {
    expect(() => build({ origins: ['*'], credentials: true })).toThrow(TypeError);
    expect(() => build({ origins: [app, '*'], credentials: true })).toThrow(
      'cors.origins "*" with cors.credentials',
    );
    expect(() => build({ origins: ['*'], credentials: false })).not.toThrow();
  });
});

describe('H15 headers of any answer', () => {
  it.each([
    undefined,
    '',
    'null',
    'https://evil.example',
    `${app}.evil.example`,
    'https://evil-app.example.com',
    'http://app.example.com',
    `${app}:8443`,
    `${app}/`,
    ` ${app}`,
    `${app}, ${shop}`,
    `${app}\r\nx: y`,
    '*',
    '__proto__',
    'constructor',
  ])('let the origin %j out, and vary by it', (origin) => {
    expect(build({ origins: [app, shop], credentials: true }).headersFor(origin)).toEqual({ vary: 'Origin' });
    expect(build({ origins: [app] }).headersFor(origin)).toEqual({ vary: 'Origin' });
  });

  it('let a listed origin in', () => {
    const cors = build({ origins: [app, shop], credentials: true, exposeHeaders: ['etag', 'x-count'] });
    for (const origin of [app, shop]) {
      expect(cors.headersFor(origin)).toEqual({
        'access-control-allow-origin': origin,
        'access-control-allow-credentials': 'true',
        'access-control-expose-headers': 'etag, x-count',
        vary: 'Origin',
      });
    }
  });

  it('name the origin as browsers send it, however it was listed', () => {
    expect(allowed(build({ origins: ['https://App.Example.com'] }).headersFor(app))).toBe(app);
    expect(allowed(build({ origins: ['capacitor://localhost'] }).headersFor('capacitor://localhost'))).toBe(
      'capacitor://localhost',
    );
    expect(allowed(build({ origins: ['http://localhost:3000'] }).headersFor('http://localhost:3000'))).toBe(
      'http://localhost:3000',
    );
  });

  it('"*" lets everybody in, and varies by nobody', () => {
    const cors = build({ origins: ['*'] });
    for (const origin of [undefined, 'null', app]) {
      expect(cors.headersFor(origin)).toEqual({ 'access-control-allow-origin': '*' });
    }
    expect(build({ origins: ['*', app] }).headersFor(app)).toEqual({ 'access-control-allow-origin': '*' });
  });

  it.each([
    'https://example.com',
    'https://.evil.example',
    'https://a.b.example.com',
    'https://a.example.com.evil.example',
    'https://a.example.com:8443',
    'http://a.example.com',
    'https://evil.example/.example.com',
    'https://evil.example?.example.com',
    'https://evil.example#.example.com',
    'https://user@a.example.com',
    'https://a\r\nb.example.com',
    'https://a b.example.com',
    'https://a€.example.com',
    'https://a%2e.example.com',
    'null',
    '',
  ])('a pattern for one label lets the origin %j out', (origin) => {
    expect(build({ origins: ['https://*.example.com'], credentials: true }).headersFor(origin)).toEqual({
      vary: 'Origin',
    });
  });

  it('a pattern lets in what it means', () => {
    const cors = build({
      origins: ['https://*.example.com', 'https://pr-*.preview.example.net'],
      credentials: true,
    });
    expect(cors.headersFor(app)).toEqual({
      'access-control-allow-origin': app,
      'access-control-allow-credentials': 'true',
      vary: 'Origin',
    });
    expect(allowed(cors.headersFor('https://pr-12.preview.example.net'))).toBe(
      'https://pr-12.preview.example.net',
    );
  });

  it('never let in what was not listed, whatever is sent', () => {
    const listed = build({ origins: [app], credentials: true });
    const patterned = build({ origins: ['https://*.example.com'], credentials: true });
    const piece = fc.constantFrom(
      'https://',
      'http://',
      'app',
      '.',
      'example',
      'com',
      'evil',
      ':',
      '/',
      '@',
      '*',
      '\n',
      ' ',
      '%',
      '€',
      '[',
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 9 }).map((pieces) => pieces.join('')),
        (origin) => {
          expect(allowed(listed.headersFor(origin)) ?? app).toBe(app);
          expect(allowed(patterned.headersFor(origin)) ?? app).toMatch(
            /^https:\/\/[a-z0-9-]+\.example\.com$/,
          );
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('show no origin of one request in the answer to another', () => {
    const cors = build({ origins: [app, shop, 'https://*.example.net'], credentials: true });
    const origins = [
      app,
      undefined,
      'https://a.example.net',
      shop,
      'https://evil.example',
      'https://b.example.net',
      app,
    ];
    const seen = origins.map((origin) => allowed(cors.headersFor(origin)));
    expect(seen).toEqual([
      app,
      undefined,
      'https://a.example.net',
      shop,
      undefined,
      'https://b.example.net',
      app,
    ]);
    const other = build({ origins: ['https://other.example'] });
    expect(allowed(other.headersFor(app))).toBeUndefined();
    expect(allowed(cors.headersFor('https://other.example'))).toBeUndefined();
  });
});

describe('H15 preflight', () => {
  const allow = ['GET', 'HEAD', 'POST', 'OPTIONS'];

  it('allows the methods that the path has and the headers that were asked for', () => {
    expect(build({ origins: [app] }).preflight(app, allow, 'content-type, x-tenant')).toEqual({
      'access-control-allow-origin': app,
      'access-control-allow-methods': 'GET, HEAD, POST, OPTIONS',
      'access-control-allow-headers': 'content-type, x-tenant',
      vary: 'Origin, Access-Control-Request-Headers',
    });
  });

  it('allows what the options say', () => {
    const cors = build({ origins: ['*'], methods: ['GET'], headers: ['x-a', 'x-b'], maxAge: 600 });
    expect(cors.preflight(app, allow, 'x-evil')).toEqual({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET',
      'access-control-allow-headers': 'x-a, x-b',
      'access-control-max-age': '600',
    });
  });

  it('may be remembered for no time at all', () => {
    expect(build({ origins: ['*'], maxAge: 0 }).preflight(app, allow, undefined)).toMatchObject({
      'access-control-max-age': '0',
    });
  });

  it('of "*" varies by the headers asked for alone', () => {
    expect(build({ origins: ['*'] }).preflight(undefined, allow, undefined)).toEqual({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, HEAD, POST, OPTIONS',
      vary: 'Access-Control-Request-Headers',
    });
  });

  it.each([undefined, 'https://evil.example', 'null'])('allows the origin %j nothing', (origin) => {
    expect(build({ origins: [app], maxAge: 600 }).preflight(origin, allow, 'x-a')).toEqual({
      vary: 'Origin',
    });
  });

  it.each(['', 'a\r\nx: y', 'x-a, ,x-b', 'é', '€', 'x a', '\u0000'])(
    'H22 repeats nothing of the hostile %j',
    (asked) => {
      const headers = build({ origins: [app] }).preflight(app, ['GET', asked], asked);
      expect(headers).not.toHaveProperty('access-control-allow-headers');
      expect(headers['access-control-allow-methods']).toBe('GET');
    },
  );
});

describe('withCors', () => {
  it('adds to the headers of an answer and changes neither', () => {
    const [own, cors] = [Object.freeze({ etag: '"1"' }), Object.freeze({ vary: 'Origin' })];
    expect(withCors(own, cors)).toEqual({ etag: '"1"', vary: 'Origin' });
    expect(withCors({}, {})).not.toBe(withCors({}, {}));
  });

  it('keeps what the answer varies by', () => {
    expect(withCors({ vary: 'Accept' }, { vary: 'Origin' })).toEqual({ vary: 'Accept, Origin' });
    expect(withCors({ vary: 'Accept' }, { 'access-control-allow-origin': '*' })).toEqual({
      vary: 'Accept',
      'access-control-allow-origin': '*',
    });
  });

  it('lets no answer speak for the policy: a shared constant of another request', () => {
    const shared = { 'access-control-allow-origin': shop };
    expect(withCors(shared, { 'access-control-allow-origin': app, vary: 'Origin' })).toEqual({
      'access-control-allow-origin': app,
      vary: 'Origin',
    });
    expect(shared).toEqual({ 'access-control-allow-origin': shop });
  });
});
