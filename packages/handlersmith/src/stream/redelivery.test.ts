/**
 * Lambda's event source mapping, played over a real stream: it hands out batches, keeps the checkpoint it is told, and
 * delivers from there again.
 */
import { captureLogs, invoke } from '@handlersmith/testing';
import type { DynamoDBRecord } from 'aws-lambda';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { permanent, streamHandler } from './index.ts';
import { type LiveTable, startTable } from './table.fixture.ts';

/** What became of a record each time it ran. */
type Fate = 'done' | 'throws' | 'rejects later';

interface Mapping {
  readonly batchSize: number;
  /** Whether a batch that fails whole is halved, as `BisectBatchOnFunctionError` does. */
  readonly bisect: boolean;
}

type Handler = (event: { Records: DynamoDBRecord[] }) => Promise<{
  batchItemFailures: { itemIdentifier: string }[];
}>;

const numberOf = (record: DynamoDBRecord | undefined): bigint =>
  BigInt(record?.dynamodb?.SequenceNumber ?? -1);
const keyOf = (record: DynamoDBRecord): string => record.dynamodb?.Keys?.['id']?.S ?? '';

/** Delivers a shard to its end. `told` hears of each batch and of its checkpoint, the batch's length if it is done. */
async function deliver(
  records: readonly DynamoDBRecord[],
  handler: Handler,
  { batchSize, bisect }: Mapping,
  told: (batch: readonly DynamoDBRecord[], finished: number) => void,
): Promise<void> {
  let [at, size] = [0, batchSize];
  for (let round = 0; at < records.length; round++) {
    if (round > 2000) throw new Error('the shard does not move on');
    const batch = records.slice(at, at + size);
    let finished = 0;
    try {
      const { batchItemFailures } = await handler({ Records: structuredClone(batch) }); // oxlint-disable-line no-await-in-loop -- a shard is read in order
      const lowest = batchItemFailures
        .map(({ itemIdentifier }) => BigInt(itemIdentifier))
        .toSorted((one, other) => (one < other ? -1 : 1))[0];
      finished =
        lowest === undefined ? batch.length : batch.findIndex((record) => numberOf(record) === lowest);
      if (finished === -1) throw new Error('the checkpoint is no record of the batch');
      size = batchSize;
    } catch (error) {
      if (!(error instanceof Error && error.message.includes('without a sequence number'))) throw error;
      size = bisect ? Math.max(1, Math.ceil(batch.length / 2)) : batchSize;
    }
    told(batch, finished);
    at += finished;
  }
}

describe('a shard of a real stream', () => {
  let table: LiveTable;
  let records: DynamoDBRecord[] = [];

  beforeAll(async () => {
    table = await startTable();
    for (let index = 0; index < 40; index++) {
      // One after the other: the stream is to have their order.
      // oxlint-disable no-await-in-loop
      const id = `item${(index * 7) % 5}`;
      if (index % 9 === 8) await table.remove(id);
      else await table.put({ id, version: index, bytes: new Uint8Array([index]), tags: new Set(['a']) });
      // oxlint-enable no-await-in-loop
    }
    records = (await table.read()).map(({ record }) => record);
  });
  afterAll(() => table.stop());

  it('is what the handler reads: types, images and numbers that rise', async () => {
    expect(records).toHaveLength(40);
    const numbers = records.map(numberOf);
    expect(numbers).toEqual(numbers.toSorted((one, other) => (one < other ? -1 : 1)));
    const seen: object[] = [];
    const handler = streamHandler({ logger: false }, (change) => void seen.push(change));
    expect(await invoke(handler, { Records: records })).toEqual({ batchItemFailures: [] });
    expect(seen[0]).toMatchObject({
      type: 'insert',
      keys: { id: 'item0' },
      after: { id: 'item0', version: 0, bytes: Buffer.from([0]), tags: new Set(['a']) },
    });
    expect(seen[5]).toMatchObject({ type: 'modify', before: { version: 0 }, after: { version: 5 } });
    expect(seen[8]).toMatchObject({ type: 'remove', expired: false });
    expect(seen[8]).not.toHaveProperty('after');
  });

  it('D1 D7 keeps the order of each item, loses nothing and has nothing done again before its checkpoint, whatever fails', async () => {
    const fates = fc.array(fc.constantFrom<Fate>('done', 'done', 'done', 'throws', 'rejects later'), {
      minLength: 20,
      maxLength: 200,
    });
    await fc.assert(
      fc.asyncProperty(
        fates,
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 15 }),
        async (planned, concurrency, batchSize) => {
          let turn = 0;
          const fateNow = (): Fate => planned[turn++] ?? 'done'; // in the end all goes well
          let done = new Set<string>();
          const ever = new Set<string>();
          const order = new Map<string, bigint[]>();

          const handler = streamHandler({ logger: false, concurrency }, (change) => {
            const fate = fateNow();
            const id = change.eventId;
            if (fate === 'throws') throw new Error('thrown');
            const finish = (): void => {
              if (fate === 'rejects later') throw new Error('rejected');
              done.add(id);
              const key = keyOf(change.record);
              if (!ever.has(id)) order.set(key, [...(order.get(key) ?? []), numberOf(change.record)]);
              ever.add(id);
            };
            return turn % 2 === 0 ? Promise.resolve().then(finish) : finish();
          });
          const runs = new Map<string, number>();
          await deliver(
            records,
            (event) => {
              done = new Set();
              return handler(event);
            },
            { batchSize, bisect: false },
            (batch, finished) => {
              const told = batch.map(({ eventID = '' }) => done.has(eventID));
              expect(told.slice(0, finished)).toEqual(Array.from({ length: finished }, () => true));
              expect(told[finished] ?? false).toBe(false); // what is reported is not done
              for (const { eventID = '' } of batch.slice(0, finished))
                runs.set(eventID, (runs.get(eventID) ?? 0) + 1);
              // One at a time nothing runs after a failure.
              expect(concurrency === 1 && told.slice(finished).includes(true)).toBe(false);
            },
          );
          expect(ever.size).toBe(records.length);
          expect([...runs.values()].every((count) => count === 1)).toBe(true);
          for (const [key, numbers] of order)
            expect(numbers).toEqual(records.filter((record) => keyOf(record) === key).map(numberOf));
        },
      ),
      { seed: 20_261_121, numRuns: 200 },
    );
  });

  it('D10 with a batch that fails whole and is halved, all the same', async () => {
    const broken = records.map((record, index) => {
      const copy = structuredClone(record);
      if (index === 13) delete copy.dynamodb?.SequenceNumber;
      return copy;
    });
    let failures = 0;
    const ran: (string | undefined)[] = [];
    const handler = streamHandler({ logger: false }, ({ eventId, sequenceNumber }) => {
      if (sequenceNumber === undefined && failures++ < 3) throw new Error('not now');
      ran.push(eventId);
    });
    const finishedIds: (string | undefined)[] = [];
    await deliver(
      broken,
      (event) => handler(event),
      { batchSize: 20, bisect: true },
      (batch, finished) => finishedIds.push(...batch.slice(0, finished).map(({ eventID }) => eventID)),
    );
    expect(finishedIds).toEqual(broken.map(({ eventID }) => eventID));
    expect(new Set(ran)).toEqual(new Set(finishedIds));
    expect(failures).toBe(4);
  });

  it('moves on past a poison record that may be dropped, and says so', async () => {
    const handler = streamHandler({ onPermanent: 'drop' }, ({ keys }) => {
      if (keys['id'] === 'item3') throw permanent('poison');
    });
    let rounds = 0;
    const { lines } = await captureLogs(() =>
      deliver(records, handler, { batchSize: 10, bisect: false }, () => rounds++),
    );
    expect(rounds).toBe(4);
    const poisoned = records.filter((record) => keyOf(record) === 'item3').length;
    expect(lines.filter(({ level, handling }) => level === 'ERROR' && handling === 'dropped')).toHaveLength(
      poisoned,
    );
  });
});
