import { captureLogs, dynamoStreamEvent, type ItemChange, invoke } from '@handlersmith/testing';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';

import { permanent, streamHandler } from './index.ts';

const quiet = { logger: false } as const;
const inserts = (...ids: string[]): ItemChange[] => ids.map((id) => ({ type: 'insert', after: { id } }));
const numberOf = (event: DynamoDBStreamEvent, index: number): string =>
  event.Records[index]?.dynamodb?.SequenceNumber ?? 'there is no such record';
const failure = (event: DynamoDBStreamEvent, index: number): object => ({
  batchItemFailures: [{ itemIdentifier: numberOf(event, index) }],
});
const none = { batchItemFailures: [] };
const turn = (): Promise<void> => new Promise(setImmediate);
const modified = (before: number, after: number): DynamoDBStreamEvent =>
  dynamoStreamEvent([{ type: 'modify', before: { id: 'a', n: before }, after: { id: 'a', n: after } }]);

describe('permanent failures', () => {
  const item = z.object({ id: z.string(), n: z.number() });
  const event = dynamoStreamEvent([
    { type: 'insert', after: { id: 'a', n: 1 } },
    { type: 'insert', after: { id: 'b', n: 'secret' } },
    { type: 'insert', after: { id: 'c', n: 3 } },
  ]);

  it('hold up the shard unless they may be dropped', async () => {
    const ran: string[] = [];
    const handler = streamHandler({ ...quiet, item }, { insert: ({ after }) => void ran.push(after.id) });
    expect(await invoke(handler, event)).toEqual(failure(event, 1));
    expect(ran).toEqual(['a']);
  });

  it('that are dropped are logged once, without their values, and passed over', async () => {
    const ran: string[] = [];
    const handler = streamHandler(
      { item, onPermanent: 'drop' },
      { insert: ({ after }) => void ran.push(after.id) },
    );
    const { result, lines } = await captureLogs(() => invoke(handler, event));
    expect(result).toEqual(none);
    expect(ran).toEqual(['a', 'c']);
    expect(lines.filter(({ level }) => level === 'ERROR')).toMatchObject([
      {
        message: 'record failed',
        permanent: true,
        handling: 'dropped',
        record_id: event.Records[1]?.eventID,
        error: { message: expect.stringContaining('after does not match its schema: /n') },
      },
    ]);
    expect(JSON.stringify(lines)).not.toContain('secret');
    expect(lines.at(-1)).toMatchObject({ records: 3, done: 2, discarded: 1 });
  });

  it('are also malformed images and what throws permanent(…), sooner or later', async () => {
    const broken = structuredClone(event);
    Object.assign(broken.Records[0]?.dynamodb?.NewImage ?? {}, { n: { N: 'x' } });
    const handler = streamHandler({ ...quiet, onPermanent: 'drop' }, async ({ keys }) => {
      await turn();
      if (keys['id'] === 'b') throw permanent('sold out');
    });
    expect(await invoke(handler, broken)).toEqual(none);
  });

  it('are not those of a schema that throws: it may do better', async () => {
    const throwing = z.object({ id: z.string() }).transform(() => {
      throw new Error('the schema is broken');
    });
    const handler = streamHandler({ ...quiet, item: throwing, onPermanent: 'drop' }, () => {});
    expect(await invoke(handler, event)).toEqual(failure(event, 0));
  });

  it('come from schemas that answer later as well, and both images are checked', async () => {
    const later = z.object({ id: z.string(), n: z.number() }).refine(async ({ n }) => Promise.resolve(n < 3));
    const handler = streamHandler({ ...quiet, item: later }, () => {});
    expect(await invoke(handler, modified(1, 2))).toEqual(none);
    expect((await invoke(handler, modified(3, 2))).batchItemFailures).toHaveLength(1);
    expect((await invoke(handler, modified(1, 3))).batchItemFailures).toHaveLength(1);
  });

  it('schemas are made ready once, not for each record', async () => {
    let asked = 0;
    const counting = new Proxy(item, {
      get: (target, name, receiver) => {
        if (name === '~standard') asked++;
        return Reflect.get(target, name, receiver) as unknown;
      },
    });
    const handler = streamHandler({ ...quiet, item: counting }, () => {});
    const built = asked;
    await invoke(
      handler,
      dynamoStreamEvent(Array.from({ length: 100 }, () => ({ type: 'insert', after: { id: 'a', n: 1 } }))),
    );
    expect(asked).toBe(built);
  });

  it('the schema of keys gives keys', async () => {
    const seen: number[] = [];
    const keys = z.object({ id: z.string().transform(Number) });
    await invoke(
      streamHandler(
        { ...quiet, keys, view: 'KEYS_ONLY' },
        { insert: ({ keys: { id } }) => void seen.push(id) },
      ),
      dynamoStreamEvent(inserts('7'), { view: 'KEYS_ONLY' }),
    );
    expect(seen).toEqual([7]);
  });
});
