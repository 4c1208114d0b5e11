import { albHealthCheck, lambdaContext, request, requestAs } from '@handlersmith/testing';
import { describe, expect, it, vi } from 'vitest';

import { httpHandler } from './handler.ts';
import { route } from './route.ts';
import { httpRouter } from './router.ts';

const logger = false;
const cors = { origins: ['https://app.example.com'] };
const items = { 'GET /items': route(({ pathname }) => ({ pathname })), 'POST /items': route(() => 'made') };

describe('H17 what no route takes', () => {
  const handler = httpRouter({ logger }, items);

  it('is a 404', async () => {
    const response = await request(handler, 'GET /none');
    expect([response.status, response.json()]).toEqual([
      404,
      expect.objectContaining({ detail: 'There is nothing at this path' }),
    ]);
  });

  it('is a 405 with what the path knows', async () => {
    const response = await request(handler, 'DELETE /items');
    expect([response.status, response.header('allow')]).toEqual([405, 'GET, POST, HEAD, OPTIONS']);
  });

  it('is answered for OPTIONS', async () => {
    const response = await request(handler, 'OPTIONS /items');
    expect([response.status, response.header('allow'), response.text()]).toEqual([
      204,
      'GET, POST, HEAD, OPTIONS',
      '',
    ]);
  });

  it('H7 of a malformed path is a 400', async () => {
    const response = await request(handler, 'GET /%zz', { source: 'rest' });
    expect(response.status).toBe(400);
  });
});

describe('H15 preflight', () => {
  const preflight = {
    headers: { origin: 'https://app.example.com', 'access-control-request-method': 'POST' },
  };

  it('is answered for a route, without running it', async () => {
    const run = vi.fn<() => void>();
    const handler = httpRouter({ logger, cors }, { 'POST /items': route(run) });
    const response = await request(handler, 'OPTIONS /items', preflight);
    expect([response.status, response.header('access-control-allow-methods')]).toEqual([
      204,
      'POST, OPTIONS',
    ]);
    expect(run).not.toHaveBeenCalled();
  });

  it('is answered for a handler without routes and for an unknown path with the method asked for', async () => {
    for (const handler of [
      httpHandler({ logger, cors }, () => 'ok'),
      httpRouter({ logger, cors }, { 'GET /a': route(() => 'ok') }),
    ]) {
      // oxlint-disable-next-line no-await-in-loop -- two requests, told apart by their order
      const response = await request(handler, 'OPTIONS /b', preflight);
      expect([response.status, response.header('access-control-allow-methods')]).toEqual([204, 'POST']);
    }
  });

  it('without CORS is an OPTIONS like any other', async () => {
    const response = await request(httpRouter({ logger }, items), 'OPTIONS /items', preflight);
    expect(response.headers).not.toHaveProperty('access-control-allow-origin');
    expect(response.status).toBe(204);
  });

  it('goes before an OPTIONS route; a plain OPTIONS reaches it', async () => {
    const handler = httpRouter({ logger, cors }, { 'OPTIONS /items': route(() => 'own') });
    expect((await request(handler, 'OPTIONS /items', preflight)).status).toBe(204);
    expect((await request(handler, 'OPTIONS /items')).json()).toBe('own');
  });
});

describe('H20 health', () => {
  const check = vi.fn<() => unknown>();
  const handler = httpRouter({ logger, health: { path: '/health', check } }, items);

  it('is told where it is asked for', async () => {
    const response = await request(handler, 'GET /health');
    expect([response.status, response.json(), response.header('cache-control')]).toEqual([
      200,
      { status: 'ok' },
      'no-store',
    ]);
    expect((await request(handler, 'HEAD /health')).status).toBe(200);
    expect((await request(handler, 'POST /health')).status).toBe(404);
    expect(
      (await request(httpRouter({ logger, health: { path: '/health' } }, items), 'GET /health')).status,
    ).toBe(200);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('secret');
      },
    ],
    ['rejects', () => Promise.reject(new Error('secret'))],
  ])('that %s is a 503 which does not say why', async (_, failing) => {
    check.mockImplementationOnce(failing);
    const response = await request(handler, 'GET /health');
    expect(response.status).toBe(503);
    expect(response.text()).not.toContain('secret');
  });

  it("of a load balancer's own check is answered on a path that no route takes", async () => {
    const result = await httpRouter({ logger }, items)(albHealthCheck(), lambdaContext());
    expect(result.statusCode).toBe(200);
  });
});

describe('H8 basePath', () => {
  const handler = httpRouter(
    { logger, basePath: '/api' },
    { ...items, 'GET /': route(() => 'root'), 'GET /apiary': route(() => 'bees') },
  );

  it.each([
    ['GET /api/items', { pathname: '/items' }],
    ['GET /items', { pathname: '/items' }],
    ['GET /api', 'root'],
    ['GET /apiary', 'bees'],
  ])('is taken off: %s', async (line, expected) => {
    expect((await requestAs('functionUrl')(handler, line)).json()).toEqual(expected);
  });
});

describe('H5 the body limit', () => {
  const handler = httpRouter(
    { logger, bodyLimit: 4 },
    {
      'POST /': route(({ rawBody }) => rawBody.length),
      'PUT /': route({ bodyLimit: 2 }, () => 'ok'),
    },
  );

  it.each([
    ['POST /', 'abcd', 200],
    ['POST /', 'ab€', 413],
    ['POST /', 'abcde', 413],
    ['PUT /', 'ab', 200],
    ['PUT /', 'abc', 413],
  ])('%s %s is a %d', async (line, body, status) => {
    for (const base64 of [false, true]) {
      // oxlint-disable-next-line no-await-in-loop -- two requests, told apart by their order
      expect((await request(handler, line, { body, base64 })).status).toBe(status);
    }
  });

  it('is told, and is 1 MiB by default', async () => {
    const response = await request(handler, 'POST /', { body: 'abcde' });
    expect(response.json()).toMatchObject({ detail: 'The body may have 4 bytes' });
    const usual = httpHandler({ logger }, () => 'ok');
    expect((await request(usual, 'POST /', { body: 'a'.repeat(1024 * 1024) })).status).toBe(200);
    expect((await request(usual, 'POST /', { body: 'a'.repeat(1024 * 1024 + 1) })).status).toBe(413);
  });
});

describe('A2 resources', () => {
  it('are made once, whatever comes, and given to run', async () => {
    const resources = vi.fn<() => Promise<{ id: number }>>(async () => ({ id: 7 }));
    const handler = httpHandler({ logger, resources }, ({ resources: { id } }) => ({ id }));
    const responses = await Promise.all([
      request(handler, 'GET /'),
      request(handler, 'GET /'),
      request(handler, 'GET /'),
    ]);
    expect(responses.map((response) => response.json())).toEqual([{ id: 7 }, { id: 7 }, { id: 7 }]);
    expect((await request(handler, 'GET /')).json()).toEqual({ id: 7 });
    expect(resources).toHaveBeenCalledTimes(1);
  });

  it('that cannot be made are a 500, and are tried again', async () => {
    const resources = vi.fn<() => number>(() => 7);
    resources.mockImplementationOnce(() => {
      throw new Error('secret');
    });
    const handler = httpHandler({ logger, resources }, (input) => input.resources);
    const failed = await request(handler, 'GET /');
    expect([failed.status, failed.text().includes('secret')]).toEqual([500, false]);
    expect((await request(handler, 'GET /')).json()).toBe(7);
  });
});
