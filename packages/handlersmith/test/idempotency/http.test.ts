/** One execution per key through the whole stack of the HTTP factories, over a real DynamoDB API. */
import { setTimeout as wait } from 'node:timers/promises';

import {
  captureLogs,
  httpSources,
  lambdaContext,
  request,
  requestAs,
  type TestResponse,
} from '@handlersmith/testing';
import {
  answer,
  binary,
  conflict,
  created,
  html,
  httpHandler,
  httpRouter,
  httpStreamHandler,
  noContent,
  ok,
  route,
} from 'handlersmith/http';
import { customStore, dynamoStore, idempotencyKeyHeader, memoryStore } from 'handlersmith/idempotency';
import type { IdempotencyStore } from 'handlersmith/idempotency';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod/mini';

import { type RealTable, startTable } from '../../src/idempotency/table.fixture.ts';

let table: RealTable;
let store: IdempotencyStore;

beforeAll(async () => {
  table = await startTable();
  store = dynamoStore({ tableName: table.tableName, client: table.client });
}, 60_000);

afterAll(() => table[Symbol.asyncDispose]());

const key = idempotencyKeyHeader();
let keys = 0;
/** A key that no other test uses. */
const fresh = (): { headers: Record<string, string>; body: unknown } => ({
  headers: { 'idempotency-key': `key-${(keys += 1)}` },
  body: { total: 10 },
});

const Order = z.object({ total: z.number() });

describe.each(httpSources)('%s', (source) => {
  const send = requestAs(source);

  it('O5 executes one of three duplicates at once, refuses the others with 409, and deletes no lock', async () => {
    const work = vi.fn<() => Promise<unknown>>(async () => {
      await wait(100);
      return created({ id: 'o-1' }, { location: '/orders/o-1' });
    });
    const handler = httpHandler({ logger: false, body: Order, idempotency: { store, key } }, work);
    const options = fresh();
    table.sent.length = 0;
    const responses = await Promise.all([1, 2, 3].map(() => send(handler, 'POST /orders', options)));
    expect(responses.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([
      201, 409, 409,
    ]);
    for (const refused of responses.filter(({ status }) => status === 409)) {
      expect(Number(refused.header('retry-after'))).toBeGreaterThanOrEqual(1);
      expect(refused.header('content-type')).toBe('application/problem+json');
    }
    expect(table.sent.toSorted()).toEqual([
      'PutItemCommand',
      'PutItemCommand',
      'PutItemCommand',
      'UpdateItemCommand',
    ]);
    const again = await send(handler, 'POST /orders', options);
    expect(again.status).toBe(201);
    expect(work).toHaveBeenCalledOnce();
  });

  it('O5 replays status, headers, cookies and body as they were, and says that it does', async () => {
    const work = vi.fn<() => unknown>(() =>
      answer(
        202,
        { at: new Date(0), text: 'ä€😀', nothing: undefined },
        { headers: { etag: '"1"' }, cookies: ['a=1; Path=/'] },
      ),
    );
    const handler = httpHandler({ logger: false, idempotency: { store, key } }, work);
    const options = fresh();
    const first = await send(handler, 'POST /orders', options);
    const again = await send(handler, 'POST /orders', options);
    expect(first.header('idempotency-replayed')).toBeUndefined();
    expect(again.header('idempotency-replayed')).toBe('true');
    expectSame(again, first);
    expect(again.json()).toEqual({ at: '1970-01-01T00:00:00.000Z', text: 'ä€😀' });
    expect(again.cookies).toEqual(['a=1; Path=/']);
    expect(work).toHaveBeenCalledOnce();
  });

  it('H15 gives a replay the CORS headers of its own request, never those of the first', async () => {
    const cors = { origins: ['https://a.example.com', 'https://b.example.com'], credentials: true };
    const handler = httpHandler({ logger: false, cors, idempotency: { store, key } }, () =>
      ok({ paid: true }),
    );
    const options = fresh();
    const from = (origin: string): Promise<TestResponse> =>
      send(handler, 'POST /orders', { ...options, headers: { ...options.headers, origin } });
    const [one, other, stranger] = [
      await from('https://a.example.com'),
      await from('https://b.example.com'),
      await from('https://evil.example.com'),
    ];
    expect(one.header('access-control-allow-origin')).toBe('https://a.example.com');
    expect(other.header('access-control-allow-origin')).toBe('https://b.example.com');
    expect(other.header('idempotency-replayed')).toBe('true');
    expect(stranger.header('access-control-allow-origin')).toBeUndefined();
    expect(stranger.header('vary')).toContain('Origin');
    expect(stranger.json()).toEqual({ paid: true });
  });
});

/** All but the header that tells a replay. */
function expectSame(again: TestResponse, first: TestResponse): void {
  const { 'idempotency-replayed': _, ...headers } = again.headers;
  expect({ status: again.status, headers, cookies: again.cookies, bytes: again.bytes }).toEqual({
    status: first.status,
    headers: first.headers,
    cookies: first.cookies,
    bytes: first.bytes,
  });
}

describe('answers', () => {
  it.each<[string, () => unknown]>([
    ['nothing', () => undefined],
    ['204', () => noContent({ headers: { 'x-done': 'yes' } })],
    ['a value', () => ({ a: [1, null] })],
    ['null', () => null],
    ['a text value', () => 'text'],
    ['html', () => html('<p>ä</p>')],
    ['an empty page', () => html('')],
    ['bytes', () => binary(new Uint8Array([0, 255, 128]), { contentType: 'image/png' })],
    ['no bytes', () => binary(new Uint8Array())],
    ['a Lambda answer', () => ({ statusCode: 201, headers: { 'X-A': 'b' }, body: '{"a":1}' })],
    ['a 4xx answer', () => answer(409, { reason: 'sold out' })],
    ['a redirect', () => answer(303, undefined, { headers: { location: '/orders/1' } })],
  ])('O5 replays %s, byte by byte', async (_, make) => {
    const work = vi.fn<() => unknown>(make);
    const plain = httpHandler({ logger: false }, make);
    const handler = httpHandler({ logger: false, idempotency: { store, key } }, work);
    const options = fresh();
    const first = await request(handler, 'POST /orders', options);
    expectSame(first, await request(plain, 'POST /orders', options)); // as without the option
    expectSame(await request(handler, 'POST /orders', options), first);
    expect(work).toHaveBeenCalledOnce();
  });

  it.each<[string, number, () => unknown]>([
    ['a problem that is returned', 409, () => conflict('sold out')],
    [
      'a problem that is thrown',
      409,
      () => {
        throw conflict('sold out');
      },
    ],
    [
      'an error',
      500,
      () => {
        throw new Error('no');
      },
    ],
    ['a 5xx answer', 502, () => answer(502, { upstream: 'down' })],
  ])('O5 keeps nothing of %s: the key is free again', async (_, status, make) => {
    const work = vi.fn<() => unknown>(make);
    const handler = httpHandler({ logger: false, idempotency: { store, key } }, work);
    const options = fresh();
    expect((await request(handler, 'POST /orders', options)).status).toBe(status);
    work.mockReturnValue({ paid: true });
    const again = await request(handler, 'POST /orders', options);
    expect(again.status).toBe(200);
    expect(again.header('idempotency-replayed')).toBeUndefined();
    expect(work).toHaveBeenCalledTimes(2);
  });

  it.each<[string, number, () => unknown]>([
    ['too large to keep', 200, () => 'x'.repeat(450_000)],
    ['no JSON', 500, () => ({ big: 1n })],
    ['not what the schema says', 500, () => ({ total: 'ten' })],
    ['not to be sent', 500, () => ok({ total: 1 }, { headers: { 'x-a': 'a\r\nb' } })],
  ])(
    'O6 runs work once whose answer is %s, and says at the replay that it was done',
    async (_, status, make) => {
      const work = vi.fn<() => unknown>(make);
      const handler = httpHandler(
        {
          logger: false,
          ...(status === 500 ? { response: { 200: z.looseObject({ total: z.optional(z.number()) }) } } : {}),
          idempotency: { store, key },
        },
        work as unknown as () => never, // what it returns breaks the route's word on purpose
      );
      const options = fresh();
      expect((await request(handler, 'POST /orders', options)).status).toBe(status);
      const again = await request(handler, 'POST /orders', options);
      expect(again.status).toBe(410);
      expect(again.header('idempotency-replayed')).toBe('true');
      expect(again.json()).toMatchObject({
        detail: 'The request was carried out before, but its answer was not kept',
      });
      expect(work).toHaveBeenCalledOnce();
    },
  );
});

const counting = (): { handler: Parameters<typeof request>[0]; work: ReturnType<typeof vi.fn> } => {
  const work = vi.fn<() => unknown>(() => ({ paid: true }));
  return { work, handler: httpHandler({ logger: false, body: Order, idempotency: { store, key } }, work) };
};

describe('keys', () => {
  it('O5 answers 400 where the key is missing or malformed, with CORS', async () => {
    const work = vi.fn<() => void>();
    const handler = httpHandler(
      { logger: false, cors: { origins: ['https://a.example.com'] }, idempotency: { store, key } },
      work,
    );
    const origin = 'https://a.example.com';
    for (const headers of [{ origin }, { origin, 'idempotency-key': 'one, two' }]) {
      // oxlint-disable-next-line no-await-in-loop -- two requests, one after the other
      const refused = await request(handler, 'POST /orders', { headers });
      expect(refused.status).toBe(400);
      expect(refused.header('access-control-allow-origin')).toBe(origin);
    }
    expect(work).not.toHaveBeenCalled();
  });

  it('O5 runs requests without a key where none is required, and still refuses a malformed one', async () => {
    const work = vi.fn<() => number>(() => 1);
    const handler = httpHandler({ logger: false, idempotency: { store, key, required: false } }, work);
    expect((await request(handler, 'POST /orders')).status).toBe(200);
    expect((await request(handler, 'POST /orders')).status).toBe(200);
    expect(work).toHaveBeenCalledTimes(2);
    expect((await request(handler, 'POST /orders', { headers: { 'idempotency-key': 'a b' } })).status).toBe(
      400,
    );
    expect(work).toHaveBeenCalledTimes(2);
  });

  it.each([
    ['another body', 'POST /orders', { body: { total: 11 } }],
    ['another query', 'POST /orders?dry=1', {}],
    ['another path', 'POST /orders/2', {}],
  ])('O5 answers 422 for a key that comes again with %s', async (_, line, more) => {
    const { handler, work } = counting();
    const options = fresh();
    await request(handler, 'POST /orders', options);
    const refused = await request(handler, line, { ...options, ...more });
    expect(refused.status).toBe(422);
    expect(refused.json()).toMatchObject({
      detail: 'The idempotency key was used before, with another request',
    });
    expect(work).toHaveBeenCalledOnce();
    expect((await request(handler, 'POST /orders', options)).status).toBe(200);
  });

  it('O5 uses up no key for a request that is refused', async () => {
    const { handler, work } = counting();
    const options = fresh();
    table.sent.length = 0;
    expect((await request(handler, 'POST /orders', { ...options, body: { total: 'ten' } })).status).toBe(400);
    expect(table.sent).toEqual([]);
    expect((await request(handler, 'POST /orders', options)).status).toBe(200);
    expect(work).toHaveBeenCalledOnce();
  });

  it('O5 works key and payload out before the handler changes what it was given', async () => {
    const handler = httpHandler(
      { logger: false, body: Order, idempotency: { store, key: ({ body }) => [keys, JSON.stringify(body)] } },
      ({ body }) => {
        body.total = 0;
        return { paid: true };
      },
    );
    const options = fresh();
    expect((await request(handler, 'POST /orders', options)).status).toBe(200);
    expect((await request(handler, 'POST /orders', options)).header('idempotency-replayed')).toBe('true');
  });

  it('O5 keeps callers apart: nobody gets an answer meant for somebody else', async () => {
    const handler = httpHandler({ logger: false, idempotency: { store, key } }, ({ claims }) => ({
      to: claims['sub'],
    }));
    const options = fresh();
    const as = (sub: string): Promise<TestResponse> =>
      request(handler, 'POST /orders', {
        ...options,
        authorizer: { jwt: { claims: { sub, iss: 'https://issuer.example.com' } } },
      });
    expect((await as('anna')).json()).toEqual({ to: 'anna' });
    expect((await as('ben')).json()).toEqual({ to: 'ben' });
    const again = await as('anna');
    expect(again.json()).toEqual({ to: 'anna' });
    expect(again.header('idempotency-replayed')).toBe('true');
  });

  it('O5 keeps routes and functions apart that share a table', async () => {
    const idempotency = { store, key, payload: () => undefined };
    const handler = httpRouter(
      { logger: false },
      {
        'POST /orders': route({ idempotency }, () => 'order'),
        'POST /refunds': route({ idempotency }, () => 'refund'),
        'GET /orders': route(() => 'list'),
      },
    );
    const options = fresh();
    const get = async (line: string, functionName: string): Promise<unknown> =>
      (
        await request(handler, line, { headers: options.headers, context: lambdaContext({ functionName }) })
      ).json();
    expect(await get('POST /orders', 'one')).toBe('order');
    expect(await get('POST /refunds', 'one')).toBe('refund');
    const other = await request(handler, 'POST /orders', {
      ...options,
      context: lambdaContext({ functionName: 'other' }),
    });
    expect(other.header('idempotency-replayed')).toBeUndefined();
    expect(await get('GET /orders', 'one')).toBe('list');
  });
});

describe('faults', () => {
  it('O5 keeps the record when a middleware fails after the work: a retry replays', async () => {
    const work = vi.fn<() => unknown>(() => ({ paid: true }));
    let failing = true;
    const flaky = {
      after: () => {
        if (failing) throw new Error('the metrics are down');
      },
    };
    const handler = httpHandler({ logger: false, use: [flaky], idempotency: { store, key } }, work);
    const options = fresh();
    expect((await request(handler, 'POST /orders', options)).status).toBe(500);
    failing = false;
    const again = await request(handler, 'POST /orders', options);
    expect(again.json()).toEqual({ paid: true });
    expect(again.header('idempotency-replayed')).toBe('true');
    expect(work).toHaveBeenCalledOnce();
  });

  it('O5 does nothing and answers 503, with CORS and one line, when the store cannot be asked', async () => {
    const working = memoryStore();
    const broken = customStore({
      ...working,
      claim: () => Promise.reject(new Error('connect ECONNREFUSED')),
    });
    const work = vi.fn<() => void>();
    const handler = httpHandler(
      { cors: { origins: ['https://a.example.com'] }, idempotency: { store: broken, key } },
      work,
    );
    const options = fresh();
    const { result, lines } = await captureLogs(() =>
      request(handler, 'POST /orders', {
        ...options,
        headers: { ...options.headers, origin: 'https://a.example.com' },
      }),
    );
    expect(result.status).toBe(503);
    expect(result.header('retry-after')).toBe('1');
    expect(result.header('access-control-allow-origin')).toBe('https://a.example.com');
    expect(result.text()).not.toContain('ECONNREFUSED');
    expect(lines).toHaveLength(1);
    expect(JSON.stringify(lines)).toContain('ECONNREFUSED');
    expect(work).not.toHaveBeenCalled();
  });

  it('O6 answers done work also when the store cannot be told, and logs it', async () => {
    const working = memoryStore();
    const forgetful = customStore({ ...working, complete: () => Promise.reject(new Error('throttled')) });
    const handler = httpHandler({ idempotency: { store: forgetful, key } }, () => ({ paid: true }));
    const { result, lines } = await captureLogs(() => request(handler, 'POST /orders', fresh()));
    expect(result.status).toBe(200);
    expect(lines).toContainEqual(
      expect.objectContaining({
        level: 'WARN',
        message: expect.stringContaining('could not be told') as unknown,
      }),
    );
  });

  it('O5 holds a claim no longer than its invocation can live, and keeps it when time runs out', async () => {
    const work = vi.fn<() => unknown>(() => new Promise(() => {}));
    const handler = httpHandler({ logger: false, deadlineMargin: 100, idempotency: { store, key } }, work);
    const options = fresh();
    const timedOut = await request(handler, 'POST /orders', {
      ...options,
      context: lambdaContext({ timeout: 600 }),
    });
    expect(timedOut.status).toBe(504);
    // The work may still be running: nobody else may start it yet.
    expect((await request(handler, 'POST /orders', options)).status).toBe(409);
    await wait(700);
    work.mockReturnValue({ paid: true });
    expect((await request(handler, 'POST /orders', options)).json()).toEqual({ paid: true });
  });

  it('O5 starts nothing when the claim comes after the deadline, and gives it back', async () => {
    const working = memoryStore();
    const slow = customStore({
      ...working,
      claim: async (...parameters) => {
        await wait(300);
        return working.claim(...parameters);
      },
    });
    const work = vi.fn<() => unknown>(() => ({ paid: true }));
    const late = httpHandler({ logger: false, deadlineMargin: 50, idempotency: { store: slow, key } }, work);
    const options = fresh();
    const timedOut = await request(late, 'POST /orders', {
      ...options,
      context: lambdaContext({ timeout: 150 }),
    });
    expect(timedOut.status).toBe(504);
    await wait(400); // what a frozen environment does in its next invocation
    expect(work).not.toHaveBeenCalled();
    const handler = httpHandler({ logger: false, idempotency: { store: customStore(working), key } }, work);
    expect((await request(handler, 'POST /orders', options)).status).toBe(200);
  });
});

describe('options', () => {
  it.each([
    [{ key }, 'httpHandler: idempotency: option "store" is missing'],
    [{ store: memoryStore() }, 'httpHandler: idempotency: option "key" is missing'],
    [{ store: {}, key }, 'httpHandler: idempotency: option "store" must be a store, such as dynamoStore'],
    [{ store: memoryStore(), key, tll: 1 }, 'Did you mean "ttl"?'],
    [[], 'httpHandler: option "idempotency" must be an object such as'],
  ])('A6 refuses %j', (idempotency, message) => {
    expect(() => httpHandler({ idempotency: idempotency as never }, () => 1)).toThrow(message);
    expect(() => httpHandler({ idempotency: idempotency as never }, () => 1)).toThrow(TypeError);
  });

  it('A6 names the route', () => {
    expect(() =>
      httpRouter({}, { 'POST /orders': route({ idempotency: { store: memoryStore() } as never }, () => 1) }),
    ).toThrow('POST /orders: idempotency: option "key" is missing');
  });

  it('O6 refuses answers that cannot be kept before anything runs: streams', () => {
    expect(() => httpStreamHandler({ idempotency: { store: memoryStore(), key } }, () => 1)).toThrow(
      'httpStreamHandler: option "idempotency" needs answers that can be kept',
    );
  });
});
