import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { captureLogs, s3BridgeEvent, s3Event, type S3EventObject } from '@handlersmith/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { loadSdk } from './client.ts';
import { ObjectGone, permanent, type S3Input, s3Handler, type S3Options } from './index.ts';
import { type Server, startServer, startStub } from './server.fixture.ts';

type Run = (input: S3Input<{ resources: undefined; context: unknown }>) => unknown;

let server: Server;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

async function stored(key: string, body: string | Uint8Array, more: object = {}): Promise<S3EventObject> {
  await server.client.send(new PutObjectCommand({ Bucket: 'test-bucket', Key: key, Body: body, ...more }));
  return { key, body };
}

/** Runs a handler on one object; gives what `run` returned, and the log. */
async function running(object: S3EventObject, run: Run, options: S3Options = {}, from: Server = server) {
  let returned: unknown;
  const handler = s3Handler({ client: () => from.client, ...options }, async (input) => {
    returned = await run(input);
  });
  const { lines } = await captureLogs(() => handler(s3Event([object])));
  return { returned, lines };
}

async function collected(stream: AsyncIterable<Uint8Array>): Promise<readonly Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

const read: Run = ({ object }) => object.bytes();
const head: Run = ({ object }) => object.head();

/** An error as S3 answers it. */
const fault = (code: string): string => `<?xml version="1.0"?><Error><Code>${code}</Code></Error>`;

const skippedLine = (reason: string) =>
  expect.objectContaining({ message: 'record skipped', reason: expect.stringContaining(reason) });

describe('reading an object', () => {
  it('gives its bytes, through a key that has to be encoded again', async () => {
    const bytes = Uint8Array.from({ length: 300_000 }, (_, index) => index % 251);
    const object = await stored('in/a b+c%25 ü.bin', bytes);
    const { returned } = await running(object, ({ object: content }) => content.bytes());
    expect(Buffer.compare(returned as Uint8Array, bytes)).toBe(0);
  });

  it('gives them as they come, and an empty object', async () => {
    const object = await stored('stream.txt', 'one two');
    const { returned } = await running(object, async ({ object: content }) =>
      Buffer.concat(await collected(content.stream())).toString(),
    );
    expect(returned).toBe('one two');
    const empty = await stored('empty', '');
    expect((await running(empty, ({ object: content }) => content.bytes())).returned).toEqual(
      new Uint8Array(),
    );
  });

  it('gives type and metadata', async () => {
    const object = await stored('head.txt', 'text', {
      ContentType: 'text/plain',
      Metadata: { owner: 'ada' },
    });
    const { returned } = await running(object, ({ object: content }) => content.head());
    expect(returned).toMatchObject({
      size: 4,
      contentType: 'text/plain',
      metadata: { owner: 'ada' },
      etag: expect.stringMatching(/^[0-9a-f]{32}$/),
      lastModified: expect.any(Date),
    });
  });

  it('A2 makes the client once per environment, and only when something is read', async () => {
    const object = await stored('once', 'x');
    const client = vi.fn<() => Promise<S3Client>>(async () => server.client);
    const handler = s3Handler({ logger: false, client, suffix: 'once' }, ({ object: content }) =>
      content.bytes(),
    );
    await handler(s3Event(['other']));
    expect(client).not.toHaveBeenCalled();
    await Promise.all([handler(s3Event([object, object])), handler(s3Event([object]))]);
    expect(client).toHaveBeenCalledOnce();
  });

  it('A2 says what to install where the SDK is not', async () => {
    const missing = loadSdk(async () => {
      throw new Error('Cannot find package');
    });
    await expect(missing).rejects.toThrow('npm install @aws-sdk/client-s3');
    await expect(missing).rejects.toMatchObject({ cause: new Error('Cannot find package') });
  });
});

describe('objects that are gone', () => {
  it.each<[string, Run]>([
    ['bytes', ({ object }) => object.bytes()],
    ['stream', async ({ object }) => collected(object.stream())],
    ['head', ({ object }) => object.head()],
  ])('S8 are skipped with a log line: %s', async (_, run) => {
    const { lines } = await running({ key: 'never there' }, run);
    expect(lines).toEqual([
      skippedLine('s3://test-bucket/never there is gone'),
      expect.objectContaining({ message: 'batch finished', skipped: 1 }),
    ]);
  });

  it('S8 are skipped where another has taken their place', async () => {
    const before = await stored('replaced', 'old');
    await stored('replaced', 'new');
    const { lines } = await running(before, ({ object }) => object.bytes());
    expect(lines).toContainEqual(skippedLine('was replaced (PreconditionFailed)'));
  });

  it('S8 are skipped where the error went through code that wraps it', async () => {
    const { lines } = await running({ key: 'never there' }, async ({ object }) => {
      try {
        await object.bytes();
      } catch (cause) {
        throw new Error('no thumbnail', { cause });
      }
    });
    expect(lines).toContainEqual(skippedLine('is gone'));
  });

  it('S8 are the business of code that catches the error', async () => {
    const { returned } = await running({ key: 'never there' }, ({ object }) =>
      object.bytes().catch((error: unknown) => error instanceof ObjectGone),
    );
    expect(returned).toBe(true);
    const failing = running({ key: 'never there' }, ({ object }) =>
      object.bytes().catch((cause: unknown) => {
        throw permanent('it has to be there', { cause });
      }),
    );
    await expect(failing).rejects.toThrow('it has to be there');
  });

  it('S8 are not asked for where the event tells of their removal', async () => {
    const object = { key: 'removed', event: 'ObjectRemoved:Delete' };
    const { lines } = await running(object, ({ object: content }) => content.bytes());
    expect(lines).toContainEqual(skippedLine('tells of its removal'));
  });

  it('S8 a bucket that is not there is a failure: the client asks in the wrong place', async () => {
    const handler = s3Handler({ logger: false, client: () => server.client }, ({ object }) => object.bytes());
    await expect(handler(s3Event(['a'], { bucket: 'no-such-bucket' }))).rejects.toThrow('NoSuchBucket');
  });

  it('S8 claims nothing: an object that comes back is done', async () => {
    const { memoryStore } = await import('../idempotency/index.ts');
    const done: string[] = [];
    const idempotency = { store: memoryStore() };
    const handler = s3Handler(
      { logger: false, client: () => server.client, idempotency },
      async ({ object }) => done.push(Buffer.from(await object.bytes()).toString()),
    );
    const event = s3Event([{ key: 'back', body: 'x' }]);
    await handler(event);
    await stored('back', 'x');
    await handler(event);
    await handler(event);
    expect(done).toEqual(['x']);
  });
});

/** A stand-in that answers as S3 documents it, and notes what it was asked. */
describe('the content that the event tells of', () => {
  const asked: Array<{ url: string; ifMatch: string | undefined }> = [];
  let strict: Server;
  beforeAll(async () => {
    strict = await startStub(({ url = '', headers, method }, response) => {
      const ifMatch = headers['if-match'];
      asked.push({ url, ifMatch });
      const [status, code] =
        ifMatch !== undefined && ifMatch !== '"current"'
          ? [412, 'PreconditionFailed']
          : url.includes('versionId=lost')
            ? [404, 'NoSuchVersion']
            : url.includes('denied')
              ? [403, 'AccessDenied']
              : [200, ''];
      response.writeHead(status, { etag: '"current"', 'content-type': 'application/xml' });
      response.end(method === 'HEAD' ? '' : status === 200 ? 'content' : fault(code));
    });
  });
  afterAll(() => strict.stop());

  it.each([read, head])('S8 is asked for by ETag, and skipped when it was replaced', async (run) => {
    asked.length = 0;
    const { lines } = await running({ key: 'a', etag: 'older' }, run, {}, strict);
    expect(asked).toMatchObject([{ ifMatch: '"older"' }]);
    expect(lines).toContainEqual(skippedLine('was replaced'));
    const { returned } = await running({ key: 'a', etag: 'current' }, run, {}, strict);
    expect(returned).toBeDefined();
  });

  it.each([read, head])('S8 is asked for by version, and skipped when that is gone', async (run) => {
    asked.length = 0;
    const { returned } = await running({ key: 'a', etag: 'any', versionId: 'v1' }, run, {}, strict);
    expect(asked).toEqual([{ url: expect.stringContaining('versionId=v1'), ifMatch: undefined }]);
    expect(returned).toBeDefined();
    const { lines } = await running({ key: 'a', versionId: 'lost' }, run, {}, strict);
    expect(lines).toContainEqual(skippedLine('is gone'));
  });

  it('S8 is asked for by both where the version is null, which each new object takes over', async () => {
    asked.length = 0;
    await running({ key: 'a', etag: 'older', versionId: 'null' }, read, {}, strict);
    expect(asked).toEqual([{ url: expect.stringContaining('versionId=null'), ifMatch: '"older"' }]);
  });

  it('S8 is asked for in the same way when the event came by EventBridge', async () => {
    asked.length = 0;
    const handler = s3Handler({ logger: false, client: () => strict.client }, ({ object }) => object.bytes());
    await handler(s3BridgeEvent({ key: 'a', etag: 'older' }));
    expect(asked).toMatchObject([{ ifMatch: '"older"' }]);
  });

  it('S8 is a failure when S3 denies it', async () => {
    await expect(running({ key: 'denied', etag: 'current' }, read, {}, strict)).rejects.toThrow(
      'AccessDenied',
    );
  });
});

describe('maxBytes', () => {
  it.each([
    ['bytes', ({ object }) => object.bytes()],
    ['stream', ({ object }) => collected(object.stream())],
  ] satisfies [string, Run][])('holds while reading, where the event says too little: %s', async (_, run) => {
    const grown = { ...(await stored('grown', 'x'.repeat(1000))), size: 10 };
    const { returned, lines } = await running(grown, run, { maxBytes: 999 });
    expect(returned).toBeUndefined();
    expect(lines).toContainEqual(skippedLine('maxBytes is 999'));
    expect((await running(grown, run, { maxBytes: 1000 })).returned).toBeDefined();
  });

  it('holds before the first byte, where the length is announced', async () => {
    const announcing = await startStub((_, response) => {
      response.writeHead(200, { 'content-length': 1_000_000 }).flushHeaders(); // and none of them ever comes
    });
    const { lines } = await running({ key: 'a', size: 1 }, read, { maxBytes: 999 }, announcing);
    await announcing.stop();
    expect(lines).toContainEqual(skippedLine('1000000 bytes or more, maxBytes is 999'));
  });

  it('holds where no length is announced', async () => {
    const chunked = await startStub((_, response) => {
      response.writeHead(200);
      for (let count = 0; count < 100; count++) response.write('x'.repeat(1000));
      response.end();
    });
    const { lines } = await running(
      { key: 'a', size: 1 },
      ({ object }) => object.bytes(),
      { maxBytes: 50_000 },
      chunked,
    );
    await chunked.stop();
    expect(lines).toContainEqual(skippedLine('maxBytes is 50000'));
  });
});

describe('a body that never ends', () => {
  it.each(['the signal that was given', 'the deadline'])('A3 is stopped by %s', async (by) => {
    let closed = false;
    const endless = await startStub((_, response) => {
      response.writeHead(200);
      response.write('begin');
      response.on('close', () => {
        closed = true;
      });
    });
    const controller = new AbortController();
    const handler = s3Handler({ logger: false, client: () => endless.client }, async ({ object }) => {
      const options = by === 'the deadline' ? {} : { signal: controller.signal };
      // Once the body has begun: an abort before that is the SDK's to deal with.
      for await (const chunk of object.stream(options)) {
        expect(Buffer.from(chunk).toString()).toBe('begin');
        controller.abort(new Error('enough'));
      }
    });
    const left = by === 'the deadline' ? 2_000 : 20_000;
    const answer = handler(s3Event(['a']), { getRemainingTimeInMillis: () => left });
    await expect(answer).rejects.toThrow(by === 'the deadline' ? /deadline|DeadlineReached/i : 'enough');
    await vi.waitFor(() => expect(closed).toBe(true));
    await endless.stop();
  });
});
