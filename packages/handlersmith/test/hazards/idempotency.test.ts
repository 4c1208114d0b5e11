/** Faults of Powertools' idempotency that a user of our factories must not meet. Each test shows the bare package too, to tell when it is mended. */
import { setTimeout as wait } from 'node:timers/promises';

import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { makeHandlerIdempotent } from '@aws-lambda-powertools/idempotency/middleware';
import { lambdaContext, request, type TestResponse } from '@handlersmith/testing';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { httpHandler } from 'handlersmith/http';
import {
  dynamoStore,
  idempotencyKeyHeader,
  idempotent,
  type IdempotencyStore,
} from 'handlersmith/idempotency';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { type RealTable, startTable } from '../../src/idempotency/table.fixture.ts';

interface Order {
  id: string;
  total: number;
}

let table: RealTable;
let store: IdempotencyStore;

beforeAll(async () => {
  table = await startTable();
  store = dynamoStore({ tableName: table.tableName, client: table.client });
}, 60_000);

afterAll(() => table[Symbol.asyncDispose]());

const layer = (): DynamoDBPersistenceLayer =>
  new DynamoDBPersistenceLayer({ tableName: table.tableName, awsSdkV3Client: table.client });

/** A handler with Powertools' middleware, as its documentation shows it. */
function bareHandler(
  work: (event: Order) => Promise<unknown>,
): (event: Order, context: Context) => Promise<unknown> {
  const handler = middy(work).use(
    makeHandlerIdempotent({
      persistenceStore: layer(),
      config: new IdempotencyConfig({ eventKeyJmesPath: 'id' }),
    }),
  );
  return async (event, context) => handler(event, context);
}

function ourHandler(work: () => unknown): (key: string) => Promise<TestResponse> {
  const handler = httpHandler({ logger: false, idempotency: { store, key: idempotencyKeyHeader() } }, work);
  return (key) => request(handler, 'POST /orders', { headers: { 'idempotency-key': key } });
}

function changing(order: Order): string {
  order.id = 'changed';
  return 'done';
}

/** As an invocation with so many milliseconds left would have it. */
function configOf(timeout: number): IdempotencyConfig {
  const config = new IdempotencyConfig({ eventKeyJmesPath: 'id' });
  config.registerLambdaContext(lambdaContext({ timeout }));
  return config;
}

function ourWork(work: () => unknown, lease: number): Promise<unknown> {
  return idempotent(work, { store, operation: 'late', key: () => 'order', lease, warn: () => {} })();
}

describe('a rejected duplicate deletes the lock of the one that is at work', () => {
  it('bare: the next duplicate runs beside it', async () => {
    const work = vi.fn<() => Promise<string>>(() => wait(300, 'done'));
    const handler = bareHandler(work);
    const order = { id: 'bare-lock', total: 1 };
    const first = handler(order, lambdaContext());
    await wait(100);
    await expect(handler(order, lambdaContext())).rejects.toThrow('already an execution in progress');
    await Promise.all([first, handler(order, lambdaContext())]);
    expect(work).toHaveBeenCalledTimes(2);
  });

  it('O5 ours: every duplicate is refused, and the work runs once', async () => {
    const work = vi.fn<() => Promise<string>>(() => wait(300, 'done'));
    const send = ourHandler(work);
    const first = send('our-lock');
    await wait(100);
    expect((await send('our-lock')).status).toBe(409);
    expect((await send('our-lock')).status).toBe(409);
    expect((await first).status).toBe(200);
    expect((await send('our-lock')).status).toBe(200);
    expect(work).toHaveBeenCalledOnce();
  });
});

describe('a handler that returns nothing runs again on each replay', () => {
  it('bare: twice', async () => {
    const work = vi.fn<() => Promise<undefined>>().mockResolvedValue(undefined);
    const handler = bareHandler(work);
    await handler({ id: 'bare-nothing', total: 1 }, lambdaContext());
    await handler({ id: 'bare-nothing', total: 1 }, lambdaContext());
    expect(work).toHaveBeenCalledTimes(2);
  });

  it('O5 ours: once', async () => {
    const work = vi.fn<() => undefined>();
    const send = ourHandler(work);
    expect((await send('our-nothing')).status).toBe(204);
    expect((await send('our-nothing')).status).toBe(204);
    expect(work).toHaveBeenCalledOnce();
  });
});

describe('the key is worked out again from what the work has changed', () => {
  it('bare: the record lands under another key, and the first one stays in progress', async () => {
    const work = vi.fn<(order: Order) => Promise<string>>(async (order) => changing(order));
    const config = new IdempotencyConfig({ eventKeyJmesPath: 'id' });
    config.registerLambdaContext(lambdaContext());
    const bare = makeIdempotent(work, { persistenceStore: layer(), config });
    await bare({ id: 'bare-changed', total: 1 });
    await expect(bare({ id: 'bare-changed', total: 1 })).rejects.toThrow('already an execution in progress');
  });

  it('O5 ours: the record is where the first caller left it', async () => {
    const ours = idempotent(changing, { store, operation: 'changing', key: ({ id }) => id });
    expect(await ours({ id: 'ours-changed', total: 1 })).toBe('done');
    expect(await ours({ id: 'ours-changed', total: 1 })).toBe('done');
  });
});

describe('a missing key switches it off, or makes unrelated calls share a result', () => {
  it('bare: the second order gets the result of the first', async () => {
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const config = new IdempotencyConfig({ eventKeyJmesPath: '[misspelt, total_amount]' });
    config.registerLambdaContext(lambdaContext());
    const work = vi.fn<(order: Order) => Promise<string>>(async ({ id }) => `done ${id}`);
    const bare = makeIdempotent(work, { persistenceStore: layer(), config });
    const results = [await bare({ id: 'one', total: 1 }), await bare({ id: 'two', total: 2 })];
    expect(results).toEqual(['done one', 'done one']);
    warned.mockRestore();
  });

  it('O5 ours: nothing runs', async () => {
    const work = vi.fn<(order: Order) => string>();
    const ours = idempotent(work, { store, operation: 'keyless', key: () => [undefined, undefined] });
    await expect(ours({ id: 'one', total: 1 })).rejects.toMatchObject({ name: 'IdempotencyKeyMissing' });
    expect(work).not.toHaveBeenCalled();
  });
});

describe('a late owner overwrites the record of a newer one', () => {
  it('bare: the newer result is gone', async () => {
    const order = { id: 'bare-late', total: 1 };
    const bare = (work: (order: Order) => Promise<string>, timeout: number): Promise<unknown> =>
      makeIdempotent(work, {
        persistenceStore: layer(),
        config: configOf(timeout),
        keyPrefix: 'late',
      })(order);
    const late = bare(() => wait(300, 'late'), 100);
    await wait(200);
    expect(await bare(async () => 'newer', 3000)).toBe('newer');
    await late;
    expect(await bare(async () => 'again', 3000)).toBe('late');
  });

  it('O5 ours: it stays', async () => {
    const late = ourWork(() => wait(300, 'late'), 100);
    await wait(200);
    expect(await ourWork(() => 'newer', 3000)).toBe('newer');
    expect(await late).toBe('late');
    expect(await ourWork(() => 'again', 3000)).toBe('newer');
  });
});
