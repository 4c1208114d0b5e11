import { httpSources, lambdaContext, requestAs, type TestResponse } from '@handlersmith/testing';
/* oxlint-disable no-await-in-loop -- requests one after the other: a failure names the one that failed */
import { conflict, created, httpHandler, httpRouter, ok, route, serviceUnavailable } from 'handlersmith/http';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const here = 'https://app.example.com';
const there = 'https://admin.example.com';
const shared = Object.freeze(ok(Object.freeze({ a: 1 }), { headers: Object.freeze({ 'x-shared': '1' }) }));
const handler = httpRouter(
  { logger: false, bodyLimit: 100, deadlineMargin: 20, cors: { origins: [here, there], credentials: true } },
  {
    'GET /ok': route(() => ({ a: 1 })),
    'GET /shared': route(() => shared),
    'GET /nothing': route(() => undefined),
    'GET /vary': route(() => ok({}, { headers: { Vary: 'Accept-Encoding' } })),
    'GET /conflict': route(() => conflict('no')),
    'GET /thrown': route(() => {
      throw serviceUnavailable('later', { retryAfter: 3 });
    }),
    'GET /crash': route(() => {
      throw new Error('secret');
    }),
    'GET /unsendable': route(() => 1n),
    'GET /slow': route(() => new Promise(() => {})),
    'GET /own': route(() =>
      ok({}, { headers: { 'access-control-allow-origin': '*', 'access-control-allow-credentials': 'true' } }),
    ),
    'POST /items': route({ body: z.object({ name: z.string() }) }, ({ body }) => created(body)),
  },
);

function corsOf({ headers }: TestResponse): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => name.startsWith('access-control-') || name === 'vary'),
  );
}

const allowed = (origin: string): Record<string, string> => ({
  'access-control-allow-origin': origin,
  'access-control-allow-credentials': 'true',
  vary: 'Origin',
});

describe.each(httpSources)('%s', (source) => {
  const request = requestAs(source);
  const cases: readonly { line: string; status: number; body?: unknown; contentType?: string }[] = [
    { line: 'GET /ok', status: 200 },
    { line: 'HEAD /ok', status: 200 },
    { line: 'GET /nothing', status: 204 },
    { line: 'POST /items', status: 201, body: { name: 'a' } },
    { line: 'POST /items', status: 400, body: { name: 1 } },
    { line: 'POST /items', status: 400, body: '{', contentType: 'application/json' },
    { line: 'POST /items', status: 413, body: { name: 'x'.repeat(200) } },
    { line: 'POST /items', status: 415, body: 'x', contentType: 'text/plain' },
    { line: 'GET /none', status: 404 },
    { line: 'DELETE /ok', status: 405 },
    { line: 'GET /conflict', status: 409 },
    { line: 'GET /crash', status: 500 },
    { line: 'GET /unsendable', status: 500 },
    { line: 'GET /thrown', status: 503 },
    { line: 'GET /slow', status: 504 },
  ];

  it.each(cases)(
    'H15 $line: a $status carries the CORS headers of its request',
    async ({ line, status, body, contentType }) => {
      for (const origin of [here, there]) {
        const context = lambdaContext({ timeout: status === 504 ? 50 : 3000 });
        const response = await request(handler, line, { body, contentType, context, headers: { origin } });
        expect(response.status).toBe(status);
        expect(corsOf(response)).toEqual(allowed(origin));
      }
    },
  );

  it('H15 an origin that may not call gets no permission, and Vary all the same', async () => {
    for (const origin of [
      'https://evil.example',
      'null',
      `${here}.evil.example`,
      `${here}:8443`,
      'http://app.example.com',
      '',
    ]) {
      for (const line of ['GET /ok', 'GET /none', 'GET /crash', 'GET /shared']) {
        const response = await request(handler, line, { headers: { origin } });
        expect(corsOf(response)).toEqual({ vary: 'Origin' });
      }
    }
    expect(corsOf(await request(handler, 'GET /ok'))).toEqual({ vary: 'Origin' });
  });

  it('H15 a shared constant keeps no origin', async () => {
    expect(corsOf(await request(handler, 'GET /shared', { headers: { origin: here } }))).toEqual(
      allowed(here),
    );
    expect(corsOf(await request(handler, 'GET /shared', { headers: { origin: there } }))).toEqual(
      allowed(there),
    );
    expect(corsOf(await request(handler, 'GET /shared'))).toEqual({ vary: 'Origin' });
    expect(shared.headers).toEqual({ 'x-shared': '1' });
  });

  it("H15 the answer's own Vary is kept", async () => {
    const response = await request(handler, 'GET /vary', { headers: { origin: here } });
    expect(response.header('vary')?.split(', ')).toEqual(['Accept-Encoding', 'Origin']);
  });

  it("H15 a route's own CORS header does not go before the handler's policy", async () => {
    const response = await request(handler, 'GET /own', { headers: { origin: here } });
    expect(corsOf(response)).toEqual(allowed(here));
    const refused = await request(handler, 'GET /own', { headers: { origin: 'https://evil.example' } });
    expect(corsOf(refused)).toEqual({ vary: 'Origin' });
  });

  it('H15 H17 a preflight is answered with what the path has', async () => {
    const headers = {
      origin: here,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type, x-tenant',
    };
    const response = await request(handler, 'OPTIONS /items', { headers });
    expect(response.status).toBe(204);
    expect(response.header('access-control-allow-origin')).toBe(here);
    expect(response.header('access-control-allow-methods')?.split(', ')).toContain('POST');
    expect(response.header('access-control-allow-headers')).toBe('content-type, x-tenant');
    expect(response.header('vary')).toBe('Origin, Access-Control-Request-Headers');
  });

  it('H15 a preflight may ask for no headers', async () => {
    const headers = { origin: here, 'access-control-request-method': 'GET' };
    const response = await request(handler, 'OPTIONS /ok', { headers });
    expect(response.status).toBe(204);
    expect(response.headers).not.toHaveProperty('access-control-allow-headers');
  });

  it('H15 a preflight of an origin that may not call gets no permission', async () => {
    const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST' };
    const response = await request(handler, 'OPTIONS /items', { headers });
    expect(response.status).toBe(204);
    expect(corsOf(response)).toEqual({ vary: 'Origin' });
  });

  it('H15 a preflight asks nobody for a body, a schema or a middleware', async () => {
    let ran = 0;
    const guarded = httpHandler(
      {
        logger: false,
        cors: { origins: [here], maxAge: 600, headers: ['x-a'], methods: ['PUT'] },
        body: z.object({}),
        use: [{ before: () => void (ran += 1) }],
      },
      () => void (ran += 1),
    );
    const headers = { origin: here, 'access-control-request-method': 'PUT' };
    const response = await request(guarded, 'OPTIONS /', { headers });
    expect(response.status).toBe(204);
    expect(corsOf(response)).toEqual({
      'access-control-allow-origin': here,
      'access-control-allow-methods': 'PUT',
      'access-control-allow-headers': 'x-a',
      'access-control-max-age': '600',
      vary: 'Origin',
    });
    expect(ran).toBe(0);
  });

  it('H15 OPTIONS without a question is answered with Allow', async () => {
    const response = await request(handler, 'OPTIONS /items', { headers: { origin: here } });
    expect(response.status).toBe(204);
    expect(response.header('allow')?.split(', ').toSorted()).toEqual(['OPTIONS', 'POST']);
    expect(corsOf(response)).toEqual(allowed(here));
  });

  it('H15 a preflight that asks for what is no name gets nothing of it', async () => {
    const one = httpHandler({ logger: false, cors: { origins: [here] } }, () => ({}));
    for (const evil of ['x\r\ny: z', 'a b', 'π', '', ',', 'x'.repeat(10) + '\0']) {
      const headers = {
        origin: here,
        'access-control-request-method': evil,
        'access-control-request-headers': evil,
      };
      const response = await request(one, 'OPTIONS /', { headers });
      expect([evil, response.status, response.header('access-control-allow-headers')]).toEqual([
        evil,
        204,
        undefined,
      ]);
    }
  });

  it('H15 any origin: a star for everyone, no Vary, whoever asks', async () => {
    const open = httpHandler(
      { logger: false, cors: { origins: ['*'], exposeHeaders: ['etag'] } },
      () => ({}),
    );
    for (const headers of [{}, { origin: here }, { origin: 'null' }]) {
      expect(corsOf(await request(open, 'GET /', { headers }))).toEqual({
        'access-control-allow-origin': '*',
        'access-control-expose-headers': 'etag',
      });
    }
  });

  it('H15 a pattern lets in one label, and nothing that only looks like it', async () => {
    const tenants = httpHandler({ logger: false, cors: { origins: ['https://*.example.com'] } }, () => ({}));
    const ask = async (origin: string) =>
      (await request(tenants, 'GET /', { headers: { origin } })).header('access-control-allow-origin');
    expect(await ask('https://a.example.com')).toBe('https://a.example.com');
    for (const origin of [
      'https://a.b.example.com',
      'https://a.example.com.evil.example',
      'https://evil.example/.example.com',
      'https://evil@.example.com',
      'http://a.example.com',
      'https://aexample.com',
      'https://x,https://a.example.com',
      'null',
    ]) {
      expect([origin, await ask(origin)]).toEqual([origin, undefined]);
    }
  });

  it('H15 without the option there are no CORS headers: the gateway may answer them', async () => {
    const bare = httpHandler({ logger: false }, () => ({}));
    expect(corsOf(await request(bare, 'GET /', { headers: { origin: here } }))).toEqual({});
  });
});

describe('H15 A6 a policy that lets every site act as the user', () => {
  it('is refused when the handler is built', () => {
    expect(() =>
      httpHandler({ logger: false, cors: { origins: ['*'], credentials: true } }, () => ({})),
    ).toThrow(/httpHandler: cors\.origins "\*" with cors\.credentials/);
    expect(() =>
      httpRouter.extend({ cors: { origins: [here, '*'], credentials: true } })(
        {},
        { 'GET /': route(() => 1) },
      ),
    ).toThrow(/httpRouter: cors\.origins/);
  });
});
