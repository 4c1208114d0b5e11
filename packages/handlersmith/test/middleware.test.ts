import { captureLogs, httpSources, lambdaContext, requestAs } from '@handlersmith/testing';
import type { MiddlewareObj } from '@middy/core';
import type { Context } from 'aws-lambda';
import {
  conflict,
  httpHandler,
  type Middleware,
  type MiddlewareRequest,
  noContent,
  notFound,
  ok,
  text,
} from 'handlersmith/http';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const origin = 'https://app.example.com';
const cors = { origins: [origin] };

/** Notes when it is called. */
function noting(notes: string[], name: string): Middleware {
  return {
    before: () => void notes.push(`before ${name}`),
    after: () => void notes.push(`after ${name}`),
    onError: () => void notes.push(`onError ${name}`),
  };
}

describe.each(httpSources)('%s', (source) => {
  const request = requestAs(source);

  it('runs before in order, after and onError the other way round', async () => {
    const notes: string[] = [];
    const use = [noting(notes, 'a'), noting(notes, 'b')];
    const good = httpHandler({ logger: false, use }, () => void notes.push('run'));
    expect((await request(good, 'GET /')).status).toBe(204);
    expect(notes.splice(0)).toEqual(['before a', 'before b', 'run', 'after b', 'after a']);
    const bad = httpHandler({ logger: false, use }, () => {
      throw new Error('x');
    });
    expect((await request(bad, 'GET /')).status).toBe(500);
    expect(notes).toEqual(['before a', 'before b', 'onError b', 'onError a']);
  });

  it.each([
    ['an answer', ok({ early: true }, { headers: { 'x-early': '1' } }), 200],
    ['a problem', notFound('not here'), 404],
    ['a ready answer', { statusCode: 202, headers: { 'x-early': '1' }, body: '{"early":true}' }, 202],
    ['a promise of an answer', Promise.resolve(noContent()), 204],
  ])('%s from before ends it early, and keeps CORS and the log line', async (_, early, status) => {
    const notes: string[] = [];
    const use = [{ before: () => early }, noting(notes, 'never')];
    const handler = httpHandler({ cors, use }, () => void notes.push('run'));
    const { result, lines } = await captureLogs(() => request(handler, 'GET /', { headers: { origin } }));
    expect(result.status).toBe(status);
    expect(result.header('access-control-allow-origin')).toBe(origin);
    expect(lines).toMatchObject([{ http_status: status }]);
    expect(notes).toEqual([]);
  });

  it.each([
    ['nothing', null],
    ['what it likes better', { user: 'u1' }],
  ])('H15 H16 one that makes %s of the event costs neither CORS nor the log line', async (_, event) => {
    const use = [{ before: (each: MiddlewareRequest) => void (each.event = event) }];
    const handler = httpHandler({ cors, use }, ({ query }) => query);
    const headers = { origin, 'x-correlation-id': 'c-1' };
    const { result, lines } = await captureLogs(() => request(handler, 'GET /', { headers }));
    expect(result.header('access-control-allow-origin')).toBe(origin);
    expect(lines).toMatchObject([{ http_status: result.status, correlation_id: 'c-1' }]);
  });

  it('refusals reach onError with what they are, and after does not run', async () => {
    const seen: unknown[] = [];
    const after: string[] = [];
    const use: Middleware[] = [
      {
        onError: ({ error }: MiddlewareRequest) =>
          void seen.push([(error as Error).name, (error as { statusCode?: number }).statusCode]),
        after: () => void after.push('after'),
      },
    ];
    const handler = httpHandler({ logger: false, use, body: z.object({ a: z.number() }) }, () =>
      conflict('taken'),
    );
    expect((await request(handler, 'POST /', { body: { a: 'x' } })).status).toBe(400);
    expect((await request(handler, 'POST /', { body: '{', contentType: 'application/json' })).status).toBe(
      400,
    );
    expect((await request(handler, 'POST /', { body: { a: 1 } })).status).toBe(409);
    expect(seen).toEqual([
      ['RequestRefused', 400],
      ['UnreadableBody', 400],
      ['HttpProblem', 409],
    ]);
    expect(after).toEqual([]);
  });

  it('onError may answer, and its answer keeps CORS and the log line', async () => {
    const use = [
      {
        onError: (failed: MiddlewareRequest) => {
          failed.response = { statusCode: 503, headers: { 'retry-after': '1' }, body: '' };
        },
      },
    ];
    const handler = httpHandler({ cors, use }, () => {
      throw new Error('x');
    });
    const { result, lines } = await captureLogs(() => request(handler, 'GET /', { headers: { origin } }));
    expect([
      result.status,
      result.header('retry-after'),
      result.header('access-control-allow-origin'),
    ]).toEqual([503, '1', origin]);
    expect(lines).toMatchObject([{ level: 'ERROR', http_status: 503 }]);
  });

  it.each(['before', 'after', 'onError'] as const)(
    'a fault in %s is a 500 with CORS that is logged with its cause',
    async (phase) => {
      const use = [
        {
          [phase]: () => {
            throw new Error('in the middleware');
          },
        },
      ];
      const handler = httpHandler({ cors, use }, () => {
        if (phase === 'onError') throw new Error('in the handler');
        return {};
      });
      const { result, lines } = await captureLogs(() => request(handler, 'GET /', { headers: { origin } }));
      expect([result.status, result.header('access-control-allow-origin')]).toEqual([500, origin]);
      expect(lines).toHaveLength(1);
      expect(lines[0]).toMatchObject({ error: { message: 'in the middleware' } });
      expect(JSON.stringify(lines[0]).includes('in the handler')).toBe(phase === 'onError');
    },
  );

  it('a value that before or after returns by accident ends nothing', async () => {
    const use = [
      { before: ({ context }: MiddlewareRequest<Context & { n: number }>) => (context.n = 1) },
      { before: () => ({ looks: 'like a body' }), after: () => 'text' },
      { before: async () => null, after: async () => [] },
    ] as const;
    const handler = httpHandler({ logger: false, use }, ({ context }) => ({ n: context.n }));
    expect((await request(handler, 'GET /')).json()).toEqual({ n: 1 });
  });

  it('what a middleware adds to the context reaches run, and nobody else', async () => {
    const tenant = {
      before: ({ context, event }: MiddlewareRequest<Context & { tenant: string }>) => {
        context.tenant = (event as { headers?: Record<string, string> }).headers?.['x-tenant'] ?? 'default';
      },
    };
    const handler = httpHandler({ logger: false, use: [tenant] }, ({ context }) => ({
      tenant: context.tenant,
      id: context.awsRequestId,
    }));
    const context = Object.freeze(lambdaContext({ awsRequestId: 'r1' }));
    expect((await request(handler, 'GET /', { context })).json()).toMatchObject({
      id: 'r1',
      tenant: expect.any(String),
    });
    expect(context).not.toHaveProperty('tenant');
  });

  it('whatever a middleware writes into the event stays in its copy', async () => {
    const use = [
      {
        before: ({ event }: MiddlewareRequest) => {
          const { headers, multiValueHeaders, requestContext } = event as Record<
            string,
            Record<string, unknown> | undefined
          >;
          Object.assign(event as object, { extra: 1 });
          for (const part of [headers, multiValueHeaders, requestContext]) if (part) part['x-added'] = ['1'];
        },
      },
    ];
    const handler = httpHandler({ logger: false, use }, ({ event }) => 'extra' in event);
    // `request` fails when the event is not what it was.
    expect((await request(handler, 'GET /')).json()).toBe(true);
  });

  it('a body that a middleware has parsed is taken as it is, and the raw one stays', async () => {
    const use = [
      {
        before: (incoming: MiddlewareRequest) => {
          const event = incoming.event as { body: unknown; isBase64Encoded: boolean };
          event.body = { name: 'parsed' };
          event.isBase64Encoded = false;
        },
      },
    ];
    const body = '<item><name>a</name></item>';
    const handler = httpHandler(
      { logger: false, use, body: z.object({ name: z.string() }) },
      ({ body: { name }, rawBody }) => ({
        name,
        raw: Buffer.from(rawBody).toString(),
      }),
    );
    const response = await request(handler, 'POST /', { body, contentType: 'application/xml' });
    expect(response.json()).toEqual({ name: 'parsed', raw: body });
    const bare = httpHandler({ logger: false, use }, (input) => input.body);
    expect((await request(bare, 'POST /', { body, contentType: 'application/xml' })).json()).toEqual({
      name: 'parsed',
    });
  });

  it('after may read and change the answer as Middy middlewares do', async () => {
    const stamp: MiddlewareObj<
      unknown,
      { statusCode: number; headers: Record<string, string>; body: string }
    > = {
      after: ({ response }) => {
        if (!response) return;
        response.headers['x-length'] = String(response.body.length);
        response.headers['x-status'] = String(response.statusCode);
        if (response.body !== '') response.body = response.body.toUpperCase();
      },
    };
    for (const [returned, status, body] of [
      [{ a: 1 }, 200, '{"A":1}'],
      [text('abc', { headers: { etag: '"1"' }, cookies: ['a=1'] }), 200, 'ABC'],
      [ok({ b: 2 }), 200, '{"B":2}'],
      [undefined, 204, ''],
    ] as const) {
      const handler = httpHandler({ logger: false, cors, use: [stamp] }, () => returned);
      // oxlint-disable-next-line no-await-in-loop -- a failure names the answer
      const response = await request(handler, 'GET /', { headers: { origin } });
      expect([response.status, response.text()]).toEqual([status, body]);
      expect(response.header('x-length')).toBe(String(body.length));
      expect(response.header('x-status')).toBe(String(status));
      expect(response.header('access-control-allow-origin')).toBe(origin);
    }
  });

  it('after sees bytes as base64, and they arrive as they were', async () => {
    const seen: unknown[] = [];
    const use = [
      {
        after: ({ response }: MiddlewareRequest) =>
          void seen.push((response as { isBase64Encoded: boolean }).isBase64Encoded),
      },
    ];
    const bytes = new Uint8Array([0, 255, 10]);
    const response = await request(
      httpHandler({ logger: false, use }, () => bytes),
      'GET /',
    );
    expect([response.bytes, seen]).toEqual([bytes, [true]]);
    const head = await request(
      httpHandler({ logger: false, use }, () => bytes),
      'HEAD /',
    );
    expect(head.bytes.length).toBe(0);
  });

  it('after leaves a shared constant of the handler alone', async () => {
    const shared = Object.freeze(ok(Object.freeze({ a: 1 }), { headers: Object.freeze({ 'x-a': '1' }) }));
    let count = 0;
    const use = [
      {
        after: ({ response }: MiddlewareRequest) => {
          (response as { headers: Record<string, string> }).headers['x-count'] = String((count += 1));
        },
      },
    ];
    const handler = httpHandler({ logger: false, use }, () => shared);
    expect((await request(handler, 'GET /')).header('x-count')).toBe('1');
    expect((await request(handler, 'GET /')).header('x-count')).toBe('2');
    expect(shared.headers).toEqual({ 'x-a': '1' });
  });
});
