/* oxlint-disable no-await-in-loop -- requests one after the other: a failure names the one that failed */
import { httpEvent, httpSources, invoke, readAnswer, requestAs } from '@handlersmith/testing';
import { httpHandler, httpRouter, redirect, route } from 'handlersmith/http';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const query = httpHandler({ logger: false }, (input) => input.query);
const files = httpRouter(
  { logger: false },
  {
    'GET /items/{id}': route(({ path, pathname }) => ({ id: path.id, pathname })),
    'GET /items/{id}/parts/{part}': route(({ path }) => path),
    'GET /items/new': route(() => 'the literal one'),
    'GET /files/{path+}': route(({ path }) => path),
    'GET /': route(() => 'root'),
  },
);

describe.each(httpSources)('%s', (source) => {
  const request = requestAs(source);

  it('H6 the query is decoded once, plus signs too', async () => {
    const response = await request(query, 'GET /?a=x+y&b=%2B%252B&c=%C3%A9&d=1%2C2&e=&f');
    expect(response.json()).toEqual({ a: 'x y', b: '+%2B', c: 'é', d: '1,2', e: '', f: '' });
  });

  it('H6 repeats are kept in their order, with commas in them', async () => {
    const response = await request(query, 'GET /?tag=a%2Cb&tag=c&tag=a%2Cb');
    // A load balancer without multi-value parameters sends the last one only.
    expect(response.json()).toEqual({ tag: source === 'alb' ? 'a,b' : ['a,b', 'c', 'a,b'] });
  });

  it('H6 no parameter name is special', async () => {
    const response = await request(query, 'GET /?__proto__=a&constructor=b&hasOwnProperty=c');
    expect(response.text()).toBe('{"__proto__":"a","constructor":"b","hasOwnProperty":"c"}');
  });

  it('H6 a request without a query has an empty one', async () => {
    expect((await request(query, 'GET /')).json()).toEqual({});
    expect((await request(query, 'GET /?&&')).json()).toEqual({});
  });

  it('H6 a schema gets numbers, booleans and lists from the strings they are', async () => {
    const schema = z.object({
      limit: z.number().max(100).default(10),
      all: z.boolean().optional(),
      tag: z.array(z.string()).optional(),
      zip: z.string().optional(),
    });
    const handler = httpHandler({ logger: false, query: schema }, (input) => input.query);
    expect((await request(handler, 'GET /?limit=5&all=true&tag=a&zip=01234')).json()).toEqual({
      limit: 5,
      all: true,
      tag: ['a'],
      zip: '01234',
    });
    const refused = await request(handler, 'GET /?limit=500&all=maybe');
    expect(refused.status).toBe(400);
    expect(refused.json()).toMatchObject({
      errors: [
        { in: 'query', pointer: '/limit' },
        { in: 'query', pointer: '/all' },
      ],
    });
  });

  it('H7 a path parameter is decoded once', async () => {
    const response = await request(files, 'GET /items/a%20b%2Fc%C3%A9%2B+');
    // An HTTP API decodes the path before we see it: a slash in a segment cannot be told from one between segments.
    const there = source === 'httpApi' ? { status: 404 } : { id: 'a b/cé++' };
    expect(response.json()).toMatchObject(there);
    const plain = await request(files, 'GET /items/a%20b%C3%A9%2B+/parts/x%3Dy');
    expect(plain.json()).toEqual({ id: 'a bé++', part: 'x=y' });
    const percent = await request(files, 'GET /items/100%2525');
    expect(percent.json()).toMatchObject({ id: '100%25' });
  });

  it('H7 a greedy parameter takes the rest of the path', async () => {
    expect((await request(files, 'GET /files/2026/11/a%20b.txt')).json()).toEqual({
      path: '2026/11/a b.txt',
    });
    expect((await request(files, 'GET /items/new')).json()).toBe('the literal one');
    expect((await request(files, 'GET /items/new/')).json()).toBe('the literal one');
  });

  it('H7 a leading double slash never becomes a host, nor a route', async () => {
    expect((await request(files, 'GET //evil.example/items/1')).status).toBe(404);
    expect((await request(files, 'GET //items/1')).status).toBe(404);
    const seen = httpHandler({ logger: false }, ({ pathname }) => pathname);
    expect((await request(seen, 'GET //evil.example/x')).json()).toBe('//evil.example/x');
    const away = httpHandler({ logger: false }, ({ pathname }) => redirect(pathname));
    expect((await request(away, 'GET //evil.example/x')).status).toBe(500);
    expect((await request(away, 'GET /\\evil.example')).header('location') ?? '').not.toMatch(/^[/\\]{2}/);
  });

  it('H9 cookies are read by name, decoded, the first of a name first', async () => {
    const handler = httpHandler({ logger: false }, ({ cookies }) => cookies);
    const cookies = ['a=1', 'b="x y"', 'c=%C3%A9', 'd=100%', 'a=2', 'e=k=v', '__proto__=p', 'junk'];
    const response = await request(handler, 'GET /', { cookies });
    expect(response.text()).toBe(
      JSON.stringify({ a: '1', b: 'x y', c: 'é', d: '100%', e: 'k=v' }).replace('}', ',"__proto__":"p"}'),
    );
  });

  it('H9 a comma in a cookie does not split it', async () => {
    const handler = httpHandler({ logger: false }, ({ cookies }) => cookies);
    expect((await request(handler, 'GET /', { cookies: ['when=Wed, 21 Oct', 'b=2'] })).json()).toEqual({
      when: 'Wed, 21 Oct',
      b: '2',
    });
    expect((await request(handler, 'GET /')).json()).toEqual({});
  });
});

describe('H6 a malformed percent-encoding in the query is a 400', () => {
  // API Gateway decodes the query of a REST API by itself, and lets malformed escapes stand.
  it.each(httpSources.filter((source) => source !== 'rest'))('%s', async (source) => {
    for (const raw of ['a=%', 'a=%E9', '%zz=1', 'a=1&b=%C3']) {
      const response = await requestAs(source)(query, `GET /?${raw}`);
      expect([raw, response.status]).toEqual([raw, 400]);
      expect(response.json()).toMatchObject({ detail: 'The query holds a malformed percent-encoding' });
    }
  });
  it('rest keeps it as it came', async () => {
    expect((await requestAs('rest')(query, 'GET /?a=100%')).json()).toEqual({ a: '100%' });
  });
});

describe('H7 a malformed percent-encoding in the path is a 400', () => {
  // An HTTP API decodes the path by itself: what arrives has no encoding to be malformed.
  it.each(httpSources.filter((source) => source !== 'httpApi'))('%s', async (source) => {
    for (const path of ['/items/%', '/items/%E9', '/items/%zz', '/%C3/x']) {
      const response = await requestAs(source)(files, `GET ${path}`);
      expect([path, response.status]).toEqual([path, 400]);
      expect(response.json()).toMatchObject({ detail: 'The path holds a malformed percent-encoding' });
    }
  });
});

describe('H8 routes see no stage and no base path', () => {
  it('rest and httpApi: a named stage', async () => {
    for (const source of ['rest', 'httpApi'] as const) {
      const request = requestAs(source);
      expect((await request(files, 'GET /items/1', { stage: 'prod' })).json()).toMatchObject({
        pathname: '/items/1',
      });
      expect((await request(files, 'GET /', { stage: 'prod' })).json()).toBe('root');
      // A path may begin like the stage.
      expect((await request(files, 'GET /items/items', { stage: 'items' })).json()).toMatchObject({
        id: 'items',
      });
    }
  });

  it('rest: the base path of a custom domain', async () => {
    const request = requestAs('rest');
    const custom = { basePath: 'v1', resource: '/items/{id}' };
    expect((await request(files, 'GET /items/1', custom)).json()).toMatchObject({
      id: '1',
      pathname: '/items/1',
    });
    const proxied = { basePath: '/shop/v1', resource: '/{proxy+}' };
    expect((await request(files, 'GET /items/1/parts/2', proxied)).json()).toEqual({ id: '1', part: '2' });
    expect((await request(files, 'GET /items/1', { basePath: 'items' })).json()).toMatchObject({ id: '1' });
  });

  it('httpApi: the base path of a custom domain', async () => {
    const request = requestAs('httpApi');
    expect(
      (await request(files, 'GET /items/1', { basePath: 'v1', resource: '/items/{id}' })).json(),
    ).toMatchObject({ id: '1' });
  });

  it('the option basePath takes away what the event does not tell', async () => {
    const handler = httpRouter(
      { logger: false, basePath: '/v1' },
      {
        'GET /items': route(({ pathname }) => pathname),
        'GET /v1x': route(() => 'x'),
      },
    );
    for (const source of ['functionUrl', 'alb', 'albMulti'] as const) {
      expect((await requestAs(source)(handler, 'GET /v1/items')).json()).toBe('/items');
      expect((await requestAs(source)(handler, 'GET /v1x')).json()).toBe('x');
    }
  });

  it('httpHandler behind one route of a gateway gets the parameters of that route', async () => {
    const handler = httpHandler({ logger: false }, ({ path }) => path);
    for (const source of ['rest', 'httpApi'] as const) {
      const event = httpEvent(source, { path: '/items/a%20b', resource: '/items/{id}' });
      expect(readAnswer(source, await invoke(handler, event)).json()).toEqual({ id: 'a b' });
    }
  });
});
