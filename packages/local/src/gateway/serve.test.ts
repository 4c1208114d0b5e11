import { httpEvent, httpSources } from '@handlersmith/testing';
import type { HttpSource } from '@handlersmith/testing';
import { afterEach, describe, expect, test } from 'vitest';

import type { FunctionResult } from '../function/function.ts';
import type { AppGateway, AppRoute } from '../template/app.ts';
import type { GatewayInvocation } from './exchange.ts';
import { sendRaw } from './raw.fixture.ts';
import type { RawAnswer } from './raw.fixture.ts';
import { serveGateway } from './serve.ts';
import type { LocalGateway } from './serve.ts';

const place = { file: 'template.yaml', line: 1 };
const started: LocalGateway[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((gateway) => gateway.stop()));
});

const measured = { duration: 1, memoryUsed: 1 };
const answered = (answer: unknown): FunctionResult => ({
  ok: true,
  payload: JSON.stringify(answer),
  ...measured,
});
const failed = (reason: 'error' | 'throttled', errorMessage = 'boom'): FunctionResult => ({
  ok: false,
  reason,
  error: { errorType: 'Error', errorMessage, trace: [] },
  ...measured,
});
/** Gives the event back as the body. */
const echo = ({ event }: GatewayInvocation): FunctionResult =>
  answered({ statusCode: 200, isBase64Encoded: false, body: event });

function gatewayOf(kind: AppGateway['kind'], change: Partial<AppGateway> = {}): AppGateway {
  const stage = kind === 'rest-api' ? 'prod' : '$default';
  const routes = [routeOf({ path: kind === 'rest-api' ? '/{proxy+}' : '$default' })];
  return { id: 'Api', name: 'Api', arn: 'arn', kind, stage, routes, binaryMediaTypes: [], place, ...change };
}

function routeOf(change: Partial<AppRoute> = {}): AppRoute {
  return {
    method: 'ANY',
    path: '$default',
    function: 'F',
    payloadVersion: '2.0',
    timeout: 5_000,
    place,
    ...change,
  };
}

async function serve(
  gateway: AppGateway,
  run: (invocation: GatewayInvocation) => FunctionResult | Promise<FunctionResult>,
): Promise<string> {
  const local = await serveGateway(gateway, {
    invoke: async (invocation) => await run(invocation),
    report: () => {},
    hosts: ['*.on.aws'],
  });
  started.push(local);
  return local.url;
}

const gateways: Readonly<Record<HttpSource, AppGateway>> = {
  rest: gatewayOf('rest-api'),
  httpApi: gatewayOf('http-api'),
  functionUrl: gatewayOf('function-url'),
  alb: gatewayOf('alb'),
  albMulti: gatewayOf('alb', { multiValueHeaders: true }),
};

describe.each(httpSources)('%s', (source) => {
  test('H2 H3 H6 H9 makes the event that the builder of test events makes of the same request', async () => {
    const url = await serve(gateways[source], echo);
    const host = source === 'functionUrl' ? 'api.lambda-url.us-east-1.on.aws' : 'api.local';
    const headers = { 'X-Tag': ['one', 'two'], 'Content-Type': 'application/json', Cookie: 'a=1; b=2' };
    const body = '{"name":"Größe"}';
    const lines = Object.entries(headers).flatMap(([name, values]) =>
      [values].flat().map((value) => `${name}: ${value}\r\n`),
    );
    const { pathname } = new URL(`${url}/items/a%20b`);
    const answer = await sendRaw(
      url,
      `POST ${pathname}?tag=a%20b&tag=c+d HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: test\r\nAccept: */*\r\n` +
        `Connection: close\r\nContent-Length: ${Buffer.byteLength(body)}\r\n${lines.join('')}\r\n${body}`,
    );
    const made = comparable(JSON.parse(answer.body));
    const built = httpEvent(source, {
      method: 'POST',
      path: '/items/a%20b',
      query: 'tag=a%20b&tag=c+d',
      headers: { Host: host, 'User-Agent': 'test', Accept: '*/*', ...headers },
      body,
      sourceIp: '127.0.0.1',
    });
    expect(made).toEqual(comparable(built));
  });

  test('H12 a function that failed, or whose answer is malformed, is an error of this kind of gateway', async () => {
    const status = { rest: 502, httpApi: 500, functionUrl: 502, alb: 502, albMulti: 502 }[source];
    let result = failed('error', 'the secret');
    const url = await serve(gateways[source], () => result);
    const crashed = await fetch(`${url}/x`);
    expect(crashed.status).toBe(status);
    expect(await crashed.text()).not.toContain('secret');
    result = answered({ statusCode: 'two hundred' });
    expect((await fetch(`${url}/x`)).status).toBe(status);
    result = answered({ statusCode: 200, headers: { 'x-a': { no: 1 } }, multiValueHeaders: { 'x-a': 'no' } });
    expect((await fetch(`${url}/x`)).status).toBe(status);
  });

  test('H18 a function slower than the gateway', async () => {
    const gateway = gateways[source];
    const [route] = gateway.routes;
    const slow = { ...gateway, routes: [routeOf({ ...route, timeout: 60 })] };
    const url = await serve(
      slow,
      () => new Promise((resolve) => setTimeout(resolve, 200, answered({ statusCode: 200 }))),
    );
    const status = { rest: 504, httpApi: 503, functionUrl: 502, alb: 502, albMulti: 502 }[source];
    expect((await fetch(`${url}/x`)).status).toBe(status);
  });

  test('H3 a body larger than it takes is refused before the function', async () => {
    const limit = { rest: 10, httpApi: 10, functionUrl: 6, alb: 1, albMulti: 1 }[source] * 1024 * 1024;
    let invoked = 0;
    const url = await serve(gateways[source], () => {
      invoked += 1;
      return answered({ statusCode: 200 });
    });
    expect((await fetch(`${url}/x`, { method: 'POST', body: 'x'.repeat(limit + 1) })).status).toBe(413);
    expect(invoked).toBe(0);
  });

  test('H14 base64 becomes the bytes that were meant', async () => {
    const gateway = { ...gateways[source], binaryMediaTypes: ['image/png'] };
    const bytes = Buffer.from([0, 255, 254, 10]);
    const image = { 'content-type': 'image/png' };
    const url = await serve(gateway, () =>
      answered({
        statusCode: 200,
        ...(source === 'albMulti'
          ? { multiValueHeaders: { 'content-type': ['image/png'] } }
          : { headers: image }),
        isBase64Encoded: true,
        body: bytes.toString('base64'),
      }),
    );
    const answer = await fetch(`${url}/x`, { headers: { accept: 'image/png' } });
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(bytes);
    expect(answer.headers.get('content-type')).toBe('image/png');
  });
});

/** What of an event says neither when nor by which id. */
function comparable(event: unknown): unknown {
  const unlike = new Set(
    ['x-amzn-trace-id', 'x-forwarded-port', 'x-forwarded-proto', 'content-length'].concat(
      ['accountId', 'apiId', 'domainPrefix', 'requestId', 'extendedRequestId', 'time', 'timeEpoch'],
      ['requestTime', 'requestTimeEpoch', 'resourceId', 'targetGroupArn'],
    ),
  );
  if (Array.isArray(event)) return event.map(comparable);
  if (typeof event !== 'object' || event === null) return event;
  return Object.fromEntries(
    Object.entries(event)
      .filter(([name]) => !unlike.has(name) && !unlike.has(name.toLowerCase()))
      .map(([name, value]) => [name, comparable(value)]),
  );
}

test.each(Object.entries(gateways))(
  '%s does not answer a web page that had its own name point here, and says how to allow it',
  async (_, gateway) => {
    const asked: GatewayInvocation[] = [];
    const url = await serve(gateway, (invocation) => {
      asked.push(invocation);
      return echo(invocation);
    });
    const ask = (host: string): Promise<RawAnswer> =>
      sendRaw(
        url,
        `GET ${new URL(`${url}/x`).pathname} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
      );
    const refused = await ask('evil.example:80');
    expect(refused.status).toBe(403);
    expect(JSON.parse(refused.body)).toEqual({
      message: expect.stringMatching(
        /^Called as "evil.example:80", which is no name of this machine. .*--host/u,
      ),
    });
    expect(asked).toEqual([]);
    await ask('shop.localhost:80');
    expect(asked.length).toBe(1);
  },
);

describe('a REST API', () => {
  const items = gatewayOf('rest-api', {
    routes: [
      routeOf({ method: 'GET', path: '/items/{id}' }),
      routeOf({ method: 'GET', path: '/items/new' }),
      routeOf({ method: 'ANY', path: '/files/{path+}' }),
    ],
  });

  test('H8 has the stage in the context alone; H7 parameters decoded once', async () => {
    const url = await serve(items, echo);
    const event = await (await fetch(`${url}/items/a%20b%2520`)).json();
    expect(event).toMatchObject({
      resource: '/items/{id}',
      path: '/items/a%20b%2520',
      pathParameters: { id: 'a b%20' },
      requestContext: { path: '/prod/items/a%20b%2520', stage: 'prod', resourcePath: '/items/{id}' },
    });
  });

  test('H17 a path or a method without a resource is a missing authentication token', async () => {
    const url = await serve(items, echo);
    const answers = await Promise.all([
      fetch(`${url}/nothing`),
      fetch(`${url}/items/new`, { method: 'POST' }),
      fetch(`${url}/items`),
    ]);
    expect(answers.map((answer) => answer.status)).toEqual([403, 403, 403]);
    expect(await answers[0].json()).toEqual({ message: 'Missing Authentication Token' });
    expect((await fetch(new URL('/other/items/x', url))).status).toBe(403);
  });

  test('what is written out comes before a parameter, and a greedy one takes the rest', async () => {
    const url = await serve(items, echo);
    const resource = async (path: string): Promise<unknown> =>
      ((await (await fetch(`${url}${path}`)).json()) as { resource: unknown }).resource;
    expect(await resource('/items/new')).toBe('/items/new');
    expect(await resource('/items/newer')).toBe('/items/{id}');
    expect(await resource('/files/a/b/c')).toBe('/files/{path+}');
  });

  test('H11 an unknown key is malformed; both kinds of headers are merged', async () => {
    let answer: unknown = { statusCode: 200, cookies: ['a=1'] };
    const url = await serve(items, () => answered(answer));
    expect((await fetch(`${url}/items/1`)).status).toBe(502);
    answer = {
      statusCode: 200,
      headers: { 'x-a': '1', 'X-B': '2' },
      multiValueHeaders: { 'x-a': ['1', '3'], 'set-cookie': ['a=1', 'b=2'] },
    };
    const merged = await fetch(`${url}/items/1`);
    expect(merged.headers.get('x-a')).toBe('1, 3');
    expect(merged.headers.get('x-b')).toBe('2');
    expect(merged.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  });

  test('H14 base64 without a binary type that was asked for goes out as letters', async () => {
    const url = await serve(items, () => answered({ statusCode: 200, isBase64Encoded: true, body: 'AP/+' }));
    expect(await (await fetch(`${url}/items/1`)).text()).toBe('AP/+');
  });
});

describe('an HTTP API', () => {
  test('the most specific route with the method takes it, and $default what is left', async () => {
    const routes = [
      routeOf({ method: 'ANY', path: '/{proxy+}' }),
      routeOf({ method: 'GET', path: '/pets/{id}' }),
      routeOf({ method: 'GET', path: '/pets/dog' }),
    ];
    const url = await serve(gatewayOf('http-api', { routes }), echo);
    const keyOf = async (path: string, method = 'GET'): Promise<unknown> =>
      ((await (await fetch(`${url}${path}`, { method })).json()) as { routeKey: unknown }).routeKey;
    expect(await keyOf('/pets/dog')).toBe('GET /pets/dog');
    expect(await keyOf('/pets/cat')).toBe('GET /pets/{id}');
    expect(await keyOf('/pets/dog', 'POST')).toBe('ANY /{proxy+}');
    expect((await fetch(`${url}/`)).status).toBe(404);
  });

  test('a parameter called __proto__ is data', async () => {
    const routes = [routeOf({ path: '/a/{__proto__}' })];
    const url = await serve(gatewayOf('http-api', { routes }), echo);
    const event = (await (await fetch(`${url}/a/x`)).json()) as { pathParameters: object };
    expect(Object.entries(event.pathParameters)).toEqual([['__proto__', 'x']]);
  });

  test('payload format 1.0 where the route asks for it', async () => {
    const routes = [routeOf({ method: 'GET', path: '/old/{id}', payloadVersion: '1.0' })];
    const url = await serve(gatewayOf('http-api', { routes }), echo);
    const event = await (await fetch(`${url}/old/7?a=1&a=2`)).json();
    expect(event).toMatchObject({
      version: '1.0',
      resource: '/old/{id}',
      multiValueQueryStringParameters: { a: ['1', '2'] },
      pathParameters: { id: '7' },
    });
  });

  test('H15 its own CORS answers preflights and replaces what the function says', async () => {
    const cors = {
      origins: ['https://app.example.com', 'https://*.example.org'],
      methods: ['GET', 'POST'],
      headers: ['content-type'],
      exposeHeaders: ['x-total'],
      credentials: true,
      maxAge: 60,
    };
    let invoked = 0;
    const url = await serve(gatewayOf('http-api', { cors }), () => {
      invoked += 1;
      return answered({ statusCode: 200, headers: { 'access-control-allow-origin': '*' } });
    });
    const ask = (origin: string, method: string): Promise<Response> =>
      fetch(url, { method, headers: { origin, 'access-control-request-method': 'POST' } });
    const preflight = await ask('https://app.example.com', 'OPTIONS');
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('https://app.example.com');
    expect(preflight.headers.get('access-control-allow-methods')).toBe('GET,POST');
    expect(
      (await ask('https://evil.example', 'OPTIONS')).headers.get('access-control-allow-origin'),
    ).toBeNull();
    expect(invoked).toBe(0);
    expect((await ask('https://a.example.org', 'GET')).headers.get('access-control-allow-origin')).toBe(
      'https://a.example.org',
    );
    expect((await ask('https://evil.example', 'GET')).headers.get('access-control-allow-origin')).toBeNull();
    expect(invoked).toBe(2);
  });
});

/** A token whose signature nobody checks. */
function token(claims: object): string {
  const parts = ['{}', JSON.stringify(claims), 'signature'];
  return parts.map((part) => Buffer.from(part).toString('base64url')).join('.');
}

function guarded(kind: AppGateway['kind'], authorizer: AppRoute['authorizer'] & object): AppGateway {
  return gatewayOf(kind, {
    routes: [routeOf({ path: kind === 'rest-api' ? '/{proxy+}' : '$default', authorizer })],
  });
}

async function statusOf(url: string, authorization?: string): Promise<number> {
  return (await fetch(`${url}/x`, authorization === undefined ? {} : { headers: { authorization } })).status;
}

describe('API keys of a REST API', () => {
  const keyed = gatewayOf('rest-api', {
    routes: [
      routeOf({ path: '/closed', needsKey: true }),
      routeOf({ path: '/open' }),
      routeOf({ path: '/both', needsKey: true, authorizer: { name: 'iam', kind: 'iam' } }),
    ],
  });

  test('a request without one is forbidden, after whoever sends it is known', async () => {
    const url = await serve(keyed, echo);
    const without = await fetch(`${url}/closed`, { headers: { 'x-api-key': '' } });
    expect([without.status, await without.json()]).toEqual([403, { message: 'Forbidden' }]);
    const unsigned = await fetch(`${url}/both`);
    expect(await unsigned.json()).not.toEqual({ message: 'Forbidden' });
  });

  test('H21 the key and an id of it are in the event, of a route that asks for one', async () => {
    const url = await serve(keyed, echo);
    const identityOf = async (path: string, key: string): Promise<unknown> => {
      const answer = await fetch(`${url}${path}`, { headers: { 'x-api-key': key } });
      return ((await answer.json()) as { requestContext: { identity: unknown } }).requestContext.identity;
    };
    const id = expect.stringMatching(/^[0-9a-z]{10}$/u);
    const mine = await identityOf('/closed', 'mine');
    expect(mine).toMatchObject({ apiKey: 'mine', apiKeyId: id });
    expect(await identityOf('/closed', 'mine')).toEqual(mine);
    expect(await identityOf('/open', 'mine')).toMatchObject({ apiKey: null, apiKeyId: null });
  });
});

describe('H21 authorizers', () => {
  test('a JWT is read, its dates and scopes are checked, its claims arrive as texts', async () => {
    const url = await serve(guarded('http-api', { name: 'jwt', kind: 'jwt', scopes: ['items'] }), echo);
    const soon = Math.floor(Date.now() / 1000) + 60;
    expect(await statusOf(url)).toBe(401);
    expect(await statusOf(url, 'Bearer nonsense')).toBe(401);
    expect(await statusOf(url, `Bearer ${token({ exp: soon - 120, scope: 'items' })}`)).toBe(401);
    expect(await statusOf(url, `Bearer ${token({ exp: soon, scope: 'other' })}`)).toBe(403);
    const claims = { sub: 'u1', exp: soon, scope: 'items more', groups: ['a', 'b'], admin: true };
    const answer = await fetch(`${url}/x`, { headers: { authorization: `Bearer ${token(claims)}` } });
    expect(await answer.json()).toMatchObject({
      requestContext: {
        authorizer: { jwt: { claims: { sub: 'u1', groups: '[a b]', admin: 'true' }, scopes: ['items'] } },
      },
    });
  });

  test.each(['http-api', 'rest-api', 'function-url'] as const)(
    'IAM on %s needs a signature',
    async (kind) => {
      const url = await serve(guarded(kind, { name: 'iam', kind: 'iam' }), echo);
      expect(await statusOf(url)).toBe(403);
      const signature =
        'AWS4-HMAC-SHA256 Credential=AKIDLOCAL/20260101/us-east-1/execute-api/aws4_request, x';
      const answer = await fetch(`${url}/x`, { headers: { authorization: signature } });
      expect(JSON.stringify(await answer.json())).toContain('"accessKey":"AKIDLOCAL"');
    },
  );

  test('a Lambda authorizer runs: simple answers, policies, throws', async () => {
    let verdict: FunctionResult = answered({ isAuthorized: true, context: { tenant: 't1' } });
    const events: unknown[] = [];
    const url = await serve(
      guarded('http-api', { name: 'custom', kind: 'lambda', function: 'Auth' }),
      (invocation) => {
        if (invocation.function !== 'Auth') return echo(invocation);
        events.push(JSON.parse(invocation.event));
        return verdict;
      },
    );
    expect(await statusOf(url)).toBe(401);
    expect(events).toEqual([]);
    const allowed = await fetch(`${url}/x`, { headers: { authorization: 'abc' } });
    expect(await allowed.json()).toMatchObject({
      requestContext: { authorizer: { lambda: { tenant: 't1' } } },
    });
    expect(events[0]).toMatchObject({
      type: 'REQUEST',
      version: '2.0',
      identitySource: ['abc'],
      rawPath: '/x',
    });

    verdict = answered({ isAuthorized: false });
    expect(await statusOf(url, 'abc')).toBe(403);
    verdict = failed('error', 'Unauthorized');
    expect(await statusOf(url, 'abc')).toBe(401);
    verdict = failed('error', 'database gone');
    expect(await statusOf(url, 'abc')).toBe(500);
    verdict = answered('nonsense');
    expect(await statusOf(url, 'abc')).toBe(500);
    const policy = (Effect: string): FunctionResult =>
      answered({
        principalId: 'p',
        policyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect, Action: 'execute-api:Invoke', Resource: '*' }],
        },
      });
    verdict = policy('Allow');
    expect(await statusOf(url, 'abc')).toBe(200);
    verdict = policy('Deny');
    expect(await statusOf(url, 'abc')).toBe(403);
  });

  test('a token authorizer of a REST API gets the token and no more', async () => {
    const events: unknown[] = [];
    const url = await serve(
      guarded('rest-api', { name: 'custom', kind: 'lambda', function: 'Auth', gets: 'token' }),
      (invocation) => {
        if (invocation.function !== 'Auth') return echo(invocation);
        events.push(JSON.parse(invocation.event));
        return answered({
          principalId: 'p1',
          policyDocument: { Statement: { Effect: 'Allow', Action: '*', Resource: '*/prod/GET/x' } },
          context: { level: 3 },
        });
      },
    );
    const answer = await fetch(`${url}/x`, { headers: { authorization: 'abc' } });
    expect(await answer.json()).toMatchObject({
      requestContext: { authorizer: { principalId: 'p1', level: '3' } },
    });
    expect(events).toEqual([
      {
        type: 'TOKEN',
        authorizationToken: 'abc',
        methodArn: 'arn:aws:execute-api:us-east-1:000000000000:Api/prod/GET/x',
      },
    ]);
  });
});

describe('streamed answers', () => {
  test('the head and the first bytes arrive before the last ones are made', async () => {
    const gate = Promise.withResolvers<void>();
    const url = await serve(gatewayOf('function-url', { streams: true }), async ({ stream }) => {
      stream?.begin({ statusCode: 201, headers: { 'content-type': 'text/event-stream' }, cookies: ['a=1'] });
      stream?.write(Buffer.from('first'));
      await gate.promise;
      stream?.write(Buffer.from(' last'));
      return { ok: true, payload: '', ...measured };
    });
    const answer = await fetch(url);
    expect(answer.status).toBe(201);
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    expect(answer.headers.getSetCookie()).toEqual(['a=1']);
    const reader = answer.body?.getReader();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('first');
    gate.resolve();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe(' last');
  });

  test('a function that fails half-way breaks the connection off', async () => {
    const url = await serve(gatewayOf('function-url', { streams: true }), ({ stream }) => {
      stream?.begin(undefined);
      stream?.write(Buffer.from('half'));
      return failed('error');
    });
    const answer = await fetch(url);
    await expect(answer.text()).rejects.toThrow('terminated');
  });

  test('a function that does not stream answers as ever', async () => {
    const url = await serve(gatewayOf('function-url', { streams: true }), () =>
      answered({ statusCode: 202 }),
    );
    expect((await fetch(url)).status).toBe(202);
  });
});

test('the rules of a load balancer go by priority, stars and question marks', async () => {
  const routes = [
    routeOf({ path: '/api/v?/items*', function: 'Items' }),
    routeOf({ method: 'POST', path: '/api/*', function: 'Post' }),
    routeOf({ path: '/api/*', function: 'Rest' }),
  ];
  const url = await serve(gatewayOf('alb', { routes }), ({ function: id }) =>
    answered({ statusCode: 200, body: id }),
  );
  const taken = async (path: string, method = 'GET'): Promise<string> =>
    (await fetch(`${url}${path}`, { method })).text();
  expect(await taken('/api/v1/items/7')).toBe('Items');
  expect(await taken('/api/v12/items')).toBe('Rest');
  expect(await taken('/api/x', 'POST')).toBe('Post');
  expect((await fetch(`${url}/other`)).status).toBe(404);
});

test('CORS of a REST API answers preflights and leaves the answers of functions alone', async () => {
  const cors = { origins: ['*'], methods: ['GET'], headers: ['x-a'], exposeHeaders: [], credentials: false };
  const url = await serve(gatewayOf('rest-api', { cors }), () => answered({ statusCode: 200 }));
  const headers = { origin: 'https://app.example.com', 'access-control-request-method': 'GET' };
  const preflight = await fetch(`${url}/x`, { method: 'OPTIONS', headers });
  expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
  expect((await fetch(`${url}/x`, { headers })).headers.get('access-control-allow-origin')).toBeNull();
});
