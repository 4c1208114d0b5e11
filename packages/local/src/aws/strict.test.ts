import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  CreateBucketCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';
import { buildApp } from 'fauxqs';
import { expect, test } from 'vitest';

import { startDynamoDb } from '../dynamodb/start.ts';
import { createItemsTable } from '../dynamodb/table.fixture.ts';
import { startS3 } from '../s3/start.ts';
import { assertStrict, LaxServer } from './strict.ts';

const bucket = 'strict';

test('a server that passes over conditions and checksums is refused, with everything it did', async () => {
  const lax = buildApp({ logger: false });
  const endpoint = await lax.listen({ port: 0, host: '127.0.0.1' });
  const client = new S3Client({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    forcePathStyle: true,
    maxAttempts: 1,
  });
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  const refused = assertStrict({ s3: { client, bucket } });
  await expect(refused).rejects.toBeInstanceOf(LaxServer);
  await expect(refused).rejects.toThrow(
    /second write with If-None-Match: \* must be refused with 412.*gave 200/u,
  );
  await expect(refused).rejects.toThrow(/wrong x-amz-checksum-sha256 must be refused with 400.*gave 200/u);
  client.destroy();
  await lax.close();
});

test('the servers of this package pass, and keep nothing of it', async () => {
  await using s3 = await startS3({ buckets: [bucket] });
  await using dynamoDb = await startDynamoDb();
  const client = new S3Client(s3.clientConfig);
  const rows = new DynamoDBClient(dynamoDb.clientConfig);
  await createItemsTable(rows, 'rows');
  await assertStrict({
    s3: { client, bucket },
    dynamoDb: { client: rows, table: 'rows', partitionKey: 'pk', sortKey: 'sk' },
  });
  expect((await client.send(new ListObjectsV2Command({ Bucket: bucket }))).KeyCount).toBe(0);
  expect((await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }))).Uploads).toBeUndefined();
  client.destroy();
  rows.destroy();
});

test('a server that cannot be asked is no lax one: its own error comes through', async () => {
  const client = new S3Client({
    endpoint: 'http://127.0.0.1:1',
    region: 'us-east-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    maxAttempts: 1,
    forcePathStyle: true,
  });
  await expect(assertStrict({ s3: { client, bucket } })).rejects.toThrow('ECONNREFUSED');
  client.destroy();
});
