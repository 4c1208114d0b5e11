import { captureLogs, invoke, kinesisEvent } from '@handlersmith/testing';
import type { KinesisStreamEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';

import { kinesisHandler } from './index.ts';

const quiet = { logger: false } as const;
const Click = z.object({ page: z.string() });
const none = { batchItemFailures: [] };
const failure = (event: KinesisStreamEvent, index: number): object => ({
  batchItemFailures: [{ itemIdentifier: event.Records[index]?.kinesis.sequenceNumber }],
});
const turn = (): Promise<void> => new Promise(setImmediate);

const record = (partitionKey: string, data: number): { partitionKey: string; data: number } => ({
  partitionKey,
  data,
});

describe('kinesisHandler', () => {
  it.each([
    ['dta', { dta: Click }, 'Did you mean "data"?'],
    ['data', { data: 1 }, 'option "data"'],
    ['format', { format: 'xml' }, 'option "format"'],
    ['a schema of bytes', { data: Click, format: 'bytes' }, 'option "data" is a schema of JSON'],
  ])('A6 a wrong %s fails when the handler is built', (_, options, message) => {
    expect(() => kinesisHandler(options as object, () => {})).toThrow(message);
  });

  it('A6 no function fails when the handler is built', () => {
    expect(() => kinesisHandler({}, undefined as never)).toThrow('got undefined');
    expect(() => kinesisHandler({ window: { initial: () => ({}) } }, { close: () => {} } as never)).toThrow(
      'it has none',
    );
  });

  it('A9 refuses foreign events by their keys', async () => {
    await expect(
      invoke(
        kinesisHandler(quiet, () => {}),
        { Records: [{ eventSource: 'aws:dynamodb', dynamodb: {} }] },
      ),
    ).rejects.toThrow('Expected a Kinesis event');
  });

  it('D6 gives validated data, key, place and the moment of arrival', async () => {
    const arrivedAt = new Date(1_480_641_523_477);
    const event = kinesisEvent([{ data: { page: '/é' }, partitionKey: 'u1', arrivedAt }]);
    let seen: object = {};
    const handler = kinesisHandler(
      { ...quiet, data: Click },
      ({ data, partitionKey, sequenceNumber, eventId, ...rest }) => {
        seen = { page: data.page, partitionKey, sequenceNumber, eventId, arrivedAt: rest.arrivedAt };
      },
    );
    expect(await invoke(handler, event)).toEqual(none);
    expect(seen).toEqual({
      page: '/é',
      partitionKey: 'u1',
      sequenceNumber: event.Records[0]?.kinesis.sequenceNumber,
      eventId: event.Records[0]?.eventID,
      arrivedAt,
    });
  });

  it('D6 gives bytes where there is no schema, JSON where it is asked for', async () => {
    const seen: unknown[] = [];
    const event = kinesisEvent([{ data: new Uint8Array([49, 50]) }]);
    await invoke(
      kinesisHandler(quiet, ({ data }) => void seen.push(Array.from(data))),
      event,
    );
    await invoke(
      kinesisHandler({ ...quiet, format: 'json' }, ({ data }) => void seen.push(data)),
      event,
    );
    expect(seen).toEqual([[49, 50], 12]);
  });

  it.each([
    ['no JSON', new Uint8Array(Buffer.from('{"page": secret'))],
    ['of another shape', { page: 'secret'.length }],
  ])('D6 data that is %s is a permanent failure, told without its values', async (_, data) => {
    const event = kinesisEvent([{ data }, { data: { page: '/' } }]);
    expect(
      await invoke(
        kinesisHandler({ ...quiet, data: Click }, () => {}),
        event,
      ),
    ).toEqual(failure(event, 0));
    const { result, lines } = await captureLogs(() =>
      invoke(
        kinesisHandler({ data: Click, onPermanent: 'drop' }, () => {}),
        event,
      ),
    );
    expect(result).toEqual(none);
    expect(lines[0]).toMatchObject({ permanent: true, handling: 'dropped' });
    expect(JSON.stringify(lines)).not.toContain('secret');
  });

  it('D6 records that the producer library has aggregated fail aloud, and are never dropped', async () => {
    const event = kinesisEvent([{ data: new Uint8Array([0xf3, 0x89, 0x9a, 0xc2, 10, 1, 97]) }]);
    const { result, lines } = await captureLogs(() =>
      invoke(
        kinesisHandler({ data: Click, onPermanent: 'drop' }, () => {}),
        event,
      ),
    );
    expect(result).toEqual(failure(event, 0));
    expect(lines[0]).toMatchObject({
      permanent: false,
      error: {
        message: expect.stringContaining('begins like one that the Kinesis Producer Library aggregated'),
      },
    });
    expect(
      await invoke(
        kinesisHandler(quiet, () => {}),
        event,
      ),
    ).toEqual(none); // bytes are as the producer put them
  });

  it('D1 stops at the first failure and reports it alone', async () => {
    const event = kinesisEvent([{ data: 1 }, { data: 2 }, { data: 3 }]);
    const ran: unknown[] = [];
    const handler = kinesisHandler({ ...quiet, format: 'json' }, async ({ data }) => {
      await turn();
      ran.push(data);
      if (data === 2) throw new Error('not now');
    });
    expect(await invoke(handler, event)).toEqual(failure(event, 1));
    expect(ran).toEqual([1, 2]);
  });

  it('D7 with concurrency keeps the order of partition keys', async () => {
    const log: string[] = [];
    const handler = kinesisHandler(
      { ...quiet, concurrency: 4, format: 'json' },
      async ({ data, partitionKey }) => {
        log.push(`start ${partitionKey}${String(data)}`);
        await turn();
        log.push(`end ${partitionKey}${String(data)}`);
      },
    );
    await invoke(handler, kinesisEvent([record('a', 1), record('a', 2), record('b', 1)]));
    expect(log).toEqual(['start a1', 'start b1', 'end a1', 'start a2', 'end b1', 'end a2']);
  });

  it('D10 without a sequence number the whole batch fails', async () => {
    await expect(
      invoke(
        kinesisHandler(quiet, () => {}),
        { Records: [{ eventSource: 'aws:kinesis' }] },
      ),
    ).rejects.toThrow('without a sequence number');
  });

  it('extend fills in defaults, and the manifest tells', () => {
    const ours = kinesisHandler.extend({ ...quiet, service: 'shop', concurrency: 8 });
    expect(ours({ data: Click }, () => {}).manifest).toEqual({
      trigger: 'kinesis',
      service: 'shop',
      needs: ['ReportBatchItemFailures', 'MaximumRetryAttempts', 'OnFailure'],
      concurrency: 8,
      onPermanent: 'retry',
      window: false,
      data: Click,
    });
  });
});
