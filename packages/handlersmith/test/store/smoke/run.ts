/**
 * A look at a real AWS account: whether S3 and DynamoDB behave there as the store needs them to, and whether the store
 * keeps to its word. `pnpm smoke:aws --bucket … --rows … --records …`. It has never been run by those who wrote it: there
 * was no account.
 *
 * The rows' table has the partition key `id`, the records' table `pk` and `sk`, all texts. It writes under
 * `handlersmith-smoke/` and deletes what it wrote; a run costs less than a cent. Region and credentials come from the
 * environment, as for every client of the SDK.
 *
 * @module
 */
import { parseArgs } from 'node:util';

import { DeleteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteObjectCommand, GetBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { assertStrict } from '@handlersmith/local';

import { blobStore } from '../../../src/store/index.ts';
import { recordsOf, type Smoked, smoke } from './steps.ts';

const { values } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== '--'), // pnpm hands a leading one on
  options: { bucket: { type: 'string' }, rows: { type: 'string' }, records: { type: 'string' } },
});
const { bucket, rows, records } = values;
if (bucket === undefined || rows === undefined || records === undefined) {
  process.stderr.write(
    'This writes to a real AWS account. Name what it may write to: pnpm smoke:aws --bucket photos-test --rows photos-test --records writes-test\n',
  );
  process.exit(2);
}

const s3 = new S3Client({});
const dynamodb = new DynamoDBClient({});
const written: Smoked[] = [];
let failed = 0;

const { Status: versioning } = await s3.send(new GetBucketVersioningCommand({ Bucket: bucket }));
process.stdout.write(`Versioning of ${bucket}: ${versioning ?? 'never on'}\n`);
await step('S3 and DynamoDB are as strict as the store needs them', () =>
  assertStrict({
    s3: { client: s3, bucket },
    dynamoDb: { client: dynamodb, table: records, partitionKey: 'pk', sortKey: 'sk' },
  }),
);
const store = blobStore<{ id: string }>({
  bucket,
  table: rows,
  records: { table: records },
  prefix: 'handlersmith-smoke/',
  rowKey: (id) => ({ id }),
  s3,
  dynamodb,
  limits: { readerGrace: 0 },
});
for (const { name, run } of smoke(store, written)) {
  // oxlint-disable-next-line no-await-in-loop -- one after the other
  await step(name, run);
}
await step('everything it wrote is deleted again', async () => {
  await store.retire();
  await store.sweep({ grace: 0 });
  for (const { id, blob, key, scope } of written) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await dynamodb.send(new DeleteItemCommand({ TableName: rows, Key: { id: { S: id } } }));
    const record = { TableName: records, Key: recordsOf(scope, key) };
    // oxlint-disable-next-line no-await-in-loop -- as above
    await dynamodb.send(new DeleteItemCommand(record));
    // oxlint-disable-next-line no-await-in-loop -- as above
    if (blob !== undefined) await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: blob }));
  }
});
process.exitCode = failed === 0 ? 0 : 1;

async function step(name: string, run: () => Promise<void>): Promise<void> {
  try {
    await run();
    process.stdout.write(`ok      ${name}\n`);
  } catch (error) {
    failed += 1;
    process.stdout.write(
      `FAILED  ${name}\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
  }
}
