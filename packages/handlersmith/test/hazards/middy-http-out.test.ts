/** Faults of Middy's packages for answers that a user of our factories must not meet, each shown on the bare package too. */
import { captureLogs, httpEvent, httpSources, invoke, readAnswer, requestAs } from '@handlersmith/testing';
import middy from '@middy/core';
import httpCors from '@middy/http-cors';
import httpErrorHandler from '@middy/http-error-handler';
import { httpHandler, ok } from 'handlersmith/http';
import { describe, expect, it } from 'vitest';

import { bare } from './bare.ts';

const [origin, other] = ['https://app.example.com', 'https://admin.example.com'];
const request = requestAs('httpApi');
const context = {} as never; // the packages below do not look at it

function fail(error: unknown): () => never {
  return () => {
    throw error;
  };
}

// A fresh one each time: the package writes `expose` into the error it is given.
const upstream = () => Object.assign(new Error('secret of another service'), { statusCode: 404 });

describe('http-error-handler', () => {
  it('bare: shows an upstream client’s error, has no body for a 500, and replaces the error', async () => {
    const shown = middy(fail(upstream())).use(httpErrorHandler({ logger: false }));
    expect(await shown({}, context)).toMatchObject({ statusCode: 404, body: 'secret of another service' });
    const seen: { error: unknown; response: unknown } = { error: new Error('real'), response: undefined };
    bare(httpErrorHandler({ logger: false }), 'onError', seen);
    expect(seen.error).not.toBeInstanceOf(Error);
    expect(seen.response).not.toHaveProperty('body');
  });

  it('ours: a problem that shows nothing, and the real error in the log', async () => {
    const handler = httpHandler({}, fail(upstream()));
    const { result, lines } = await captureLogs(() => request(handler, 'GET /'));
    expect(result.json()).toMatchObject({ status: 500, title: 'Internal Server Error' });
    expect(result.text()).not.toContain('secret');
    expect(lines).toMatchObject([{ error: { message: 'secret of another service', statusCode: 404 } }]);
  });

  it.each([undefined, false] as const)(
    'ours: the tracer is told of the real error, once (access line: %s)',
    async (accessLog) => {
      const told: unknown[] = [];
      const span = { annotate() {}, metadata() {}, error: (error: unknown) => void told.push(error) };
      const traced = {
        ...span,
        traceId: undefined,
        span: <T>(_: string, run: (inner: typeof span) => T): T => run(span),
      };
      const tracer = {
        invocation: <T>(_: unknown, run: (current: typeof traced) => Promise<T>): Promise<T> => run(traced),
      };
      const real = upstream();
      const options = { logger: false, tracer, ...(accessLog === undefined ? {} : { accessLog }) } as const;
      expect((await request(httpHandler(options, fail(real)), 'GET /')).status).toBe(500);
      expect(told).toEqual([real]);
      const client = Object.assign(new Error('bad'), { statusCode: 400, expose: true });
      expect((await request(httpHandler(options, fail(client)), 'GET /')).status).toBe(400);
      expect(told).toEqual([real]);
    },
  );

  it('ours: a 4xx that is meant to be shown is one warning, not an error on the console', async () => {
    const client = Object.assign(new Error('bad'), { statusCode: 400, expose: true });
    const { lines, result } = await captureLogs(() => request(httpHandler({}, fail(client)), 'GET /'));
    expect([result.status, lines.length, lines[0]?.['level']]).toEqual([400, 1, 'WARN']);
  });
});

/** What the bare package makes of an answer. */
function corsOn(options: object, response: unknown, from: string): { headers: Record<string, string> } {
  const seen = {
    event: { version: '2.0', headers: { origin: from }, requestContext: { http: { method: 'GET' } } },
    response,
  };
  bare(httpCors(options), 'after', seen);
  return seen.response as { headers: Record<string, string> }; // what the package writes
}

describe('http-cors', () => {
  it('bare: the order its documents show loses CORS on errors; ours: they are on every answer', async () => {
    const asShown = middy(() => {
      throw new Error('x');
    })
      .use(httpErrorHandler({ logger: false }))
      .use(httpCors({ origins: [origin] }));
    const event = httpEvent('httpApi', { headers: { origin } });
    expect(JSON.stringify(await asShown(event as never, context))).not.toContain('Allow-Origin');
    const handler = httpHandler({ logger: false, cors: { origins: [origin] } }, () => {
      throw new Error('x');
    });
    expect(
      (await request(handler, 'GET /', { headers: { origin } })).header('access-control-allow-origin'),
    ).toBe(origin);
  });

  it('bare: any origin with credentials is reflected; ours: refused when the handler is built', () => {
    const { headers } = corsOn({ origin: '*', credentials: true }, {}, 'https://evil.example');
    expect(headers).toMatchObject({ 'Access-Control-Allow-Credentials': 'true' });
    expect(() => httpHandler({ cors: { origins: ['*'], credentials: true } }, () => ({}))).toThrow(
      /credentials/,
    );
  });

  it('ours: a shared constant of the handler carries no origin to the next', async () => {
    const shared = ok({ a: 1 });
    const plain = { statusCode: 200, headers: {}, body: '{}' };
    for (const constant of [shared, plain]) {
      const handler = httpHandler({ logger: false, cors: { origins: [origin, other] } }, () => constant);
      for (const from of [origin, other, 'https://evil.example']) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other is the point
        const response = await request(handler, 'GET /', { headers: { origin: from } });
        expect(response.header('access-control-allow-origin')).toBe(from.includes('evil') ? undefined : from);
      }
    }
    expect([shared.headers, plain]).toEqual([{}, { statusCode: 200, headers: {}, body: '{}' }]);
  });

  it('bare: no ALB multi-value, and no preflight by default; ours: both', async () => {
    const handler = httpHandler({ logger: false, cors: { origins: [origin] } }, () => ({}));
    const headers = { origin, 'access-control-request-method': 'POST' };
    const preflight = await requestAs('albMulti')(handler, 'OPTIONS /', { headers });
    expect([preflight.status, preflight.header('access-control-allow-origin')]).toEqual([204, origin]);
    const seen = { event: { multiValueHeaders: { origin: [origin] } }, response: {} as { headers?: object } };
    bare(httpCors({ origins: [origin, other] }), 'after', seen);
    expect(seen.response.headers).not.toHaveProperty('Access-Control-Allow-Origin');
  });

  it('bare: a DTO with a field body becomes a 500; ours: it is a body, and undefined is a 204', async () => {
    expect(corsOn({ origins: [origin] }, { id: 1, body: 'text' }, origin)).toMatchObject({ statusCode: 500 });
    const cors = { origins: [origin] };
    const dto = await request(
      httpHandler({ logger: false, cors }, () => ({ id: 1, body: 'text' })),
      'GET /',
    );
    expect([dto.status, dto.json()]).toEqual([200, { id: 1, body: 'text' }]);
    expect(
      (
        await request(
          httpHandler({ logger: false, cors }, () => undefined),
          'GET /',
        )
      ).status,
    ).toBe(204);
  });
});

it('readers of answers: what Middy’s packages give never leaves without CORS or shape', async () => {
  const use = [httpErrorHandler({ logger: false })];
  const handler = httpHandler({ logger: false, use, cors: { origins: [origin] } }, () => {
    throw new Error('x');
  });
  for (const source of httpSources) {
    // oxlint-disable-next-line no-await-in-loop -- a failure names the source
    const answer = readAnswer(source, await invoke(handler, httpEvent(source, { headers: { origin } })));
    expect([source, answer.status, answer.header('access-control-allow-origin')]).toEqual([
      source,
      500,
      origin,
    ]);
  }
});
