/** What the DynamoDB guide promises and our code builds on, asked of the server that is started here. */
import {
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ResourceNotFoundException,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { AttributeValue, QueryCommandOutput } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { startDynamoDb } from './start.ts';
import type { LocalDynamoDb } from './start.ts';
import { createItemsTable } from './table.fixture.ts';

const TableName = 'contract';
let local: LocalDynamoDb;
let client: DynamoDBClient;

beforeAll(async () => {
  local = await startDynamoDb();
  client = new DynamoDBClient({ ...local.clientConfig, maxAttempts: 1 });
  await createItemsTable(client, TableName);
});

afterAll(async () => {
  client.destroy();
  await local.stop();
});

const key = (pk: string, sk = '-'): Record<string, AttributeValue> => ({ pk: { S: pk }, sk: { S: sk } });

const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

test('of 50 conditional puts at once one wins, and each loser is told what is there', async () => {
  const attempts = await Promise.allSettled(
    Array.from({ length: 50 }, (_, owner) =>
      client.send(
        new PutItemCommand({
          TableName,
          Item: { ...key('race'), owner: { N: String(owner) } },
          ConditionExpression: 'attribute_not_exists(pk)',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      ),
    ),
  );
  const winners = attempts.flatMap((attempt, owner) => (attempt.status === 'fulfilled' ? [owner] : []));
  expect(winners).toHaveLength(1);
  const losers = attempts.flatMap((attempt): unknown[] =>
    attempt.status === 'rejected' ? [attempt.reason] : [],
  );
  for (const loser of losers) {
    expect(loser).toBeInstanceOf(ConditionalCheckFailedException);
    expect((loser as ConditionalCheckFailedException).Item?.['owner']).toEqual({ N: String(winners[0]) });
  }
  expect(losers).toHaveLength(49);
});

test('of 50 updates at once to the same version one wins', async () => {
  await client.send(new PutItemCommand({ TableName, Item: { ...key('version'), version: { N: '1' } } }));
  const attempts = await Promise.allSettled(
    Array.from({ length: 50 }, () =>
      client.send(
        new UpdateItemCommand({
          TableName,
          Key: key('version'),
          UpdateExpression: 'ADD version :one',
          ConditionExpression: 'version = :seen',
          ExpressionAttributeValues: { ':one': { N: '1' }, ':seen': { N: '1' } },
        }),
      ),
    ),
  );
  expect(attempts.filter((attempt) => attempt.status === 'fulfilled')).toHaveLength(1);
  const { Item } = await client.send(
    new GetItemCommand({ TableName, Key: key('version'), ConsistentRead: true }),
  );
  expect(Item?.['version']).toEqual({ N: '2' });
});

test('a cancelled transaction writes nothing and gives a reason for each part', async () => {
  await client.send(new PutItemCommand({ TableName, Item: { ...key('there'), note: { S: 'first' } } }));
  const error = await failureOf(
    client.send(
      new TransactWriteItemsCommand({
        TransactItems: [
          { Put: { TableName, Item: key('not-there') } },
          {
            Put: {
              TableName,
              Item: key('there'),
              ConditionExpression: 'attribute_not_exists(pk)',
              ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
            },
          },
        ],
      }),
    ),
  );
  expect(error).toBeInstanceOf(TransactionCanceledException);
  const reasons = (error as TransactionCanceledException).CancellationReasons;
  expect(reasons?.map((reason) => reason.Code)).toEqual(['None', 'ConditionalCheckFailed']);
  expect(reasons?.[1]?.Item?.['note']).toEqual({ S: 'first' });
  expect((await client.send(new GetItemCommand({ TableName, Key: key('not-there') }))).Item).toBeUndefined();
});

test('a query pages in key order, and no item comes twice or not at all', async () => {
  const names = Array.from({ length: 25 }, (_, index) => String(index).padStart(3, '0'));
  await client.send(
    new BatchWriteItemCommand({
      RequestItems: {
        [TableName]: names.toReversed().map((sk) => ({ PutRequest: { Item: key('list', sk) } })),
      },
    }),
  );
  const page = (from?: Record<string, AttributeValue>): Promise<QueryCommandOutput> =>
    client.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: 'list' } },
        Limit: 7,
        ...(from && { ExclusiveStartKey: from }),
      }),
    );
  const pagesFrom = async (from?: Record<string, AttributeValue>): Promise<string[][]> => {
    const { Items = [], LastEvaluatedKey } = await page(from);
    const found = Items.map((item) => item['sk']?.S ?? '');
    return [found, ...(LastEvaluatedKey ? await pagesFrom(LastEvaluatedKey) : [])];
  };
  const pages = await pagesFrom();
  expect(pages.map((found) => found.length)).toEqual([7, 7, 7, 4]);
  expect(pages.flat()).toEqual(names);
});

test('a missing table and an empty key are the errors the SDK knows', async () => {
  const missing = await failureOf(
    client.send(new GetItemCommand({ TableName: 'no-such-table', Key: key('a') })),
  );
  expect(missing).toBeInstanceOf(ResourceNotFoundException);
  await expect(client.send(new PutItemCommand({ TableName, Item: key('') }))).rejects.toMatchObject({
    name: 'ValidationException',
  });
});
