/**
 * Writes one long stream, and tells how much memory that took. A process of its own: what else there is in one that
 * runs tests would be counted with it.
 *
 * @module
 */
import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';

import { blobStore } from './store.ts';

/** What the process is told, as JSON in its first argument. */
export interface MemoryTask {
  readonly s3: S3ClientConfig;
  readonly dynamodb: DynamoDBClientConfig;
  readonly bucket: string;
  /** Bytes. */
  readonly size: number;
}

/** What it tells, as a line of JSON. */
export interface MemoryReport {
  readonly size: number;
  readonly sha256: string;
  /** Bytes by which the process grew while it wrote. */
  readonly growth: number;
}

/** One for all: what is measured is the write, and not what its source leaves behind. */
const CHUNK = new Uint8Array(64 * 1024);

async function* zeros(size: number): AsyncGenerator<Uint8Array> {
  for (let left = size; left > 0; left -= CHUNK.byteLength) {
    yield CHUNK.subarray(0, left);
    // oxlint-disable-next-line no-await-in-loop -- as a network does
    await new Promise(setImmediate);
  }
}

const task = JSON.parse(process.argv[2] ?? '') as MemoryTask; // see stream-memory.test.ts
const store = blobStore({
  bucket: task.bucket,
  table: 'photos',
  records: { table: 'writes' },
  rowKey: (id) => ({ id }),
  s3: new S3Client(task.s3),
  dynamodb: new DynamoDBClient(task.dynamodb),
});
const write = (idempotencyKey: string, size: number) =>
  store.create({
    scope: 'tenant',
    idempotencyKey,
    body: zeros(size),
    row: () => ({}),
    respond: () => null,
  });

await write('warm-up', 1024);
const before = process.memoryUsage.rss();
let peak = before;
const watch = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage.rss());
}, 5);
const { blob } = await write('long', task.size);
clearInterval(watch);
peak = Math.max(peak, process.memoryUsage.rss());
const report: MemoryReport = { size: blob.size, sha256: blob.sha256, growth: peak - before };
process.stdout.write(`${JSON.stringify(report)}\n`);
process.exit(0);
