import { albHealthCheck, captureLogs, lambdaContext, request } from '@handlersmith/testing';
import { describe, expect, it } from 'vitest';

import { ok } from './answer.ts';
import { httpHandler } from './handler.ts';
import { HttpProblem, notFound, serviceUnavailable } from './problem.ts';
import { route } from './route.ts';
import { httpRouter } from './router.ts';

const origin = 'https://app.example.com';
const cors = { origins: [origin] };
const headers = { origin };

describe('H15 H16 answers that cannot be sent', () => {
  it.each([
    ['a header with a line end', () => ok({}, { headers: { 'x-a': 'secret\r\nx: y' } })],
    [
      'a cycle',
      () => {
        const cyclic: unknown[] = ['secret'];
        cyclic.push(cyclic);
        return cyclic;
      },
    ],
    ['a big integer', () => ({ secret: 1n })],
    ['a problem with such a header', () => notFound('none', { headers: { 'x-a': 'secret\r\nx: y' } })],
    [
      'a thrown problem with such a header',
      () => {
        throw notFound('none', { headers: { 'x-a': 'secret\r\nx: y' } });
      },
    ],
    [
      'a thrown problem that is no JSON',
      () => {
        throw new HttpProblem(409, 'x', { extensions: { secret: 1n } });
      },
    ],
  ])('%s: a 500 with CORS, one log line and no leak', async (_, run) => {
    const handler = httpHandler({ cors }, run);
    const { result, lines } = await captureLogs(() => request(handler, 'GET /', { headers }));
    expect([result.status, result.header('access-control-allow-origin')]).toEqual([500, origin]);
    expect(result.header('content-type')).toBe('application/problem+json');
    expect(result.text()).not.toContain('secret');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ level: 'ERROR', http_status: 500 });
  });

  it('H19 too large an answer says by how much in the log', async () => {
    const handler = httpHandler({ cors }, () => 'a'.repeat(1024 * 1024));
    const { result, lines } = await captureLogs(() => request(handler, 'GET /', { headers, source: 'alb' }));
    expect(result.status).toBe(500);
    expect(JSON.stringify(lines)).toMatch(/The answer is \d+ bytes over the 1048576 bytes that alb takes/);
  });
});

describe('H16 whatever is thrown', () => {
  it.each([
    ['an error', new Error('secret')],
    ['a frozen error', Object.freeze(new Error('secret'))],
    ['a text', 'secret'],
    ['nothing', undefined],
    ['null', null],
    ['a symbol', Symbol('secret')],
    ['a number', 42],
    ['an object without a prototype', Object.create(null)],
    [
      'a revoked proxy',
      (() => {
        const { proxy, revoke } = Proxy.revocable({}, {});
        revoke();
        return proxy;
      })(),
    ],
    [
      'a getter that throws',
      {
        get message(): never {
          throw new Error('no');
        },
      },
    ],
  ])('%s is a 500 with CORS, one log line and no leak', async (_, thrown) => {
    const handler = httpHandler({ cors }, () => {
      throw thrown as unknown as Error; // JavaScript lets anything be thrown
    });
    const { result, lines } = await captureLogs(() => request(handler, 'GET /', { headers }));
    expect([result.status, result.header('access-control-allow-origin')]).toEqual([500, origin]);
    expect(result.text()).not.toContain('secret');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ level: 'ERROR', message: 'request failed', http_status: 500 });
  });
});

describe('the line of a request', () => {
  const handler = httpRouter(
    {},
    {
      'GET /items/{id}': route(({ path }) => ({ id: path.id })),
      'GET /fault': route(() => serviceUnavailable('later', { retryAfter: 3 })),
    },
  );
  const linesOf = async (line: string): Promise<readonly object[]> =>
    (await captureLogs(() => request(handler, line))).lines;

  it('names the route and never the path', async () => {
    const lines = await linesOf('GET /items/s3cret');
    expect(lines).toEqual([
      expect.objectContaining({
        level: 'INFO',
        message: 'request served',
        http_method: 'GET',
        http_route: 'GET /items/{id}',
        http_status: 200,
        response_bytes: 15,
        duration_ms: expect.any(Number),
      }),
    ]);
    expect(JSON.stringify(lines)).not.toContain('s3cret');
  });

  it('of a refusal is a warning, of a fault an error', async () => {
    expect(await linesOf('GET /none')).toEqual([
      expect.objectContaining({
        level: 'WARN',
        http_route: '(none)',
        http_status: 404,
        problem: 'There is nothing at this path',
      }),
    ]);
    expect(await linesOf('GET /fault')).toEqual([
      expect.objectContaining({ level: 'ERROR', http_status: 503, problem: 'later' }),
    ]);
  });

  it('is left out where nobody asked for it, but for faults', async () => {
    const quiet = httpHandler({ accessLog: false }, ({ query }) => {
      if (query['fail'] === '1') throw new Error('no');
      return 'ok';
    });
    expect((await captureLogs(() => request(quiet, 'GET /'))).lines).toEqual([]);
    expect((await captureLogs(() => request(quiet, 'GET /?fail=1'))).lines).toHaveLength(1);
  });

  it('H20 of a health check does not flood the log', async () => {
    const { lines } = await captureLogs(() => handler(albHealthCheck(), lambdaContext()));
    expect(lines).toEqual([]);
  });

  it('H9 says aloud that a load balancer carries one cookie only', async () => {
    const setting = httpHandler({ accessLog: false }, () => ok({}, { cookies: ['a=1', 'b=2'] }));
    const { lines } = await captureLogs(() => request(setting, 'GET /', { source: 'alb' }));
    expect(lines).toEqual([expect.objectContaining({ level: 'ERROR', cookies_dropped: 1 })]);
    expect((await captureLogs(() => request(setting, 'GET /', { source: 'albMulti' }))).lines).toEqual([]);
  });

  it('counts the bytes that were sent', async () => {
    const bytes = httpHandler({}, () => new Uint8Array(10));
    expect((await captureLogs(() => request(bytes, 'GET /'))).lines).toEqual([
      expect.objectContaining({ response_bytes: 10 }),
    ]);
  });
});
