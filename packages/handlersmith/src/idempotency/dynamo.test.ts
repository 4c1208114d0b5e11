import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { dynamoStore } from './dynamo.ts';
import { IdempotencyInProgress, IdempotencyStoreFailed } from './errors.ts';
import { idempotent } from './idempotent.ts';
import { storedKey } from './key.ts';
import type { IdempotencyStore } from './store.ts';
import { type RealTable, startTable } from './table.fixture.ts';

let table: RealTable;
let store: IdempotencyStore;
let pay: (id: string) => Promise<unknown>;
const work = vi.fn<(id: string) => unknown>();

beforeAll(async () => {
  table = await startTable();
  store = dynamoStore({ tableName: table.tableName, client: table.client });
  pay = idempotent(work, { store, operation: 'pay', key: (id) => id, payload: (id) => ({ id }) });
}, 60_000);

afterAll(() => table[Symbol.asyncDispose]());

beforeEach(() => {
  work.mockReset().mockResolvedValue({ paid: true });
  table.sent.length = 0;
});

const itemOf = (id: string): ReturnType<RealTable['item']> => table.item(storedKey('pay', id) ?? '');

describe('dynamoStore', () => {
  it('O5 answers a replay with one request, strongly consistent, and a first execution with two', async () => {
    await pay('counted');
    expect(table.sent).toEqual(['PutItemCommand', 'UpdateItemCommand']);
    table.sent.length = 0;
    expect(await pay('counted')).toEqual({ paid: true });
    // The write that loses brings back the record as it is.
    expect(table.sent).toEqual(['PutItemCommand']);
  });

  it('O5 runs once when three ask at once, and leaves the record of the one that ran', async () => {
    work.mockImplementation(() => wait(50, { paid: true }));
    const outcomes = await Promise.allSettled([pay('three'), pay('three'), pay('three')]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const reasons = outcomes.flatMap((outcome): unknown[] =>
      outcome.status === 'rejected' ? [outcome.reason] : [],
    );
    expect(reasons).toEqual([expect.any(IdempotencyInProgress), expect.any(IdempotencyInProgress)]);
    expect(work).toHaveBeenCalledOnce();
    expect(await itemOf('three')).toMatchObject({ status: { S: 'COMPLETED' } });
    expect(table.sent).not.toContain('DeleteItemCommand');
  });

  it("keeps records in Powertools' own attributes", async () => {
    const before = Math.floor(Date.now() / 1000);
    let during: unknown;
    work.mockImplementation(async (id) => {
      during = await itemOf(id);
      return { paid: true };
    });
    await pay('layout');
    const token: unknown = expect.stringMatching(/^[\w-]{36}$/);
    const digest: unknown = expect.stringMatching(/^[\w-]{43}$/);
    const number: unknown = expect.stringMatching(/^\d+$/);
    const common = {
      id: { S: expect.stringMatching(/^pay#[\w-]{43}$/) as unknown },
      expiration: { N: number },
      in_progress_expiration: { N: number },
      validation: { S: digest },
      owner: { S: token },
    };
    expect(during).toEqual({ ...common, status: { S: 'INPROGRESS' } });
    const done = await itemOf('layout');
    expect(done).toEqual({ ...common, status: { S: 'COMPLETED' }, data: { S: '{"paid":true}' } });
    expect(Number(done?.['expiration']?.N) - before).toBeGreaterThanOrEqual(86_400);
    expect(Number(done?.['expiration']?.N) - before).toBeLessThanOrEqual(86_410);
  });

  it('O5 takes a claim that went through unheard and was sent again by the SDK for its own', async () => {
    const client = new DynamoDBClient({ ...configOf(), maxAttempts: 2 });
    let sent = 0;
    client.middlewareStack.add(
      (next) => async (parameters) => {
        sent += 1;
        const result = await next(parameters);
        if (sent === 1) throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError' });
        return result;
      },
      { step: 'finalizeRequest', priority: 'low', name: 'loses the first answer' },
    );
    const lossy = dynamoStore({ tableName: table.tableName, client });
    expect(await lossy.claim('unheard', { fingerprint: undefined, lease: 10_000 })).toMatchObject({
      kind: 'claimed',
    });
    expect(sent).toBe(2);
    client.destroy();
  });

  it(
    'O5 leaves nothing but a lease when a process is killed over its work',
    { timeout: 30_000 },
    async () => {
      const lease = 3_000;
      const child = spawn(
        process.execPath,
        [
          '--conditions=@handlersmith/source',
          '--disable-warning=ExperimentalWarning',
          fileURLToPath(new URL('crash.fixture.ts', import.meta.url)),
          table.endpoint,
          table.tableName,
          String(lease),
        ],
        { stdio: 'inherit' },
      );
      expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
      const again = idempotent(work, { store, operation: 'crash', key: () => 'order' });
      const error: unknown = await again('x').catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(IdempotencyInProgress);
      const { retryAfter } = error as IdempotencyInProgress;
      expect(retryAfter).toBeLessThanOrEqual(lease);
      expect(work).not.toHaveBeenCalled();
      await wait(retryAfter + 50);
      expect(await again('x')).toEqual({ paid: true });
      expect(work).toHaveBeenCalledOnce();
    },
  );

  it("changes nothing of the caller's client", async () => {
    const client = new DynamoDBClient(configOf());
    const before = client.middlewareStack.identify();
    await dynamoStore({ tableName: table.tableName, client }).claim('client', {
      fingerprint: undefined,
      lease: 1,
    });
    expect(client.middlewareStack.identify()).toEqual(before);
    client.destroy();
  });

  it('A2 makes a client of its own on first use, where none is given', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', table.endpoint);
    vi.stubEnv('AWS_REGION', 'us-east-1');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'local');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
    const own = dynamoStore({ tableName: table.tableName });
    expect(await own.claim('own client', { fingerprint: undefined, lease: 1000 })).toMatchObject({
      kind: 'claimed',
    });
    vi.unstubAllEnvs();
  });
});

describe('a store that cannot be asked', () => {
  let server: Server;
  let answer: { status: number; type: string };
  const seen: string[] = [];

  beforeAll(async () => {
    server = createServer((incoming, outgoing) => {
      const operation = String(incoming.headers['x-amz-target']).split('.')[1] ?? '';
      seen.push(operation);
      outgoing.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' });
      outgoing.end(
        JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${answer.type}`, message: 'no' }),
      );
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => {
    server.close();
  });

  const asked = (): ((id: string) => Promise<unknown>) => {
    const { port } = server.address() as AddressInfo; // it listens on a port
    const client = new DynamoDBClient({
      endpoint: `http://127.0.0.1:${port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      maxAttempts: 2,
    });
    return idempotent(work, {
      store: dynamoStore({ tableName: 'any', client }),
      operation: 'pay',
      key: (id) => id,
    });
  };

  it.each([
    { status: 400, type: 'ProvisionedThroughputExceededException' },
    { status: 400, type: 'ThrottlingException' },
    { status: 400, type: 'ResourceNotFoundException' },
    { status: 400, type: 'AccessDeniedException' },
    { status: 500, type: 'InternalServerError' },
  ])('O5 runs nothing when it says $type', async (said) => {
    answer = said;
    const error: unknown = await asked()('o-1').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(IdempotencyStoreFailed);
    expect(error).toMatchObject({
      cause: { name: said.type },
      message: expect.stringContaining(said.type) as unknown,
    });
    expect(work).not.toHaveBeenCalled();
    expect(new Set(seen)).toEqual(new Set(['PutItem']));
  });

  it('O5 runs nothing when nobody listens', async () => {
    const client = new DynamoDBClient({ ...configOf(), endpoint: 'http://127.0.0.1:1', maxAttempts: 1 });
    const lonely = idempotent(work, {
      store: dynamoStore({ tableName: 'any', client }),
      operation: 'pay',
      key: (id) => id,
    });
    await expect(lonely('o-1')).rejects.toThrow(/ECONNREFUSED.*Nothing was run/);
    expect(work).not.toHaveBeenCalled();
  });
});

describe('options', () => {
  it.each([
    [{}, 'option "tableName" is missing'],
    [{ tableName: undefined }, 'option "tableName" is missing'],
    [{ tableName: '' }, 'option "tableName" must be a non-empty string'],
    [{ tableName: 'a', client: {} }, 'option "client" must be a DynamoDBClient of the AWS SDK v3'],
    [{ tableName: 'a', sortKeyAttribute: 'id' }, 'option "sortKeyAttribute" must not be the keyAttribute'],
    [{ tableName: 'a', keyAtribute: 'pk' }, 'Did you mean "keyAttribute"?'],
    [{ tableName: 't', partition: 'orders' }, 'option "partition" is for a table with a "sortKeyAttribute"'],
  ])('A6 refuses %j', (options, message) => {
    expect(() => dynamoStore(options as never)).toThrow(message);
  });
});

function configOf(): {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
} {
  return {
    endpoint: table.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
}
