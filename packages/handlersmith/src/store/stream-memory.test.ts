import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { startDynamoDb, startS3 } from '@handlersmith/local';
import { expect, it } from 'vitest';

import type { MemoryReport, MemoryTask } from './stream-memory.child.ts';

const MIB = 1024 ** 2;

/** Four times what the write may take: enough to tell whether it keeps what it has sent. For a GiB: `pnpm stream-memory`. */
const SIZE = Number(process.env['STREAM_MIB'] ?? 256) * MIB;

it('a stream of any length takes less than 64 MiB of memory', { timeout: 300_000 }, async () => {
  await using s3 = await startS3({ buckets: ['photos'] });
  const dynamoServer = await startDynamoDb();
  try {
    const dynamodb = new DynamoDBClient(dynamoServer.clientConfig);
    for (const [table, names] of Object.entries({ photos: ['id'], writes: ['pk', 'sk'] })) {
      // oxlint-disable-next-line no-await-in-loop -- two
      await dynamodb.send(
        new CreateTableCommand({
          TableName: table,
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: names.map((name) => ({ AttributeName: name, AttributeType: 'S' })),
          KeySchema: names.map((name, at) => ({ AttributeName: name, KeyType: at === 0 ? 'HASH' : 'RANGE' })),
        }),
      );
    }
    const task: MemoryTask = {
      s3: s3.clientConfig,
      dynamodb: dynamoServer.clientConfig,
      bucket: 'photos',
      size: SIZE,
    };
    const child = `${import.meta.dirname}/stream-memory.child.ts`;
    const started = Date.now();
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--conditions=@handlersmith/source',
      child,
      JSON.stringify(task),
    ]);
    const report = JSON.parse(stdout) as MemoryReport; // written by the child
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    if (process.env['STREAM_MIB'] !== undefined)
      process.stdout.write(`${SIZE / MIB} MiB: ${(report.growth / MIB).toFixed(1)} MiB in ${seconds} s\n`);
    expect(report.size).toBe(SIZE);
    expect(report.growth).toBeLessThan(64 * MIB);
  } finally {
    await dynamoServer.stop();
  }
});
