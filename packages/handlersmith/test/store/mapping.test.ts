/** What an HTTP caller and a queue are told of a write, through the real factories and over real services. */
import { captureLogs, httpSources, lambdaContext, request, requestAs, sqsEvent } from '@handlersmith/testing';
import { created, httpHandler, httpRouter, ok, route } from 'handlersmith/http';
import { permanent, sqsHandler } from 'handlersmith/sqs';
import {
  BlobMismatch,
  type BlobStore,
  blobStore,
  InProgress,
  OutcomeUnknown,
  UploadMissing,
} from 'handlersmith/store';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { notSent, passes, type Servers, startServers } from '../../src/store/servers.fixture.ts';

let servers: Servers;
let photos: BlobStore<{ readonly id: string }>;
beforeAll(async () => {
  servers = await startServers();
  photos = blobStore({ ...servers.options, limits: { retryDelay: 0, maxBytes: 1000 } });
});
afterAll(() => servers[Symbol.asyncDispose]());
beforeEach(() => servers.reset());

let count = 0;
const freshKey = (): string => `mapped-${(count += 1)}`;

const app = httpRouter(
  { logger: false, cors: { origins: ['https://app.example.com'] } },
  {
    'POST /photos': route({ consumes: 'bytes' }, async ({ rawBody, headers, signal, remaining, logger }) => {
      const result = await photos.create({
        scope: 'tenant',
        idempotencyKey: headers['idempotency-key'],
        operation: 'POST /photos',
        body: rawBody,
        row: (blob) => ({ size: blob.size }),
        respond: ({ id, size }) => ({ id, size, title: 'ä' }),
        signal,
        remaining,
        logger,
      });
      return created(result.response, { headers: result.headers });
    }),
    'PUT /photos/{id}': route({ consumes: 'bytes' }, async ({ rawBody, headers, path }) => {
      const { response, headers: told } = await photos.replace({
        scope: 'tenant',
        idempotencyKey: headers['idempotency-key'],
        id: path.id,
        body: rawBody,
        expect: headers['if-match'] === undefined ? undefined : { blobKey: headers['if-match'] },
        row: (blob) => ({ size: blob.size }),
        respond: ({ size }) => ({ size }),
      });
      return ok(response, { headers: told });
    }),
  },
);

const upload = (key: string | undefined, body = 'a photo') => ({
  headers: {
    'content-type': 'image/jpeg',
    origin: 'https://app.example.com',
    ...(key === undefined ? {} : { 'idempotency-key': key }),
  },
  body: new TextEncoder().encode(body),
});

describe.each(httpSources)('over HTTP (%s)', (source) => {
  const send = requestAs(source);

  it('H16 400 without a key: the problem says what to send', async () => {
    const response = await send(app, 'POST /photos', upload(undefined));
    expect(response.status).toBe(400);
    expect(response.header('content-type')).toBe('application/problem+json');
    expect(response.json()).toMatchObject({
      status: 400,
      detail: expect.stringContaining('the header Idempotency-Key'),
    });
  });

  it('a replay is the same, byte by byte, and says that it is one', async () => {
    const key = freshKey();
    const first = await send(app, 'POST /photos', upload(key));
    const second = await send(app, 'POST /photos', upload(key));
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(Buffer.from(second.bytes)).toEqual(Buffer.from(first.bytes));
    expect(first.header('idempotency-replayed')).toBeUndefined();
    expect(second.header('idempotency-replayed')).toBe('true');
    expect(second.header('access-control-allow-origin')).toBe('https://app.example.com');
  });

  it('503 with Retry-After when the outcome is not known', async () => {
    servers.faults.push(passes, passes, notSent, notSent, notSent);
    const response = await send(app, 'POST /photos', upload(freshKey()));
    expect(response.status).toBe(503);
    expect(response.header('retry-after')).toBe('1');
    expect(response.json()).toMatchObject({ detail: expect.stringContaining('same idempotency key') });
    expect(response.header('access-control-allow-origin')).toBe('https://app.example.com');
  });
});

describe('over HTTP', () => {
  it('422 for another request under the same key', async () => {
    const key = freshKey();
    await request(app, 'POST /photos', upload(key));
    expect((await request(app, 'POST /photos', upload(key, 'another'))).status).toBe(422);
  });

  it('413 for more bytes than the store takes', async () => {
    expect((await request(app, 'POST /photos', upload(freshKey(), 'x'.repeat(1001)))).status).toBe(413);
  });

  it('404 for a row that is not there, 412 for one that is not as expected', async () => {
    expect((await request(app, 'PUT /photos/nobody', upload(freshKey()))).status).toBe(404);
    const made = (await request(app, 'POST /photos', upload(freshKey()))).json() as { id: string };
    const input = upload(freshKey());
    const response = await request(app, `PUT /photos/${made.id}`, {
      ...input,
      headers: { ...input.headers, 'if-match': 'another' },
    });
    expect(response.status).toBe(412);
  });

  it('409 for a row that is there, which a retry will not mend', async () => {
    const handler = httpHandler({ logger: false }, async () => {
      await photos.create({
        scope: 'tenant',
        idempotencyKey: freshKey(),
        id: 'always-this',
        body: new Uint8Array(1),
        row: () => ({}),
        respond: () => null,
      });
    });
    expect((await request(handler, 'POST /')).status).toBe(204);
    const second = await request(handler, 'POST /');
    expect(second.status).toBe(409);
    expect(second.header('retry-after')).toBeUndefined();
  });

  it('409 with Retry-After while the first is at work', async () => {
    const leased = blobStore({ ...servers.options, lease: true });
    const key = freshKey();
    const write = () =>
      leased.create({
        scope: 'tenant',
        idempotencyKey: key,
        body: new Uint8Array(1),
        row: () => ({}),
        respond: () => null,
      });
    const handler = httpHandler({ logger: false }, write);
    servers.faults.push(passes, async (_name, send) => {
      const second = await request(handler, 'POST /');
      expect(second.status).toBe(409);
      expect(second.header('retry-after')).toBe('5');
      return send();
    });
    expect((await request(handler, 'POST /')).status).toBe(200);
  });

  it.each([
    [new UploadMissing('photos', 404), 404],
    [new UploadMissing('photos', 410), 410],
    [new BlobMismatch('photos', 'expected 5 bytes, got 4'), 400],
  ])('%s', async (error, status) => {
    const handler = httpHandler({ logger: false }, () => {
      throw error;
    });
    const response = await request(handler, 'POST /');
    expect(response.status).toBe(status);
    expect(response.json()).toMatchObject({ detail: error.message });
  });

  it('H16 a fault of the service shows nothing; of an unknown outcome the log has the cause', async () => {
    const handler = httpHandler({}, () =>
      Promise.reject(new OutcomeUnknown('photos', 'W3', new Error('the secret cause'))),
    );
    const { result, lines } = await captureLogs(() => request(handler, 'POST /'));
    expect(result.text()).not.toContain('secret');
    expect(JSON.stringify(lines)).toContain('the secret cause');
  });
});

/** Messages are a key and a body; `-` for no key. */
const consumer = (onPermanent: 'retry' | 'drop') =>
  sqsHandler({ logger: false, format: 'text', onPermanent }, async ({ message }) => {
    const [key = '', body = ''] = message.split(' ');
    await photos.create({
      scope: 'queue',
      idempotencyKey: key === '-' ? undefined : key,
      body: new TextEncoder().encode(body),
      row: () => ({}),
      respond: () => null,
    });
  });

/** Which messages come again, by their place in the batch. */
const failed = async (handler: ReturnType<typeof consumer>, ...messages: string[]) => {
  const event = sqsEvent(messages);
  const { batchItemFailures } = await handler(event, lambdaContext());
  return batchItemFailures.map(({ itemIdentifier }) =>
    event.Records.findIndex(({ messageId }) => messageId === itemIdentifier),
  );
};

describe('in a queue', () => {
  it('Q1 a redelivered message is done, and done once', async () => {
    const key = freshKey();
    const rows = (await servers.inspect.rows()).length;
    expect(await failed(consumer('retry'), `${key} a`)).toEqual([]);
    expect(await failed(consumer('retry'), `${key} a`)).toEqual([]);
    expect((await servers.inspect.rows()).length).toBe(rows + 1);
  });

  it('Q3 422 and 400 are permanent: dropped where the team drops those', async () => {
    const key = freshKey();
    expect(await failed(consumer('drop'), `${key} a`)).toEqual([]);
    expect(await failed(consumer('retry'), `${key} other`, '- a')).toEqual([0, 1]);
    expect(await failed(consumer('drop'), `${key} other`, '- a')).toEqual([]);
  });

  it('Q3 503 and 409 are not: they come again', async () => {
    servers.faults.push(passes, notSent, notSent, notSent);
    expect(await failed(consumer('drop'), `${freshKey()} a`)).toEqual([0]);
    const busy = sqsHandler({ logger: false, onPermanent: 'drop', format: 'text' }, () =>
      Promise.reject(new InProgress('photos', 1)),
    );
    expect(await failed(busy, 'x')).toEqual([0]);
  });

  it('Q3 what the team calls permanent still is', async () => {
    const handler = sqsHandler({ logger: false, onPermanent: 'drop', format: 'text' }, () =>
      Promise.reject(permanent('no')),
    );
    expect(await failed(handler, 'x')).toEqual([]);
  });
});
