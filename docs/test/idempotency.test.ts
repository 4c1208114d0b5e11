import { readFileSync } from 'node:fs';

import { CreateTableCommand, type CreateTableCommandInput, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type LocalDynamoDb, startDynamoDb } from '@handlersmith/local';
import { captureLogs, request } from '@handlersmith/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parse, type ScalarTag } from 'yaml';

import { charge } from '../snippets/idempotency/function.ts';
import { store as own } from '../snippets/idempotency/own-store.ts';
import { handler as router } from '../snippets/idempotency/router.ts';
import { handler as smallest } from '../snippets/idempotency/smallest.ts';
vi.hoisted(() => {
  process.env['POWERTOOLS_LOG_LEVEL'] = 'SILENT'; // read when a handler is built, that is when it is imported
});

await import('../snippets/idempotency/testing.ts'); // a test of its own

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

const customTags: ScalarTag[] = ['Ref', 'GetAtt'].map((name) => ({
  tag: `!${name}`,
  resolve: (text: string) => ({ [name]: text }),
}));
const { Resources } = parse(
  readFileSync(new URL('../snippets/idempotency/template.yaml', import.meta.url), 'utf8'),
  { customTags },
) as { readonly Resources: Readonly<Record<'IdempotencyTable' | 'OrdersFunction', Resource>> }; // as written there

let dynamoDb: LocalDynamoDb;

beforeAll(async () => {
  dynamoDb = await startDynamoDb();
  vi.stubEnv('AWS_ENDPOINT_URL', dynamoDb.endpoint);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'local');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
  const client = new DynamoDBClient(dynamoDb.clientConfig);
  // The table of the page's template, but for what CreateTable does not take.
  const { TimeToLiveSpecification: _, ...table } = Resources.IdempotencyTable.Properties;
  await client.send(
    new CreateTableCommand({ ...(table as unknown as CreateTableCommandInput), TableName: 'idempotency' }),
  );
  client.destroy();
}, 60_000);

afterAll(async () => {
  vi.unstubAllEnvs();
  await dynamoDb.stop();
});

function order(key: string | undefined, total: number): ReturnType<typeof request> {
  return request(smallest, 'POST /orders', {
    headers: key === undefined ? {} : { 'idempotency-key': key },
    body: { total },
  });
}

describe('the smallest handler, over the table of the template', () => {
  it('answers as the page says', async () => {
    const first = await order('a', 1);
    const again = await order('"a"', 1);
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.json()).toEqual(first.json());
    expect(again.header('idempotency-replayed')).toBe('true');
    expect((await order('a', 2)).status).toBe(422);
    expect((await order(undefined, 1)).status).toBe(400);
    expect((await order('a b', 1)).status).toBe(400);
  });

  it('is allowed what it asks of the table', () => {
    const [{ Statement }] = Resources.OrdersFunction.Properties['Policies'] as [
      { Statement: [{ Action: string[] }] },
    ]; // as written there
    expect(Statement[0].Action).toEqual(['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem']);
  });
});

it('a route takes its key from where it says', async () => {
  const first = await request(router, 'POST /orders/7/payment', { body: { note: 'one' } });
  const again = await request(router, 'POST /orders/7/payment', { body: { note: 'two' } });
  expect(again.json()).toEqual(first.json());
  expect((await request(router, 'POST /orders/8/payment')).json()).not.toEqual(first.json());
  expect((await request(router, 'GET /orders')).json()).toEqual([]);
  expect((await request(router, 'POST /orders')).status).toBe(400);
});

it('any function runs once per key', async () => {
  const first = await charge({ id: 'o-1', total: 10 });
  expect(await charge({ id: 'o-1', total: 10 })).toEqual(first);
  expect(first.at).toMatch(/^\d{4}-/);
  await expect(charge({ id: 'o-1', total: 11 })).rejects.toMatchObject({ name: 'IdempotencyMismatch' });
});

it('a store of your own is asked', async () => {
  const { raw } = await captureLogs(() => own.claim('key', { fingerprint: undefined, lease: 1000 }));
  expect(raw).toEqual(['claim key for 1000 ms']);
});
