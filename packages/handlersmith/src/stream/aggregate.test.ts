import { createHash } from 'node:crypto';

import { captureLogs, invoke, kinesisAggregate, kinesisEvent } from '@handlersmith/testing';
import type { KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';

import { memoryStore } from '../idempotency/index.ts';
import { type KinesisItem, unpacked, UserRecord } from './aggregate.ts';
import { kinesisHandler } from './index.ts';

const quiet = { logger: false } as const;
const MAGIC = Buffer.from([0xf3, 0x89, 0x9a, 0xc2]);

const failure = (event: KinesisStreamEvent, index: number): object => ({
  batchItemFailures: [{ itemIdentifier: event.Records[index]?.kinesis.sequenceNumber }],
});

/** A record whose data is this message, with the MD5 that belongs to it. */
function marked(message: Uint8Array): KinesisStreamRecord {
  const data = Buffer.concat([MAGIC, message, createHash('md5').update(message).digest()]);
  return recordOf(data);
}

function recordOf(data: Uint8Array): KinesisStreamRecord {
  const [record] = kinesisEvent([{ data }]).Records;
  if (record === undefined) throw new Error('the builder made no record');
  return record;
}

const told = (items: readonly KinesisItem[]): unknown[] =>
  items.map((item) =>
    item instanceof UserRecord
      ? [item.subSequenceNumber, item.partitionKey, [...item.data]]
      : item.kinesis.data,
  );

const userRecord = fc.record(
  {
    data: fc.uint8Array({ maxLength: 300 }),
    partitionKey: fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
      .filter((key) => key.isWellFormed()),
    explicitHashKey: fc.constantFrom('0', '340282366920938463463374607431768211455'),
  },
  { requiredKeys: ['data', 'partitionKey'] },
);

describe('unpacked', () => {
  it('D6 gives back whatever was packed, in its order, among records that came alone', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.array(userRecord, { maxLength: 200 }), fc.uint8Array())), (packed) => {
        const { Records } = kinesisEvent(
          packed.map((each) => (Array.isArray(each) ? kinesisAggregate(each) : { data: each })),
        );
        const expected = packed.flatMap((each, index): unknown[] =>
          Array.isArray(each)
            ? each.map(({ data, partitionKey }, place) => [place, partitionKey, [...data]])
            : [Records[index]?.kinesis.data],
        );
        expect(told(unpacked(Records))).toEqual(expected);
      }),
    );
  });

  it('D6 leaves a record as it is when any byte of it is another, or it ends early', () => {
    const { data } = kinesisAggregate([{ data: 'first' }, { data: 'second', partitionKey: 'b' }]);
    const bytes = data as Uint8Array; // the builder packs bytes
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (index, change) => {
        const changed = Uint8Array.from(bytes);
        changed[index] = (changed[index] ?? 0) ^ change;
        for (const broken of [changed, bytes.subarray(0, index)]) {
          const record = recordOf(broken);
          expect(unpacked([record])).toEqual([record]);
        }
      }),
    );
  });

  it('D6 loses nothing to a message that is none, though its MD5 is right', () => {
    const { data } = kinesisAggregate([{ data: 'first' }, { data: 'second', partitionKey: 'b' }]);
    const message = (data as Uint8Array).subarray(4, -16); // the builder packs bytes
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(message.length), (noise, at) => {
        const spliced = Buffer.concat([message.subarray(0, at), noise, message.subarray(at)]);
        for (const bytes of [noise, spliced]) {
          const items = unpacked([marked(bytes)]);
          expect(items.every((item) => item instanceof UserRecord || items.length === 1)).toBe(true);
        }
      }),
    );
  });

  it.each<[string, readonly number[]]>([
    ['a key that is not in the table', [0x0a, 1, 97, 0x1a, 5, 0x08, 1, 0x1a, 1, 49]],
    ['no key', [0x0a, 1, 97, 0x1a, 3, 0x1a, 1, 49]],
    ['no data', [0x0a, 1, 97, 0x1a, 2, 0x08, 0]],
    ['a length past its end', [0x0a, 9, 97]],
    ['a number without end', [0x08, ...Array.from({ length: 11 }, () => 0x80)]],
    ['a fixed number that is cut off', [0x09, 1, 2, 3]],
    ['a group', [0x0b, 0x0c]],
    ['a record that is a number', [0x0a, 1, 97, 0x18, 1, 0x1a, 9]],
  ])('D6 a record with %s stays as it is', (_, message) => {
    const record = marked(Uint8Array.from(message));
    expect(unpacked([record])).toEqual([record]);
  });

  it('D6 passes over fields it does not know, of any width, and takes the last of a field', () => {
    const inner = [
      0x08, 0, 0x08, 1, 0x22, 1, 7, 0x2d, 1, 2, 3, 4, 0x31, 1, 2, 3, 4, 5, 6, 7, 8, 0x38, 0x80, 1,
    ];
    const message = [0x0a, 1, 97, 0x0a, 1, 98, 0x7a, 1, 0, 0x1a, inner.length + 3, ...inner, 0x1a, 1, 49];
    expect(told(unpacked([marked(Uint8Array.from(message))]))).toEqual([[0, 'b', [49]]]);
  });

  it('D6 looks at records that lack everything, and makes no copy of a list without aggregated ones', () => {
    const records = [{ eventSource: 'aws:kinesis' }, recordOf(Uint8Array.of(1))] as KinesisStreamRecord[];
    expect(unpacked(records)).toBe(records);
  });
});

describe('a handler of aggregated records', () => {
  const packed = kinesisAggregate([
    { data: { page: '/1' }, partitionKey: 'a' },
    { data: { page: '/2' }, partitionKey: 'b' },
    { data: { page: '/3' }, partitionKey: 'a' },
  ]);
  const event = kinesisEvent([{ data: { page: '/0' } }, packed, { data: { page: '/4' } }]);
  const Page = z.object({ page: z.string() });

  it('D6 runs each of them in order, with its own key and place', async () => {
    const seen: unknown[] = [];
    const handler = kinesisHandler({ ...quiet, data: Page }, ({ data, ...rest }) => {
      seen.push([data.page, rest.partitionKey, rest.subSequenceNumber, rest.eventId, rest.sequenceNumber]);
      expect(rest.record).toBe(
        event.Records.find(({ kinesis }) => kinesis.sequenceNumber === rest.sequenceNumber),
      );
    });
    expect(await invoke(handler, event)).toEqual({ batchItemFailures: [] });
    const [first, second, third] = event.Records.map(({ eventID, kinesis }) => [
      eventID,
      kinesis.sequenceNumber,
    ]);
    expect(seen).toEqual([
      ['/0', 'key', undefined, ...(first ?? [])],
      ['/1', 'a', 0, `${second?.[0]}:0`, second?.[1]],
      ['/2', 'b', 1, `${second?.[0]}:1`, second?.[1]],
      ['/3', 'a', 2, `${second?.[0]}:2`, second?.[1]],
      ['/4', 'key', undefined, ...(third ?? [])],
    ]);
  });

  it('D1 reports the record they came in when one of them fails, and runs nothing after it', async () => {
    const seen: string[] = [];
    const handler = kinesisHandler({ ...quiet, data: Page }, ({ data }) => {
      seen.push(data.page);
      if (data.page === '/2') throw new Error('not now');
    });
    expect(await invoke(handler, event)).toEqual(failure(event, 1));
    expect(seen).toEqual(['/0', '/1', '/2']);
  });

  it('D5 skips those that are done when they all come again, and no others', async () => {
    let broken = true;
    const seen: string[] = [];
    const options = { ...quiet, data: Page, idempotency: { store: memoryStore() } };
    const handler = kinesisHandler(options, ({ data }) => {
      if (data.page === '/2' && broken) throw new Error('not now');
      seen.push(data.page);
    });
    await invoke(handler, event);
    broken = false;
    expect(await invoke(handler, event)).toEqual({ batchItemFailures: [] });
    expect(seen).toEqual(['/0', '/1', '/2', '/3', '/4']);
  });

  it('D7 with concurrency keeps the order of their own partition keys', async () => {
    const log: string[] = [];
    const handler = kinesisHandler(
      { ...quiet, concurrency: 4, data: Page },
      async ({ data, partitionKey }) => {
        log.push(`start ${partitionKey}${data.page}`);
        await new Promise(setImmediate);
        log.push(`end ${partitionKey}${data.page}`);
      },
    );
    await invoke(handler, kinesisEvent([packed]));
    expect(log).toEqual(['start a/1', 'start b/2', 'end a/1', 'start a/3', 'end b/2', 'end a/3']);
  });

  it('D6 drops one that does not match alone, and names it in the log', async () => {
    const mixed = kinesisEvent([kinesisAggregate([{ data: 1 }, { data: { page: '/' } }])]);
    const seen: string[] = [];
    const handler = kinesisHandler(
      { data: Page, onPermanent: 'drop' },
      ({ data }) => void seen.push(data.page),
    );
    const { result, lines } = await captureLogs(() => invoke(handler, mixed));
    expect(result).toEqual({ batchItemFailures: [] });
    expect(seen).toEqual(['/']);
    expect(lines).toMatchObject([
      { message: 'record failed', record_id: `${mixed.Records[0]?.eventID}:0`, handling: 'dropped' },
      { message: 'batch finished with failures', records: 2, done: 1, discarded: 1 },
    ]);
  });

  it('D6 gives bytes where no schema is', async () => {
    const seen: unknown[] = [];
    const bytes = kinesisEvent([
      kinesisAggregate([{ data: Uint8Array.of(1, 2) }, { data: Uint8Array.of() }]),
    ]);
    await invoke(
      kinesisHandler(quiet, ({ data }) => void seen.push([...data])),
      bytes,
    );
    expect(seen).toEqual([[1, 2], []]);
  });

  it('D6 one that holds nothing is done', async () => {
    const empty = kinesisEvent([kinesisAggregate([])]);
    const handler = kinesisHandler({ ...quiet, data: Page }, () => expect.unreachable());
    expect(await invoke(handler, empty)).toEqual({ batchItemFailures: [] });
  });
});
