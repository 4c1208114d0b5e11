import { describe, expect, it } from 'vitest';

import { albHealthCheck } from './alb.ts';
import { httpEvent } from './event.ts';
import type { AuthorizerStatement } from './request.ts';
import { type HttpSource, httpSources } from './source.ts';

const time = new Date('2020-03-12T19:03:58.390Z');

describe.each(httpSources)('what no source can send is refused: %s', (source) => {
  it.each(['items', '', 'https://example.com/items', '/items?page=2'])('path %j', (path) => {
    expect(() => httpEvent(source, { path })).toThrow(TypeError);
  });

  it('a body that JSON has no form for', () => {
    expect(() => httpEvent(source, { body: () => 'late' })).toThrow(/function cannot be sent/);
  });
});

describe.each(httpSources)('%s', (source) => {
  it('H1 is told apart by its shape', () => {
    const event: object = httpEvent(source);
    const isBalancer = 'requestContext' in event && Object.hasOwn(Object(event.requestContext), 'elb');
    const isV2 = 'version' in event && event.version === '2.0';
    expect({ isBalancer, isV2 }).toEqual({
      isBalancer: source === 'alb' || source === 'albMulti',
      isV2: source === 'httpApi' || source === 'functionUrl',
    });
  });

  it('is JSON, with nothing undefined in it, and fresh each time', () => {
    const request = { path: '/a', requestId: 'r', time } as const;
    expect(JSON.parse(JSON.stringify(httpEvent(source, request)))).toStrictEqual(httpEvent(source, request));
    expect(httpEvent(source, request)).not.toBe(httpEvent(source, request));
  });

  it('gives prototype names as plain keys', () => {
    const event = httpEvent(source, { query: '__proto__=1', headers: JSON.parse('{"__proto__":"2"}') });
    expect(Object.getPrototypeOf(event.headers ?? {})).toBe(Object.prototype);
    expect(JSON.stringify(event)).toContain('"__proto__"');
  });

  it('replaces default headers in any case, and leaves out those given as an empty list', () => {
    const text = JSON.stringify(httpEvent(source, { headers: { hOsT: 'shop.example', accept: [] } }));
    expect(text).toContain('shop.example');
    expect(text).not.toContain('amazonaws.com"');
    expect(text).not.toContain('*/*');
  });
});

describe('H2 headers', () => {
  const headers = { 'X-Tag': ['a', 'ab'], 'X-One': '1' };

  it('keep their case in REST, with the last value and with all', () => {
    const event = httpEvent('rest', { headers });
    expect(event.headers).toMatchObject({ 'X-Tag': 'ab', 'X-One': '1' });
    expect(event.multiValueHeaders).toMatchObject({ 'X-Tag': ['a', 'ab'], 'X-One': ['1'] });
  });

  it.each(['httpApi', 'functionUrl'] as const)('are lower case and joined in %s', (source) => {
    expect(httpEvent(source, { headers }).headers).toMatchObject({ 'x-tag': 'a,ab', 'x-one': '1' });
  });

  it('are lower case with the last value on a load balancer', () => {
    const event = httpEvent('alb', { headers });
    expect(event.headers).toMatchObject({ 'x-tag': 'ab', 'x-one': '1' });
    expect(event).not.toHaveProperty('multiValueHeaders');
  });

  it('are lists on a load balancer with multi-value headers', () => {
    const event = httpEvent('albMulti', { headers });
    expect(event.multiValueHeaders).toMatchObject({ 'x-tag': ['a', 'ab'], 'x-one': ['1'] });
    expect(event).not.toHaveProperty('headers');
  });
});

describe('H3 bodies', () => {
  it.each<[HttpSource, object]>([
    ['rest', { body: null, isBase64Encoded: false }],
    ['alb', { body: '', isBase64Encoded: false }],
    ['albMulti', { body: '', isBase64Encoded: false }],
  ])('an empty one in %s', (source, expected) => {
    for (const body of [undefined, '', new Uint8Array()])
      expect(httpEvent(source, { body })).toMatchObject(expected);
  });

  it.each(['httpApi', 'functionUrl'] as const)('an empty one is absent in %s', (source) => {
    for (const body of [undefined, '', new Uint8Array()]) {
      const event = httpEvent(source, { body });
      expect(event).not.toHaveProperty('body');
      expect(event.isBase64Encoded).toBe(false);
    }
  });

  it.each(httpSources)('an object is JSON with its type, bytes are base64: %s', (source) => {
    const json = httpEvent(source, { body: { name: 'lamp' } });
    expect(json).toMatchObject({ body: '{"name":"lamp"}', isBase64Encoded: false });
    expect(JSON.stringify(json).toLowerCase()).toMatch(/"content-type":\[?"application\/json"/);
    const bytes = httpEvent(source, { body: new Uint8Array([0, 255]), contentType: 'image/png' });
    expect(bytes).toMatchObject({ body: 'AP8=', isBase64Encoded: true });
  });

  it.each(httpSources)('the test decides on base64 if it says so: %s', (source) => {
    expect(httpEvent(source, { body: 'é', base64: true })).toMatchObject({
      body: 'w6k=',
      isBase64Encoded: true,
    });
    const form = { body: 'a=1', contentType: 'application/x-www-form-urlencoded', base64: false };
    expect(httpEvent(source, form)).toMatchObject({ body: 'a=1', isBase64Encoded: false });
  });

  it.each<[HttpSource, boolean]>([
    ['rest', false],
    ['httpApi', true],
    ['functionUrl', true],
    ['alb', true],
    ['albMulti', true],
  ])('an HTML form in %s is base64: %s', (source, isBase64Encoded) => {
    const contentType = 'application/x-www-form-urlencoded';
    expect(httpEvent(source, { body: 'a=1', contentType })).toMatchObject({ isBase64Encoded });
  });

  it('a compressed one is base64 on a load balancer, whatever its type', () => {
    const request = { body: { a: 1 }, headers: { 'Content-Encoding': 'gzip' } };
    expect(httpEvent('alb', request).isBase64Encoded).toBe(true);
  });

  it('a stated type wins over the JSON default, and is there once', () => {
    const event = httpEvent('httpApi', {
      body: {},
      headers: { 'Content-Type': 'text/plain' },
      contentType: 'application/vnd.api+json',
    });
    expect(event.headers['content-type']).toBe('application/vnd.api+json');
    expect(httpEvent('alb', { body: {}, headers: { 'Content-Type': 'text/a' } }).headers).toMatchObject({
      'content-type': 'text/a',
    });
  });

  it('the length counts bytes, and REST keeps it to itself', () => {
    expect(httpEvent('httpApi', { body: 'é' }).headers['content-length']).toBe('2');
    expect(httpEvent('httpApi').headers['content-length']).toBe('0');
    expect(httpEvent('alb', { body: 'é' }).headers).toMatchObject({ 'content-length': '2' });
    expect(httpEvent('alb').headers).not.toHaveProperty('content-length');
    expect(httpEvent('rest', { body: 'é' }).headers).not.toHaveProperty('Content-Length');
  });
});

describe('H6 queries', () => {
  const query = 'tag=a%20b&tag=c+d&flag&%5Bx%5D=%2525';

  it('arrive decoded in REST, with the last value and with all', () => {
    expect(httpEvent('rest', { query })).toMatchObject({
      queryStringParameters: { tag: 'c d', flag: '', '[x]': '%25' },
      multiValueQueryStringParameters: { tag: ['a b', 'c d'], flag: [''], '[x]': ['%25'] },
    });
  });

  it.each(['httpApi', 'functionUrl'] as const)('arrive raw, and decoded with commas, in %s', (source) => {
    expect(httpEvent(source, { query: `?${query}` })).toMatchObject({
      rawQueryString: query,
      queryStringParameters: { tag: 'a b,c d', flag: '', '[x]': '%25' },
    });
  });

  it('arrive encoded on a load balancer', () => {
    expect(httpEvent('alb', { query }).queryStringParameters).toEqual({
      tag: 'c+d',
      flag: '',
      '%5Bx%5D': '%2525',
    });
    expect(httpEvent('albMulti', { query }).multiValueQueryStringParameters).toEqual({
      tag: ['a%20b', 'c+d'],
      flag: [''],
      '%5Bx%5D': ['%2525'],
    });
  });

  it('are null, absent or empty when there are none', () => {
    expect(httpEvent('rest')).toMatchObject({
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
    });
    expect(httpEvent('httpApi')).not.toHaveProperty('queryStringParameters');
    expect(httpEvent('httpApi').rawQueryString).toBe('');
    expect(httpEvent('alb').queryStringParameters).toEqual({});
    expect(httpEvent('albMulti').multiValueQueryStringParameters).toEqual({});
  });

  it('keep what is malformed', () => {
    expect(httpEvent('rest', { query: 'a=%zz&=&&b' }).queryStringParameters).toEqual({
      a: '%zz',
      '': '',
      b: '',
    });
  });
});

describe('H8 paths', () => {
  it('have the stage in the context only, in REST', () => {
    const event = httpEvent('rest', { path: '/items/1', stage: 'dev' });
    expect(event.path).toBe('/items/1');
    expect(event.requestContext).toMatchObject({ path: '/dev/items/1', stage: 'dev' });
    expect(event.pathParameters).toEqual({ proxy: 'items/1' });
  });

  it('have the base path and no stage, in REST behind a custom domain', () => {
    const event = httpEvent('rest', { path: '/items/1', stage: 'dev', basePath: '/v1' });
    expect(event.path).toBe('/v1/items/1');
    expect(event.requestContext).toMatchObject({
      path: '/v1/items/1',
      stage: 'dev',
      domainName: 'api.example.com',
      domainPrefix: 'api',
    });
    expect(event.headers['Host']).toBe('api.example.com');
    expect(event.pathParameters).toEqual({ proxy: 'items/1' });
  });

  it('have a named stage in both places, in an HTTP API', () => {
    const event = httpEvent('httpApi', { path: '/items/1', stage: 'dev' });
    expect(event.rawPath).toBe('/dev/items/1');
    expect(event.requestContext).toMatchObject({ stage: 'dev', http: { path: '/dev/items/1' } });
  });

  it('have no stage and no base path, in an HTTP API at $default behind a custom domain', () => {
    const event = httpEvent('httpApi', { path: '/items/1', basePath: 'v1' });
    expect(event.rawPath).toBe('/items/1');
    expect(event.requestContext).toMatchObject({ stage: '$default', domainName: 'api.example.com' });
  });

  it('are as they were sent where there is neither stage nor base path', () => {
    const request = { path: '/items/1', stage: 'dev', basePath: 'v1' };
    expect(httpEvent('functionUrl', request).rawPath).toBe('/items/1');
    expect(httpEvent('alb', request).path).toBe('/items/1');
  });
});

describe('H7 percent-encoding', () => {
  const path = '/items/a%20b%2Fc%25';

  it('stays in the path, HTTP APIs apart', () => {
    expect(httpEvent('rest', { path }).path).toBe(path);
    expect(httpEvent('functionUrl', { path }).rawPath).toBe(path);
    expect(httpEvent('alb', { path }).path).toBe(path);
    expect(httpEvent('httpApi', { path }).rawPath).toBe('/items/a b/c%');
  });

  it('is taken off path parameters', () => {
    const request = { method: 'PUT', path, resource: '/items/{id}' };
    expect(httpEvent('rest', request)).toMatchObject({
      resource: '/items/{id}',
      pathParameters: { id: 'a b/c%' },
      requestContext: { resourcePath: '/items/{id}' },
    });
    expect(httpEvent('httpApi', request)).toMatchObject({
      routeKey: 'PUT /items/{id}',
      pathParameters: { id: 'a b/c%' },
      requestContext: { routeKey: 'PUT /items/{id}' },
    });
  });

  it('that is malformed stays, and what cannot be on the wire is encoded', () => {
    expect(httpEvent('httpApi', { path: '/%zz/%ff' }).rawPath).toBe('/%zz/%ff');
    expect(httpEvent('alb', { path: '/é "#\u{d800}' }).path).toBe('/%C3%A9%20%22%23%EF%BF%BD');
  });

  it('of a path that the route does not match is an error', () => {
    expect(() => httpEvent('rest', { path: '/things/1', resource: '/items/{id}' })).toThrow(
      /does not come in by/,
    );
    expect(() => httpEvent('httpApi', { path: '/items/1/2', resource: '/items/{id}' })).toThrow(TypeError);
  });

  it('a route may be greedy, have dots, or name nothing', () => {
    const greedy = { path: '/a.b/c/d', resource: '/a.b/{rest+}' };
    expect(httpEvent('rest', greedy).pathParameters).toEqual({ rest: 'c/d' });
    expect(() => httpEvent('rest', { ...greedy, path: '/axb/c/d' })).toThrow(TypeError);
    expect(httpEvent('rest', { path: '/items/', resource: '/items' }).pathParameters).toBeNull();
    expect(httpEvent('httpApi', { path: '/items', resource: '/items' })).not.toHaveProperty('pathParameters');
    expect(httpEvent('rest')).toMatchObject({ resource: '/', pathParameters: null });
  });
});

describe('H9 cookies', () => {
  const request = { cookies: { id: 'a;b', theme: 'dark' }, headers: { Cookie: 'first=1; second=2' } };

  it.each(['httpApi', 'functionUrl'] as const)('are a list, and no header, in %s', (source) => {
    const event = httpEvent(source, request);
    expect(event.cookies).toEqual(['first=1', 'second=2', 'id=a%3Bb', 'theme=dark']);
    expect(event.headers).not.toHaveProperty('cookie');
    expect(httpEvent(source)).not.toHaveProperty('cookies');
  });

  it('are one header elsewhere', () => {
    const header = 'first=1; second=2; id=a%3Bb; theme=dark';
    expect(httpEvent('rest', request).multiValueHeaders).toMatchObject({ Cookie: [header] });
    expect(httpEvent('alb', request).headers).toMatchObject({ cookie: header });
    expect(httpEvent('albMulti', request).multiValueHeaders).toMatchObject({ cookie: [header] });
  });

  it('given as a list are sent as they are', () => {
    expect(httpEvent('httpApi', { cookies: ['odd', 'a=%zz'] }).cookies).toEqual(['odd', 'a=%zz']);
  });
});

describe('H21 authorizers', () => {
  const claims = { sub: 'u1', exp: 1587750461, admin: true, groups: ['a', 'b'] };

  it('JWT claims are strings in an HTTP API', () => {
    const authorizer = { jwt: { claims, scopes: ['items:read'] } };
    expect(httpEvent('httpApi', { authorizer }).requestContext.authorizer).toEqual({
      jwt: {
        claims: { sub: 'u1', exp: '1587750461', admin: 'true', groups: '[a b]' },
        scopes: ['items:read'],
      },
    });
    expect(httpEvent('httpApi', { authorizer: { jwt: { claims } } }).requestContext.authorizer).toMatchObject(
      {
        jwt: { scopes: null },
      },
    );
  });

  it('Cognito claims are strings in REST', () => {
    expect(httpEvent('rest', { authorizer: { cognito: { claims } } }).requestContext.authorizer).toEqual({
      claims: { sub: 'u1', exp: '1587750461', admin: 'true', groups: 'a,b' },
    });
  });

  it('a Lambda context is flat strings in REST and as returned in an HTTP API', () => {
    const authorizer = { lambda: { tenant: 7, admin: false, note: null } };
    expect(httpEvent('rest', { authorizer }).requestContext.authorizer).toMatchObject({
      principalId: 'user',
      tenant: '7',
      admin: 'false',
      note: null,
    });
    expect(httpEvent('httpApi', { authorizer }).requestContext.authorizer).toEqual(authorizer);
    expect(() => httpEvent('rest', { authorizer: { lambda: { list: [1] } } })).toThrow(
      /cannot return "list"/,
    );
  });

  it('an IAM caller is in the identity in REST, and in the authorizer elsewhere', () => {
    const authorizer = { iam: { accountId: '111122223333', userId: 'AIDA1' } };
    const rest = httpEvent('rest', { authorizer }).requestContext;
    expect(rest.identity).toMatchObject({ accountId: '111122223333', user: 'AIDA1' });
    expect(rest).not.toHaveProperty('authorizer');
    const iam = {
      accountId: '111122223333',
      userId: 'AIDA1',
      userArn: 'arn:aws:iam::111122223333:user/tester',
    };
    expect(httpEvent('httpApi', { authorizer }).requestContext.authorizer).toMatchObject({ iam });
    expect(httpEvent('functionUrl', { authorizer }).requestContext).toMatchObject({
      accountId: '111122223333',
      authorizer: { iam },
    });
  });

  it('nothing is there without one', () => {
    expect(httpEvent('rest').requestContext).not.toHaveProperty('authorizer');
    expect(httpEvent('httpApi').requestContext).not.toHaveProperty('authorizer');
    expect(httpEvent('functionUrl').requestContext.accountId).toBe('anonymous');
  });

  it.each<[HttpSource, AuthorizerStatement]>([
    ['rest', { jwt: { claims } }],
    ['httpApi', { cognito: { claims } }],
    ['functionUrl', { lambda: {} }],
    ['alb', { iam: {} }],
    ['albMulti', { jwt: { claims } }],
  ])('that %s does not have are refused: %j', (source, authorizer) => {
    expect(() => httpEvent(source, { authorizer })).toThrow(/has no authorizer/);
  });
});

describe('contexts', () => {
  const request = { sourceIp: '198.51.100.9', requestId: 'r-1', time, headers: { 'User-Agent': 'test/1' } };

  it('of REST name the request, the time and the client', () => {
    const { requestContext, headers } = httpEvent('rest', request);
    expect(requestContext).toMatchObject({
      requestId: 'r-1',
      requestTime: '12/Mar/2020:19:03:58 +0000',
      requestTimeEpoch: time.getTime(),
      identity: { sourceIp: '198.51.100.9', userAgent: 'test/1' },
    });
    expect(headers['X-Forwarded-For']).toBe('198.51.100.9');
  });

  it.each(['httpApi', 'functionUrl'] as const)('of %s do too', (source) => {
    expect(httpEvent(source, request).requestContext).toMatchObject({
      requestId: 'r-1',
      time: '12/Mar/2020:19:03:58 +0000',
      timeEpoch: time.getTime(),
      http: { method: 'GET', sourceIp: '198.51.100.9', userAgent: 'test/1', protocol: 'HTTP/1.1' },
    });
  });

  it('have a trace id from the time', () => {
    expect(httpEvent('alb', request).headers?.['x-amzn-trace-id']).toMatch(/^Root=1-5e6a879e-[\da-f]{24}$/);
  });
});

describe('H20 albHealthCheck', () => {
  it('has a user agent and nothing else, in either mode', () => {
    expect(albHealthCheck('alb', '/health')).toMatchObject({
      path: '/health',
      httpMethod: 'GET',
      headers: { 'user-agent': 'ELB-HealthChecker/2.0' },
      body: '',
    });
    expect(Object.keys(albHealthCheck().headers ?? {})).toEqual(['user-agent']);
    const multi = albHealthCheck('albMulti');
    expect(multi.multiValueHeaders).toEqual({ 'user-agent': ['ELB-HealthChecker/2.0'] });
    expect(multi).not.toHaveProperty('headers');
  });
});
