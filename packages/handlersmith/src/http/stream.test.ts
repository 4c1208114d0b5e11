import { Readable, Writable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';

import { captureLogs, httpEvent, lambdaContext, request } from '@handlersmith/testing';
import { afterEach, describe, expect, it } from 'vitest';

import { noTracer, type Tracer } from '../observability/tracer.ts';
import { answer as answerOf, httpStreamHandler, streamed } from './index.ts';
import { badRequest } from './problem.ts';

/** Plays the part of Lambda's runtime: marks streaming handlers, and puts the head and eight zero bytes before the body. */
class RuntimeStream extends Writable {
  readonly chunks: Buffer[] = [];
  prelude: object | undefined;

  override _write(chunk: Buffer, _encoding: string, callback: () => void): void {
    this.chunks.push(chunk);
    setImmediate(callback); // a reader that takes its time
  }
}

const runtime = {
  streamifyResponse: <Handler>(handler: Handler): Handler => handler,
  HttpResponseStream: {
    from: (stream: RuntimeStream, prelude: object): RuntimeStream => {
      stream.prelude = prelude;
      return stream;
    },
  },
};

type StreamingCall = (event: unknown, stream: RuntimeStream, context: unknown) => Promise<void>;

// The AWS SDK declares a global of this name with what it looks for in it; here it is the runtime's own.
const globals = globalThis as unknown as { awslambda?: typeof runtime };

function underLambda(make: () => unknown): StreamingCall {
  globals.awslambda = runtime;
  return make() as StreamingCall; // as the runtime calls it
}

afterEach(() => {
  delete globals.awslambda;
});

async function* counting(to: number): AsyncGenerator<string> {
  for (let number = 1; number <= to; number++) {
    await new Promise(setImmediate); // oxlint-disable-line no-await-in-loop -- chunks come one by one
    yield `${number}\n`;
  }
}

async function* failingAfter(chunks: string[], message: string): AsyncGenerator<string> {
  await Promise.resolve();
  yield* chunks;
  throw new Error(message);
}

async function* endless(state: { stopped: boolean }, pause = 5): AsyncGenerator<string> {
  try {
    for (;;) {
      await setTimeout(pause); // oxlint-disable-line no-await-in-loop -- as above
      yield 'tick';
    }
  } finally {
    state.stopped = true;
  }
}

describe('httpStreamHandler under the runtime', () => {
  it('sends the head, then chunk by chunk, and ends', async () => {
    const handler = underLambda(() =>
      httpStreamHandler({ logger: false, cors: { origins: ['https://a.example'] } }, () =>
        streamed(counting(3), {
          contentType: 'text/plain; charset=utf-8',
          cookies: ['a=1; Path=/', 'b=2; Path=/'],
        }),
      ),
    );
    const stream = new RuntimeStream();
    await handler(
      httpEvent('functionUrl', { path: '/', headers: { origin: 'https://a.example' } }),
      stream,
      lambdaContext(),
    );
    expect(stream.prelude).toEqual({
      statusCode: 200,
      headers: {
        'content-type': 'text/plain; charset=utf-8',
        'access-control-allow-origin': 'https://a.example',
        vary: 'Origin',
      },
      cookies: ['a=1; Path=/', 'b=2; Path=/'],
    });
    expect(Buffer.concat(stream.chunks).toString()).toBe('1\n2\n3\n');
    expect(stream.writableEnded).toBe(true);
  });

  it('H9 gives a REST API its cookies as a repeated header', async () => {
    const handler = underLambda(() =>
      httpStreamHandler({ logger: false }, () => streamed(counting(1), { cookies: ['a=1'] })),
    );
    const stream = new RuntimeStream();
    await handler(httpEvent('rest', { path: '/' }), stream, lambdaContext());
    expect(stream.prelude).toMatchObject({ multiValueHeaders: { 'Set-Cookie': ['a=1'] } });
  });

  it('waits for a reader that is behind', async () => {
    const handler = underLambda(() => httpStreamHandler({ logger: false }, () => streamed(large())));
    const stream = new RuntimeStream({ highWaterMark: 1024 });
    let ahead = 0;
    async function* large(): AsyncGenerator<Uint8Array> {
      for (let index = 0; index < 50; index++) {
        ahead = Math.max(ahead, stream.writableLength);
        await Promise.resolve(); // oxlint-disable-line no-await-in-loop -- chunks come one by one
        yield new Uint8Array(1024);
      }
    }
    await handler(httpEvent('functionUrl', { path: '/' }), stream, lambdaContext());
    expect(Buffer.concat(stream.chunks)).toHaveLength(50 * 1024);
    expect(ahead).toBeLessThanOrEqual(1024);
  });

  it('H16 answers with a whole problem when the first chunk cannot be made', async () => {
    const handler = underLambda(() =>
      httpStreamHandler({}, () => streamed(failingAfter([], 'secret detail'))),
    );
    const stream = new RuntimeStream();
    const { lines } = await captureLogs(() =>
      handler(httpEvent('functionUrl', { path: '/' }), stream, lambdaContext()),
    );
    expect(stream.prelude).toMatchObject({
      statusCode: 500,
      headers: { 'content-type': 'application/problem+json' },
    });
    expect(Buffer.concat(stream.chunks).toString()).not.toContain('secret');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ level: 'ERROR', http_status: 500, error: { message: 'secret detail' } });
  });

  it('breaks the connection when a later chunk cannot be made, and logs it once', async () => {
    const handler = underLambda(() =>
      httpStreamHandler({}, () => streamed(failingAfter(['half'], 'disk gone'))),
    );
    const stream = new RuntimeStream();
    const { result, lines } = await captureLogs(() =>
      handler(httpEvent('functionUrl', { path: '/' }), stream, lambdaContext()).then(
        () => 'resolved',
        (error: unknown) => error,
      ),
    );
    expect(result).toMatchObject({ message: 'disk gone' });
    expect(stream.writableEnded).toBe(false);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ level: 'ERROR', error: { message: 'disk gone' } });
  });

  it('A5 stops a stream that never ends before the function does', async () => {
    const state = { stopped: false };
    const handler = underLambda(() =>
      httpStreamHandler({ logger: false, deadlineMargin: 40 }, () => streamed(endless(state))),
    );
    const stream = new RuntimeStream();
    await expect(
      handler(httpEvent('functionUrl', { path: '/' }), stream, lambdaContext({ timeout: 120 })),
    ).rejects.toMatchObject({ name: 'DeadlineReached' });
    expect(state.stopped).toBe(true);
  });

  it.each([
    ['run', async () => setTimeout(300)],
    ['the first chunk', () => streamed(endless({ stopped: false }, 300))],
  ])('H18 answers 504 with CORS when %s comes too late', async (_, run) => {
    const origin = 'https://a.example';
    const handler = underLambda(() =>
      httpStreamHandler({ cors: { origins: [origin] }, deadlineMargin: 40 }, run),
    );
    const stream = new RuntimeStream();
    const event = httpEvent('functionUrl', { path: '/', headers: { origin } });
    const { lines } = await captureLogs(() => handler(event, stream, lambdaContext({ timeout: 120 })));
    expect(stream.prelude).toMatchObject({
      statusCode: 504,
      headers: { 'content-type': 'application/problem+json', 'access-control-allow-origin': origin },
    });
    expect(JSON.parse(Buffer.concat(stream.chunks).toString())).toMatchObject({ status: 504 });
    expect(stream.writableEnded).toBe(true);
    expect(lines).toMatchObject([{ level: 'ERROR', http_status: 504 }]);
  });

  it('A3 a stream that comes to itself after the deadline is stopped then', async () => {
    const state = { stopped: false };
    const handler = underLambda(() =>
      httpStreamHandler({ logger: false, deadlineMargin: 40 }, () => streamed(endless(state, 200))),
    );
    await handler(
      httpEvent('functionUrl', { path: '/' }),
      new RuntimeStream(),
      lambdaContext({ timeout: 100 }),
    );
    expect(state.stopped).toBe(false);
    await expect.poll(() => state.stopped).toBe(true);
  });

  it('H16 answers with a whole problem when a stream cannot even be begun', async () => {
    const { body } = new Response('read by somebody else');
    body?.getReader();
    const handler = underLambda(() => httpStreamHandler({}, () => streamed(body ?? counting(1))));
    const stream = new RuntimeStream();
    const { lines } = await captureLogs(() =>
      handler(httpEvent('functionUrl', { path: '/' }), stream, lambdaContext()),
    );
    expect(stream.prelude).toMatchObject({ statusCode: 500 });
    expect(lines).toMatchObject([{ http_status: 500, error: { name: 'TypeError' } }]);
  });

  it.each([
    ['GET', 204],
    ['GET', 304],
    ['HEAD', 200],
  ])('H13 a stream that is no part of the answer is let go of: %s, %d', async (method, status) => {
    const file = Readable.from(['never sent']);
    let cancelled = false;
    const upstream = new ReadableStream<string>({ cancel: () => void (cancelled = true) });
    for (const body of [file, upstream]) {
      const handler = underLambda(() => httpStreamHandler({ logger: false }, () => answerOf(status, body)));
      const stream = new RuntimeStream();
      // oxlint-disable-next-line no-await-in-loop -- one request after the other
      await handler(httpEvent('functionUrl', { method, path: '/' }), stream, lambdaContext());
      expect(stream.prelude).toMatchObject({ statusCode: status });
      expect(Buffer.concat(stream.chunks)).toHaveLength(0);
    }
    expect(file.destroyed).toBe(true);
    expect(cancelled).toBe(true);
  });

  it.each([
    ['all is sent', counting(2), { answer: 200, ended: true, told: [] }],
    [
      'the first chunk cannot be made',
      failingAfter([], 'no rows'),
      { answer: 500, ended: true, told: ['no rows'] },
    ],
    ['a later chunk cannot be made', failingAfter(['half'], 'disk gone'), { thrown: 'disk gone', told: [] }],
  ])('O4 the trace lasts until %s', async (_, chunks, expected) => {
    const stream = new RuntimeStream();
    const seen: { answer?: unknown; ended?: boolean; thrown?: unknown; told: unknown[] } = { told: [] };
    const tracer: Tracer = {
      async invocation(_info, run) {
        const errors = { ...noTracer, error: (error: unknown) => seen.told.push((error as Error).message) };
        const outcome = await run(errors).catch((error: unknown) => {
          seen.thrown = (error as Error).message;
          throw error;
        });
        seen.answer = (outcome as { status: number }).status;
        seen.ended = stream.writableEnded;
        return outcome;
      },
    };
    const handler = underLambda(() => httpStreamHandler({ logger: false, tracer }, () => streamed(chunks)));
    await handler(httpEvent('functionUrl', { path: '/' }), stream, lambdaContext()).catch(() => {});
    expect(seen).toEqual(expected);
  });

  it('sends the head of an answer without a body too', async () => {
    const handler = underLambda(() => httpStreamHandler({ logger: false }, () => undefined));
    const stream = new RuntimeStream();
    await handler(httpEvent('functionUrl', { path: '/' }), stream, lambdaContext());
    expect(stream.prelude).toMatchObject({ statusCode: 204 });
    expect(stream.writableEnded).toBe(true);
  });
});

describe('httpStreamHandler outside Lambda', () => {
  const handler = httpStreamHandler({ logger: false }, ({ query }) => {
    if (query['bad'] !== undefined) throw badRequest('no');
    return streamed(counting(3), { contentType: 'text/csv; charset=utf-8' });
  });

  it('collects the stream into one answer', async () => {
    const answer = await request(handler, 'GET /rows', { source: 'functionUrl' });
    expect([answer.status, answer.text(), answer.header('content-type')]).toEqual([
      200,
      '1\n2\n3\n',
      'text/csv; charset=utf-8',
    ]);
  });

  it('H14 keeps the bytes of text that is not UTF-8', async () => {
    const latin = new Uint8Array([0x63, 0x61, 0x66, 0xe9]);
    const menu = httpStreamHandler({ logger: false }, () =>
      streamed(Readable.from([latin]), { contentType: 'text/plain; charset=iso-8859-1' }),
    );
    const sent = await request(menu, 'GET /', { source: 'functionUrl' });
    expect([...sent.bytes]).toEqual([...latin]);
  });

  it('answers refusals and HEAD as httpHandler does', async () => {
    expect((await request(handler, 'GET /rows?bad=1', { source: 'functionUrl' })).status).toBe(400);
    const head = await request(handler, 'HEAD /rows', { source: 'functionUrl' });
    expect([head.status, head.text()]).toEqual([200, '']);
  });

  it('says in its manifest that it streams', () => {
    expect(handler.manifest.streaming).toBe(true);
  });
});
