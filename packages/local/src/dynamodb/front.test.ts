import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { manualClock } from '../clock/clock.ts';
import { sendRaw } from '../gateway/raw.fixture.ts';
import { dynamoDbFront } from './front.ts';
import type { DynamoDbFront } from './front.ts';
import { startDynamoDb } from './start.ts';
import type { LocalDynamoDb } from './start.ts';

const clock = manualClock(new Date('2026-03-01T00:00:00Z'));
const problems: string[] = [];
let server: LocalDynamoDb;
let front: DynamoDbFront;
let client: DynamoDBClient;

beforeAll(async () => {
  server = await startDynamoDb();
  front = await dynamoDbFront({
    server: server.endpoint,
    region: 'us-east-1',
    clock,
    onProblem: (problem) => problems.push(problem),
  });
  client = new DynamoDBClient({ ...server.clientConfig, endpoint: front.endpoint });
  client.middlewareStack.add(
    (next) => (args) => {
      const { headers } = args.request as { headers: Record<string, string> }; // every request has them
      headers['x-amzn-trace-id'] = 'Root=1-a-b';
      return next(args);
    },
    { step: 'build' },
  );
  await client.send(
    new CreateTableCommand({
      TableName: 'front',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  front.declare('front', ['pk'], 'expires');
});
afterAll(async () => {
  client.destroy();
  await front.close();
  await server.stop();
});

const item = (pk: string, more: Record<string, AttributeValue> = {}): Record<string, AttributeValue> => ({
  pk: { S: pk },
  ...more,
});
const expires = (at: number | string): Record<string, AttributeValue> => ({ expires: { N: String(at) } });
const isThere = async (pk: string): Promise<boolean> =>
  (await client.send(new GetItemCommand({ TableName: 'front', Key: item(pk) }))).Item !== undefined;

test.each([
  [
    'asks for leave',
    'OPTIONS',
    'Host: 127.0.0.1\r\nOrigin: https://evil.example\r\nAccess-Control-Request-Method: POST\r\n',
  ],
  ['just asks', 'POST', 'Host: 127.0.0.1\r\nOrigin: https://evil.example\r\n'],
  ['has its own name point here', 'POST', 'Host: evil.example\r\n'],
])('a web page that %s gets nothing', async (_, method, headers) => {
  const answer = await sendRaw(
    front.endpoint,
    `${method} / HTTP/1.1\r\n${headers}Connection: close\r\nContent-Length: 0\r\n\r\n`,
  );
  expect(answer.status).toBe(403);
  expect(answer.lines.join('\n')).not.toMatch(/access-control/iu);
});

test('knows which request wrote an item, single or in a transaction', async () => {
  await client.send(new PutItemCommand({ TableName: 'front', Item: item('a', { n: { N: '1' } }) }));
  await client.send(
    new TransactWriteItemsCommand({
      TransactItems: [
        { Put: { TableName: 'front', Item: item('b') } },
        { Delete: { TableName: 'front', Key: item('c') } },
      ],
    }),
  );
  for (const pk of ['a', 'b', 'c']) expect(front.traceOf('front', item(pk))).toBe('Root=1-a-b');
  expect(front.traceOf('front', item('d'))).toBeUndefined();
});

test('D4 what has expired is deleted, what has not stays, and so does what is no time', async () => {
  const seconds = clock.now() / 1000;
  await client.send(new PutItemCommand({ TableName: 'front', Item: item('old', expires(seconds + 5)) }));
  await client.send(
    new PutItemCommand({ TableName: 'front', Item: item('young', expires(seconds + 3_600)) }),
  );
  await client.send(new PutItemCommand({ TableName: 'front', Item: item('ancient', expires(1)) }));
  await client.send(new PutItemCommand({ TableName: 'front', Item: item('text', { expires: { S: '1' } }) }));
  expect(await front.sweep()).toBe(0);
  clock.advance(9_000);
  expect(await front.sweep()).toBe(1);
  expect(await isThere('old')).toBe(false);
  expect(front.isExpired('front', item('old'))).toBe(true);
  for (const pk of ['young', 'ancient', 'text']) {
    // One after the other is as good.
    // oxlint-disable-next-line no-await-in-loop
    expect(await isThere(pk)).toBe(true);
    expect(front.isExpired('front', item(pk))).toBe(false);
  }
  await client.send(new PutItemCommand({ TableName: 'front', Item: item('old') }));
  expect(front.isExpired('front', item('old'))).toBe(false);
  expect(problems).toEqual([]);
});

test('a server behind that is gone is an error that says so, not a connection that breaks off', async () => {
  await using alone = await startDynamoDb();
  const before = await dynamoDbFront({
    server: alone.endpoint,
    region: 'us-east-1',
    clock,
    onProblem: () => {},
  });
  await alone.stop();
  const lost = new DynamoDBClient({ ...alone.clientConfig, endpoint: before.endpoint, maxAttempts: 1 });
  await expect(lost.send(new GetItemCommand({ TableName: 'front', Key: item('a') }))).rejects.toMatchObject({
    name: 'InternalServerError',
    message: expect.stringContaining('DynamoDB on this machine does not answer'),
  });
  lost.destroy();
  await before.close();
});
