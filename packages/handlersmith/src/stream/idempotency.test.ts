import { dynamoStreamEvent, invoke, type ItemChange, kinesisEvent } from '@handlersmith/testing';
import { describe, expect, it } from 'vitest';

import { memoryStore } from '../idempotency/index.ts';
import { kinesisHandler, streamHandler } from './index.ts';

const quiet = { logger: false } as const;
const none = { batchItemFailures: [] };
const inserts = (...ids: string[]): ItemChange[] => ids.map((id) => ({ type: 'insert', after: { id } }));

const build = (options: object) => () => streamHandler(options, () => ({}));

describe('the option idempotency', () => {
  it('D5 runs a record once, by its eventID: what was done before a failure is not done again', async () => {
    const ran: unknown[] = [];
    let failing = true;
    const handler = streamHandler(
      { ...quiet, concurrency: 3, idempotency: { store: memoryStore() } },
      ({ keys }) => {
        if (keys['id'] === 'a' && failing) throw new Error('not now');
        ran.push(keys['id']);
      },
    );
    const event = dynamoStreamEvent(inserts('a', 'b', 'c'));
    expect((await invoke(handler, event)).batchItemFailures).toHaveLength(1);
    const before = [...ran];
    failing = false;
    expect(await invoke(handler, event)).toEqual(none);
    expect(await invoke(handler, event)).toEqual(none);
    expect(before).toEqual(['b', 'c']);
    expect(ran).toEqual(['b', 'c', 'a']);
  });

  it('D5 tells the same id of two streams apart, and takes another key where there is one', async () => {
    let ran = 0;
    const options = { ...quiet, idempotency: { store: memoryStore() } };
    const event = dynamoStreamEvent(inserts('a'));
    const other = structuredClone(event);
    Object.assign(other.Records[0] ?? {}, {
      eventSourceARN: 'arn:aws:dynamodb:eu-west-1:1:table/b/stream/1',
    });
    const handler = streamHandler(options, () => void ran++);
    await invoke(handler, event);
    await invoke(handler, other);
    expect(ran).toBe(2);

    const byItem = streamHandler(
      {
        ...quiet,
        idempotency: { store: memoryStore(), key: ({ record }) => record.dynamodb?.Keys?.['id']?.S },
      },
      () => void ran++,
    );
    await invoke(byItem, dynamoStreamEvent(inserts('a', 'a')));
    expect(ran).toBe(3);
  });

  it('D5 is there for Kinesis too', async () => {
    let ran = 0;
    const handler = kinesisHandler({ ...quiet, idempotency: { store: memoryStore() } }, () => void ran++);
    const event = kinesisEvent([{ data: 1 }, { data: 1 }]);
    await invoke(handler, event);
    await invoke(handler, event);
    expect(ran).toBe(2);
  });

  it('A6 wrong ones fail when the handler is built', () => {
    expect(build({ idempotency: {} })).toThrow('option "store"');
    expect(build({ idempotency: { store: memoryStore(), keys: () => 'a' } })).toThrow('"keys"');
    expect(build({ idempotency: { store: memoryStore() }, window: { initial: () => ({}) } })).toThrow(
      'cannot go together',
    );
  });
});
