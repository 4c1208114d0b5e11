import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { httpSources, lambdaContext, request, type TestResponse } from '@handlersmith/testing';
import { httpHandler } from 'handlersmith/http';
import { describe, expect, it, vi } from 'vitest';

import { handler as answers } from '../snippets/http/answers.ts';
import { handler as bodies } from '../snippets/http/bodies.ts';
import { handler as claims } from '../snippets/http/claims.ts';
import { handler as compiled } from '../snippets/http/compiled.ts';
import { handler as cors } from '../snippets/http/cors.ts';
import { handler as deadline } from '../snippets/http/deadline.ts';
import { handler as health, pullThePlug } from '../snippets/http/health.ts';
import { handler as input } from '../snippets/http/input.ts';
import { handler as middleware } from '../snippets/http/middleware.ts';
import { document } from '../snippets/http/openapi.ts';
import { handler as problems } from '../snippets/http/problems.ts';
import { handler as resources } from '../snippets/http/resources.ts';
import { handler as router } from '../snippets/http/router.ts';
import { handler as schemas } from '../snippets/http/schemas.ts';
import { handler as smallest } from '../snippets/http/smallest.ts';
import { handler as stream } from '../snippets/http/stream.ts';
import { handler as team } from '../snippets/http/team-service.ts';
import { handler as valibot } from '../snippets/http/valibot.ts';
import { handler as webhook } from '../snippets/http/webhook.ts';

vi.hoisted(() => {
  process.env['POWERTOOLS_LOG_LEVEL'] = 'SILENT'; // read when a handler is built, that is when it is imported
});

describe.each(httpSources)('the smallest handler, from %s', (source) => {
  it('answers JSON', async () => {
    const response = await request(smallest, 'GET /?name=Ada%20L', { source });
    expect(response.status).toBe(200);
    expect(response.header('content-type')).toBe('application/json');
    expect(response.json()).toEqual({ hello: 'Ada L' });
  });
});

describe('the router', () => {
  it('takes the rest of a path with {path+}', async () => {
    expect((await request(router, 'GET /files/reports/2026/july.csv')).json()).toBe('day,count');
  });

  it('answers 404 for no route, 405 with Allow for another method, HEAD by GET, OPTIONS by itself', async () => {
    expect((await request(router, 'GET /nowhere')).status).toBe(404);
    const refused = await request(router, 'PATCH /files');
    expect([refused.status, refused.header('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
    const head = await request(router, 'HEAD /files');
    expect([head.status, head.text()]).toEqual([200, '']);
    const options = await request(router, 'OPTIONS /files');
    expect([options.status, options.header('allow')]).toEqual([204, 'GET, HEAD, OPTIONS']);
  });
});

describe('what `run` gets', () => {
  it('is the same for all members the page shows', async () => {
    const response = await request(input, 'GET /users/a%20b/orders?tag=x&tag=y', {
      headers: { 'Accept-Language': 'de' },
      cookies: { theme: 'dark' },
    });
    expect(response.json()).toEqual({
      id: 'a b',
      tags: ['x', 'y'],
      language: 'de',
      theme: 'dark',
      caller: 'none',
      route: 'GET /users/{id}/orders',
      source: 'httpApi',
      millisecondsLeft: expect.any(Number),
    });
  });
});

describe('answers', () => {
  it.each([
    ['GET /value', 200, 'application/json'],
    ['GET /nothing', 204, undefined],
    ['GET /ok', 200, 'application/json'],
    ['POST /users', 201, 'application/json'],
    ['POST /jobs', 202, 'application/json'],
    ['DELETE /users/u1', 204, undefined],
    ['GET /unchanged', 304, undefined],
    ['GET /old', 308, undefined],
    ['GET /page', 200, 'text/html; charset=utf-8'],
    ['GET /ping', 200, 'text/plain; charset=utf-8'],
    ['GET /pixel', 200, 'image/gif'],
    ['POST /batch', 207, 'application/json'],
    ['POST /login', 204, undefined],
  ])('%s is a %i of %s', async (line, status, type) => {
    const response = await request(answers, line);
    expect([response.status, response.header('content-type')]).toEqual([status, type]);
  });

  it('carry headers and cookies', async () => {
    expect((await request(answers, 'GET /ok')).header('etag')).toBe('"7"');
    expect((await request(answers, 'GET /old')).header('location')).toBe('/new');
    expect((await request(answers, 'POST /login')).cookies).toEqual([
      'session=s-1; Path=/; Max-Age=3600; HttpOnly; Secure; SameSite=Strict',
    ]);
  });
});

describe('problems', () => {
  it('are application/problem+json with the request id', async () => {
    const response = await request(problems, 'GET /orders/o1', { requestId: 'r-1' });
    expect(response.header('content-type')).toBe('application/problem+json');
    expect(response.json()).toEqual({
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      detail: 'No order o1',
      requestId: 'r-1',
    });
  });

  it('say when to come back', async () => {
    const response = await request(problems, 'POST /orders');
    expect([response.status, response.header('retry-after')]).toEqual([429, '30']);
  });

  it('have type, title and members of their own', async () => {
    expect((await request(problems, 'POST /orders/o1/payment')).json()).toMatchObject({
      type: 'https://example.com/problems/paid',
      title: 'Already paid',
      order: 'o1',
    });
  });

  it('never show a cause, nor any error that is no problem', async () => {
    const unavailable = await request(problems, 'GET /prices');
    expect(unavailable.status).toBe(503);
    expect(unavailable.text()).not.toContain('10.0.0.7');
    const broken = await request(problems, 'GET /broken');
    expect(broken.status).toBe(500);
    expect(broken.text()).not.toContain('hunter2');
  });
});

describe('CORS', () => {
  it('is on answers to listed origins and patterns, and varies by origin for all', async () => {
    const listed = await fromOrigin('https://app.example.com');
    expect(listed.headers).toMatchObject({
      'access-control-allow-origin': 'https://app.example.com',
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'etag',
      vary: 'Origin',
    });
    expect((await fromOrigin('https://pr-7.preview.example.com')).header('access-control-allow-origin')).toBe(
      'https://pr-7.preview.example.com',
    );
    const other = await fromOrigin('https://evil.example');
    expect(other.header('access-control-allow-origin')).toBeUndefined();
    expect(other.header('vary')).toBe('Origin');
  });

  it('answers a preflight', async () => {
    const response = await request(cors, 'OPTIONS /', {
      headers: {
        origin: 'https://app.example.com',
        'access-control-request-method': 'PUT',
        'access-control-request-headers': 'content-type',
      },
    });
    expect(response.status).toBe(204);
    expect(response.headers).toMatchObject({
      'access-control-allow-methods': 'PUT',
      'access-control-allow-headers': 'content-type',
      'access-control-max-age': '600',
    });
  });
});

describe('bodies', () => {
  it('are read as the route says', async () => {
    const contact = await request(bodies, 'POST /contact', {
      contentType: 'application/x-www-form-urlencoded',
      body: 'email=ada%40example.com&message=Hello+there',
    });
    expect(contact.json()).toEqual({ from: 'ada@example.com' });
    const note = await request(bodies, 'PUT /note', { contentType: 'text/plain', body: 'four' });
    expect(note.json()).toEqual({ characters: 4 });
    const photo = await request(bodies, 'PUT /photo', {
      contentType: 'image/png',
      body: new Uint8Array([0xff, 0x00, 0xfe]),
    });
    expect(photo.json()).toEqual({ bytes: 3 });
  });

  it('without a schema are JSON where they say so, else text', async () => {
    expect((await request(bodies, 'POST /anything', { body: { a: 1 } })).json()).toEqual({ got: { a: 1 } });
    expect(
      (await request(bodies, 'POST /anything', { contentType: 'text/plain', body: 'a' })).json(),
    ).toEqual({
      got: 'a',
    });
    expect((await request(bodies, 'POST /anything')).json()).toEqual({ got: null });
  });

  it.each([
    ['malformed JSON', { contentType: 'application/json', body: '{"name":' }, 400],
    ['another media type', { contentType: 'text/xml', body: '<a/>' }, 415],
    ['no body', {}, 400],
    ['a forbidden key', { contentType: 'application/json', body: '{"__proto__":{"admin":true}}' }, 400],
    ['too many bytes', { body: 'x'.repeat(1024 * 1024 + 1), contentType: 'application/json' }, 413],
  ])('are refused: %s', async (_, options, status) => {
    const response = await request(schemas, 'POST /items', options);
    expect(response.status).toBe(status);
    expect(response.header('content-type')).toBe('application/problem+json');
  });
});

describe('schemas', () => {
  it('coerce query and path, and fill in defaults', async () => {
    expect((await request(schemas, 'GET /items?limit=5&tags=a&archived=true')).json()).toEqual({
      limit: 5,
      tags: ['a'],
      archived: true,
    });
    expect((await request(schemas, 'GET /items')).json()).toEqual({ limit: 20, tags: [], archived: false });
    expect((await request(schemas, 'GET /items/41')).json()).toEqual({ next: 42 });
  });

  it('coerce no JSON', async () => {
    const response = await request(schemas, 'POST /items', { body: { name: 'lamp', price: '25' } });
    expect(response.status).toBe(400);
  });

  it('tell every wrong field', async () => {
    const response = await request(schemas, 'POST /items', { body: { name: ' ', price: -1 } });
    expect(response.json()).toMatchObject({
      status: 400,
      errors: [
        { in: 'body', pointer: '/name' },
        { in: 'body', pointer: '/price' },
      ],
    });
  });

  it('of answers leave out what they do not name', async () => {
    const response = await request(schemas, 'POST /items', { body: { name: ' lamp ', price: 25 } });
    expect(response.json()).toEqual({ id: 'i1', name: 'lamp', price: 25 });
  });

  it.each([
    ['valibot', valibot],
    ['a compiled function', compiled],
  ])('may be of %s', async (_, handler) => {
    expect((await request(handler, 'POST /', { body: { name: 'Ada' } })).json()).toEqual({ hello: 'Ada' });
    const refused = await request(handler, 'POST /', { body: { name: 1 } });
    expect(refused.json()).toMatchObject({ status: 400, errors: [{ in: 'body', pointer: '/name' }] });
  });
});

describe('webhook signatures', () => {
  const body = '{"id":  1}'; // the bytes as sent, with their blanks
  const signature = createHmac('sha256', 'only for tests').update(body).digest('hex');

  it.each(httpSources)('hold for the bytes as the client sent them, from %s', async (source) => {
    const sent = { source, body, contentType: 'application/json' };
    expect(
      (await request(webhook, 'POST /', { ...sent, headers: { 'x-signature': signature } })).status,
    ).toBe(204);
    const refused = await request(webhook, 'POST /', {
      ...sent,
      body: '{"id": 1}',
      headers: { 'x-signature': signature },
    });
    expect([refused.status, refused.header('www-authenticate')]).toEqual([401, 'Signature']);
  });
});

describe('claims', () => {
  const jwt = { claims: { sub: 'u1', 'custom:tenant': 't1' }, scopes: ['orders.read'] };

  it('are validated: 401 without an authorizer, 403 for other claims', async () => {
    expect((await request(claims, 'GET /mine', { authorizer: { jwt } })).json()).toEqual({
      user: 'u1',
      tenant: 't1',
    });
    expect((await request(claims, 'GET /mine')).status).toBe(401);
    expect(
      (await request(claims, 'GET /mine', { authorizer: { jwt: { claims: { sub: 'u1' } } } })).status,
    ).toBe(403);
  });

  it('have scopes beside them', async () => {
    expect((await request(claims, 'GET /scopes', { authorizer: { jwt } })).json()).toEqual({
      scopes: ['orders.read'],
    });
  });
});

describe('streams', () => {
  it('outside Lambda are collected into one answer', async () => {
    const response = await request(stream, 'GET /', { source: 'functionUrl' });
    expect(response.header('content-type')).toBe('text/csv; charset=utf-8');
    expect(response.text()).toBe('number,square\n1,1\n2,4\n3,9\n');
  });
});

describe('health checks', () => {
  it('answer 200, and 503 when the check throws', async () => {
    expect((await request(health, 'GET /health')).json()).toEqual({ status: 'ok' });
    pullThePlug();
    const response = await request(health, 'GET /health');
    expect(response.status).toBe(503);
    expect(response.text()).not.toContain('no database');
  });
});

describe('middlewares', () => {
  it('add to the context, or answer', async () => {
    expect((await request(middleware, 'GET /', { headers: { 'x-tenant': 't1' } })).json()).toEqual({
      tenant: 't1',
    });
    expect((await request(middleware, 'GET /')).status).toBe(403);
  });
});

describe('resources', () => {
  it('reach run', async () => {
    expect((await request(resources, 'GET /')).json()).toEqual({ currency: 'EUR' });
  });
});

describe('the deadline', () => {
  it('answers 504 before the function times out', async () => {
    const started = performance.now();
    const response = await request(deadline, 'GET /', { context: lambdaContext({ timeout: 700 }) });
    expect(response.status).toBe(504);
    expect(performance.now() - started).toBeLessThan(700);
  });
});

describe('team defaults', () => {
  it('hold unless the handler says otherwise', async () => {
    const response = await request(team, 'GET /', { headers: { origin: 'https://shop.example.com' } });
    expect(response.header('access-control-allow-origin')).toBe('https://shop.example.com');
    expect((await request(team, 'POST /', { body: 'x'.repeat(2000) })).status).toBe(413);
  });
});

describe('the OpenAPI document', () => {
  it('has routes, answers, problems and named schemas', () => {
    expect(document.openapi).toBe('3.1.1');
    const responses = document.paths['/items/{id}']?.['get']?.responses;
    expect(Object.keys(responses ?? {})).toEqual(expect.arrayContaining(['200', '404', 'default']));
    expect(document.components.schemas).toHaveProperty('Item.properties.name.type', 'string');
  });
});

describe('JSON on the page', () => {
  it('is what the handlers answer', async () => {
    const requestId = 'JKJaXmPLvHcESHA=';
    expect((await request(problems, 'GET /orders/o1', { requestId })).json()).toEqual(shown('problem.json'));
    const body = { name: ' ', price: '25' };
    expect((await request(schemas, 'POST /items', { body, requestId })).json()).toEqual(
      shown('field-errors.json'),
    );
  });
});

describe('options', () => {
  it('that are misspelt fail when the handler is built', () => {
    expect(build({ corz: {} })).toThrow('Did you mean "cors"?');
    expect(build({ cors: { origins: ['*'], credentials: true } })).toThrow('cors.credentials');
  });
});

describe("the page's tables of options", () => {
  const page = readFileSync(new URL('../guide/http.md', import.meta.url), 'utf8');
  const named = (heading: string): string[] => {
    const section = page.split(`### ${heading}\n`)[1]?.split('\n#')[0] ?? '';
    return [...section.matchAll(/^\| (`[^|]+`) +\|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`(\w+)`/g)].map(([, name = '']) => name),
    );
  };
  const unknownOption = { qqqqqqqqqqqqqqqq: true };

  it.each([
    ['of handlers and routes', ['Of a handler', 'Of a route'], unknownOption],
    ['of cors', ['Of `cors`'], { cors: unknownOption }],
    ['of health', ['Of `health`'], { health: { path: '/health', ...unknownOption } }],
  ] as const)('list every option there is: %s', (_, headings, options) => {
    const all = known(options);
    expect(all.length).toBeGreaterThan(1);
    expect([...new Set(headings.flatMap(named))].toSorted()).toEqual(all.toSorted());
  });
});

function fromOrigin(origin: string): Promise<TestResponse> {
  return request(cors, 'GET /', { headers: { origin } });
}

function shown(file: string): unknown {
  return JSON.parse(readFileSync(new URL(`../snippets/http/${file}`, import.meta.url), 'utf8'));
}

function build(options: object): () => unknown {
  return () => httpHandler(options, () => 'never');
}

/** What a factory says it knows: a name that is near to no option makes the message list them all. */
function known(options: object): string[] {
  try {
    build(options)();
  } catch (error) {
    return (error as Error).message.split('Known options: ')[1]?.split(', ') ?? []; // a TypeError, see above
  }
  return [];
}
