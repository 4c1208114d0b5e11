import {
  captureLogs,
  dynamoStreamEvent,
  type ItemChange,
  invoke,
  lambdaContext,
} from '@handlersmith/testing';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';

import { streamHandler } from './index.ts';

const quiet = { logger: false } as const;
const inserts = (...ids: string[]): ItemChange[] => ids.map((id) => ({ type: 'insert', after: { id } }));
const numberOf = (event: DynamoDBStreamEvent, index: number): string =>
  event.Records[index]?.dynamodb?.SequenceNumber ?? 'there is no such record';
const failure = (event: DynamoDBStreamEvent, index: number): object => ({
  batchItemFailures: [{ itemIdentifier: numberOf(event, index) }],
});
const none = { batchItemFailures: [] };
const turn = (): Promise<void> => new Promise(setImmediate);
const text = (value: unknown): string => (typeof value === 'string' ? value : 'no text');
const change = (pk: string, sk: number): ItemChange => ({ type: 'insert', after: { pk, sk } });

describe('the checkpoint', () => {
  it('D1 stops at the first failure and reports it alone; nothing after it is run (streams go on after a failure in Powertools)', async () => {
    const ran: unknown[] = [];
    const handler = streamHandler(quiet, {
      insert: ({ after }) => {
        ran.push(after['id']);
        if (after['id'] === 'b') throw new Error('not now');
      },
    });
    const event = dynamoStreamEvent(inserts('a', 'b', 'c', 'd'));
    expect(await invoke(handler, event)).toEqual(failure(event, 1));
    expect(ran).toEqual(['a', 'b']);
  });

  it('D7 with concurrency is the lowest unfinished record, and items keep their order', async () => {
    const log: string[] = [];
    let most = 0;
    let running = 0;
    const handler = streamHandler({ ...quiet, concurrency: 3 }, async ({ keys, eventId }) => {
      most = Math.max(most, ++running);
      log.push(`start ${text(keys['id'])}`);
      await turn();
      if (keys['id'] === 'a') await turn();
      running--;
      if (keys['id'] === 'b') throw new Error(`no ${eventId}`);
      log.push(`end ${text(keys['id'])}`);
    });
    const event = dynamoStreamEvent(inserts('a', 'b', 'c', 'a', 'd'));
    expect(await invoke(handler, event)).toEqual(failure(event, 1));
    expect(most).toBe(3);
    expect(log).toEqual(['start a', 'start b', 'start c', 'end c', 'end a']); // c was done, and comes again
  });

  it('D7 tells items apart by all of their key, in whatever order its attributes come', async () => {
    let running = 0;
    let most = 0;
    const handler = streamHandler({ ...quiet, concurrency: 5 }, async () => {
      most = Math.max(most, ++running);
      await turn();
      running--;
    });
    const same = dynamoStreamEvent([change('p', 1), change('p', 1)], { keys: ['pk', 'sk'] });
    const { Keys } = same.Records[1]?.dynamodb ?? {};
    Object.assign(same.Records[1]?.dynamodb ?? {}, {
      Keys: Object.fromEntries(Object.entries(Keys ?? {}).toReversed()),
    });
    await invoke(handler, same);
    expect(most).toBe(1);
    await invoke(handler, dynamoStreamEvent([change('p', 1), change('p', 2)], { keys: ['pk', 'sk'] }));
    expect(most).toBe(2);
  });

  it('D10 without a sequence number the whole batch fails: in Powertools that record is lost', async () => {
    const event = dynamoStreamEvent(inserts('a', 'b'));
    delete event.Records[1]?.dynamodb?.SequenceNumber;
    const fails = streamHandler(quiet, ({ keys }) => {
      if (keys['id'] === 'b') throw new Error('not now');
    });
    await expect(invoke(fails, event)).rejects.toThrow('without a sequence number');
    expect(
      await invoke(
        streamHandler(quiet, () => {}),
        event,
      ),
    ).toEqual(none); // finished: nothing to report
  });

  it('D10 a record without anything but its source fails the whole batch too', async () => {
    const handler = streamHandler(quiet, () => {});
    await expect(invoke(handler, { Records: [{ eventSource: 'aws:dynamodb' }] })).rejects.toThrow(
      'without a sequence number',
    );
  });

  it('at the deadline is the record that hangs', async () => {
    const event = dynamoStreamEvent(inserts('a', 'b', 'c'));
    const handler = streamHandler(quiet, ({ keys }) =>
      keys['id'] === 'b' ? new Promise(() => {}) : undefined,
    );
    expect(await invoke(handler, event, lambdaContext({ timeout: 400 }))).toEqual(failure(event, 1));
  });

  it('Q11 each answer is a fresh object', async () => {
    const handler = streamHandler(quiet, () => {});
    const one = await invoke(handler, dynamoStreamEvent(inserts('a')));
    one.batchItemFailures.push({ itemIdentifier: 'x' });
    expect(await invoke(handler, dynamoStreamEvent(inserts('a')))).toEqual(none);
  });

  it.each([
    ['undefined', undefined],
    ['a string', 'no'],
    ['null', null],
  ])('Q7 a thrown %s is one failed record', async (_, thrown) => {
    const event = dynamoStreamEvent(inserts('a', 'b'));
    const handler = streamHandler(quiet, () => {
      throw thrown; // oxlint-disable-line only-throw-error -- people do
    });
    expect(await invoke(handler, event)).toEqual(failure(event, 0));
  });
});

describe('logs', () => {
  it('O1 O5 lines of a record carry its eventID; those of a batch do not', async () => {
    const event = dynamoStreamEvent(inserts('a', 'b'));
    const { lines } = await captureLogs(() =>
      invoke(
        streamHandler({}, ({ logger }) => logger.info('at work')),
        event,
      ),
    );
    const ids = event.Records.map(({ eventID }) => eventID);
    expect(lines).toMatchObject([
      { message: 'at work', correlation_id: ids[0], record_id: ids[0], sequence_number: numberOf(event, 0) },
      { message: 'at work', correlation_id: ids[1], record_id: ids[1], sequence_number: numberOf(event, 1) },
      { message: 'batch finished', records: 2 },
    ]);
    expect(ids).not.toContain(lines[2]?.['correlation_id']);
  });

  it('O1 a batch of one is that record from its first line to its last', async () => {
    const event = dynamoStreamEvent(inserts('a'));
    const { lines } = await captureLogs(() =>
      invoke(
        streamHandler({}, () => {}),
        event,
      ),
    );
    expect(lines).toMatchObject([{ message: 'batch finished', correlation_id: event.Records[0]?.eventID }]);
  });
});
