import { Writable } from 'node:stream';

import { captureLogs, httpEvent, lambdaContext, request } from '@handlersmith/testing';
import { afterEach, describe, expect, it } from 'vitest';

import { httpStreamHandler, streamed } from './index.ts';
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

async function* endless(state: { stopped: boolean }): AsyncGenerator<string> {
  try {
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, 5)); // oxlint-disable-line no-await-in-loop -- as above
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

  it('answers refusals and HEAD as httpHandler does', async () => {
    expect((await request(handler, 'GET /rows?bad=1', { source: 'functionUrl' })).status).toBe(400);
    const head = await request(handler, 'HEAD /rows', { source: 'functionUrl' });
    expect([head.status, head.text()]).toEqual([200, '']);
  });

  it('says in its manifest that it streams', () => {
    expect(handler.manifest.streaming).toBe(true);
  });
});
