import { createServer, type Http2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';

import { KinesisClient } from '@aws-sdk/client-kinesis';
import { invoke, kinesisEvent } from '@handlersmith/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { kinesisHandler, lostRecords, parseStreamFailure, streamHandler } from './index.ts';
import { notInstalled } from './shard.ts';
import { type LiveTable, startTable, type StreamedRecord } from './table.fixture.ts';

type Info = 'DDBStreamBatchInfo' | 'KinesisBatchInfo';

/** What Lambda sends to the destination, as text. */
function failureText(
  info: Info,
  range: { shardId: string; start: string; end: string; streamArn: string },
): string {
  return JSON.stringify({
    requestContext: {
      requestId: 'r',
      functionArn: 'f',
      condition: 'RetryAttemptsExhausted',
      approximateInvokeCount: 3,
    },
    version: '1.0',
    timestamp: '2026-05-01T10:05:00.000Z',
    [info]: {
      shardId: range.shardId,
      startSequenceNumber: range.start,
      endSequenceNumber: range.end,
      approximateArrivalOfFirstRecord: '2026-05-01T10:00:00Z',
      approximateArrivalOfLastRecord: '2026-05-01T10:00:00Z',
      batchSize: 1,
      streamArn: range.streamArn,
    },
  });
}

describe('lostRecords of a DynamoDB stream', () => {
  let table: LiveTable;
  let all: StreamedRecord[] = [];

  beforeAll(async () => {
    table = await startTable();
    for (let version = 0; version < 12; version++) {
      // The stream is to have their order.
      // oxlint-disable-next-line no-await-in-loop
      await table.put({
        id: 'a',
        version,
        bytes: new Uint8Array([version, 255]),
        deep: { list: [new Uint8Array([1])] },
      });
    }
    all = await table.read();
  });
  afterAll(() => table.stop());

  const failureOf = (first: number, last: number): ReturnType<typeof parseStreamFailure> =>
    parseStreamFailure(
      failureText('DDBStreamBatchInfo', {
        shardId: all[first]?.shardId ?? '',
        start: all[first]?.sequenceNumber ?? '',
        end: all[last]?.sequenceNumber ?? '',
        streamArn: table.streamArn,
      }),
    );

  it.each([
    [0, 11],
    [3, 7],
    [5, 5],
  ])('fetches the records from %d to %d, and the handler takes them', async (first, last) => {
    const { records, complete } = await lostRecords(failureOf(first, last), { client: table.streams });
    expect(complete).toBe(true);
    expect(records).toEqual(all.slice(first, last + 1).map(({ record }) => record));
    const seen: unknown[] = [];
    const handler = streamHandler({ logger: false }, (change) => {
      if (change.type !== 'remove') seen.push(change.after);
    });
    expect(await invoke(handler, { Records: records })).toEqual({ batchItemFailures: [] });
    expect(seen).toEqual(
      Array.from({ length: last - first + 1 }, (_, index) => ({
        id: 'a',
        version: first + index,
        bytes: Buffer.from([first + index, 255]),
        deep: { list: [Buffer.from([1])] },
      })),
    );
  });

  it('says so where the end is not there', async () => {
    const failure = parseStreamFailure(
      failureText('DDBStreamBatchInfo', {
        shardId: all[0]?.shardId ?? '',
        start: all[10]?.sequenceNumber ?? '',
        end: `${all[11]?.sequenceNumber ?? ''}9`,
        streamArn: table.streamArn,
      }),
    );
    const { records, complete } = await lostRecords(failure, { client: table.streams });
    expect(records).toHaveLength(2);
    expect(complete).toBe(false);
  });

  it('fetches what is left where the stream has let go of the first ones', async () => {
    // No stream here is a day old: this one refuses the place to begin at, as the API reference says it would.
    const trimmed = {
      send: (command: never, options: never): Promise<unknown> => {
        const { input } = command as { readonly input: { readonly ShardIteratorType?: string } }; // the SDK's commands have it
        return input.ShardIteratorType === 'AT_SEQUENCE_NUMBER'
          ? Promise.reject(Object.assign(new Error('trimmed'), { name: 'TrimmedDataAccessException' }))
          : table.streams.send(command, options);
      },
    };
    const failure = parseStreamFailure(
      failureText('DDBStreamBatchInfo', {
        shardId: all[0]?.shardId ?? '',
        start: '0',
        end: all[5]?.sequenceNumber ?? '',
        streamArn: table.streamArn,
      }),
    );
    const { records, complete } = await lostRecords(failure, { client: trimmed });
    expect(records).toEqual(all.slice(0, 6).map(({ record }) => record));
    expect(complete).toBe(false);
  });

  it('throws what the service says of a stream that is gone', async () => {
    const failure = parseStreamFailure(
      failureText('DDBStreamBatchInfo', {
        shardId: all[0]?.shardId ?? '',
        start: '1',
        end: '2',
        streamArn: table.streamArn.replace('table/items', 'table/gone'),
      }),
    );
    await expect(lostRecords(failure, { client: table.streams })).rejects.toThrow(/not found|resource/i);
  });

  it('stops when its signal aborts', async () => {
    const signal = AbortSignal.abort(new Error('time is up'));
    await expect(lostRecords(failureOf(0, 11), { client: table.streams, signal })).rejects.toThrow(
      /abort|time is up/i,
    );
  });
});

describe('lostRecords of a Kinesis stream', () => {
  // There is no Kinesis here to run against: this answers the two calls with what the API reference says they answer.
  const { Records: sent } = kinesisEvent([
    { data: { n: 0 }, partitionKey: 'p0', arrivedAt: new Date(1_480_641_523_477) },
    { data: { n: 1 }, partitionKey: 'p1', arrivedAt: new Date(1_480_641_524_000) },
    { data: { n: 2 }, partitionKey: 'p2', arrivedAt: new Date(1_480_641_525_500) },
  ]);
  let server: Http2Server;
  let client: KinesisClient;

  beforeAll(async () => {
    server = createServer((request, response) => {
      let text = '';
      request.setEncoding('utf8');
      request.on('data', (chunk: string) => (text += chunk));
      request.on('end', () => {
        const body = JSON.parse(text) as { ShardIterator?: string; StartingSequenceNumber?: string };
        response.setHeader('content-type', 'application/x-amz-json-1.1');
        response.end(JSON.stringify(answerOf(String(request.headers['x-amz-target']), body)));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    client = new KinesisClient({
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      maxAttempts: 1,
    });
  });
  afterAll(() => {
    client.destroy();
    server.close();
  });

  function answerOf(
    target: string,
    body: { ShardIterator?: string; StartingSequenceNumber?: string },
  ): object {
    if (target.endsWith('GetShardIterator'))
      return {
        ShardIterator: String(
          sent.findIndex(({ kinesis }) => kinesis.sequenceNumber === body.StartingSequenceNumber),
        ),
      };
    const index = Number(body.ShardIterator);
    const at = sent[Math.floor(index)];
    if (!Number.isInteger(index) || at === undefined)
      // Pages may be empty though more follow.
      return {
        Records: [],
        NextShardIterator: String(index + 0.5),
        MillisBehindLatest: at === undefined ? 0 : 9,
      };
    const { sequenceNumber, data, partitionKey, approximateArrivalTimestamp } = at.kinesis;
    const record = {
      SequenceNumber: sequenceNumber,
      Data: data,
      PartitionKey: partitionKey,
      ApproximateArrivalTimestamp: approximateArrivalTimestamp,
    };
    return { Records: [record], NextShardIterator: String(index + 0.5), MillisBehindLatest: 9 };
  }

  it('fetches them over empty pages, and the handler takes them', async () => {
    const failure = parseStreamFailure(
      failureText('KinesisBatchInfo', {
        shardId: 'shardId-000000000000',
        start: sent[0]?.kinesis.sequenceNumber ?? '',
        end: sent[1]?.kinesis.sequenceNumber ?? '',
        streamArn: sent[0]?.eventSourceARN ?? '',
      }),
    );
    const { records, complete } = await lostRecords(failure, { client });
    expect(complete).toBe(true);
    // Which role Lambda would have used is not in the stream.
    const expected = structuredClone(sent.slice(0, 2));
    for (const record of expected) record.invokeIdentityArn = '';
    expect(records).toEqual(expected);
    const seen: unknown[] = [];
    await invoke(
      kinesisHandler(
        { logger: false, format: 'json' },
        ({ data, arrivedAt }) => void seen.push([data, arrivedAt.getTime()]),
      ),
      { Records: records },
    );
    expect(seen).toEqual([
      [{ n: 0 }, 1_480_641_523_477],
      [{ n: 1 }, 1_480_641_524_000],
    ]);
  });
});

describe('the SDK', () => {
  it('that is not there is told with what to install', async () => {
    const cause = new Error("Cannot find package '@aws-sdk/client-kinesis'");
    const loaded = Promise.reject(cause).catch(notInstalled('@aws-sdk/client-kinesis'));
    await expect(loaded).rejects.toMatchObject({
      message: expect.stringContaining('npm install @aws-sdk/client-kinesis'),
      cause,
    });
  });
});
