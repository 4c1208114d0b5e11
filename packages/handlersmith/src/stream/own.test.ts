import { captureLogs, dynamoStreamEvent, type ItemChange, invoke } from '@handlersmith/testing';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';

import { ownWrites, skipped, streamHandler } from './index.ts';

const quiet = { logger: false } as const;
const inserts = (...ids: string[]): ItemChange[] => ids.map((id) => ({ type: 'insert', after: { id } }));
const none = { batchItemFailures: [] };

describe('changes that need no work', () => {
  it('are told by skip, which sees what no schema has touched', async () => {
    const ran: string[] = [];
    const handler = streamHandler(
      { item: z.object({ id: z.string() }), skip: ({ after }) => after?.['draft'] === true },
      { insert: ({ after }) => void ran.push(after.id) },
    );
    const { result, lines } = await captureLogs(() =>
      invoke(
        handler,
        dynamoStreamEvent([
          { type: 'insert', after: { id: 'a', draft: true } },
          { type: 'insert', after: { id: 'b' } },
        ]),
      ),
    );
    expect(result).toEqual(none);
    expect(ran).toEqual(['b']);
    expect(lines.at(-1)).toMatchObject({ skipped: 1, done: 1 });
  });

  it('may be told by the function itself', async () => {
    const { lines } = await captureLogs(() =>
      invoke(
        streamHandler({}, () => skipped('seen before')),
        dynamoStreamEvent(inserts('a')),
      ),
    );
    expect(lines).toMatchObject([{ reason: 'seen before' }, { skipped: 1 }]);
  });

  it('D8 are the function its own writes; what others change later is not', async () => {
    const own = ownWrites('thumbnails');
    const ran: unknown[] = [];
    const handler = streamHandler({ ...quiet, ownWrites: own }, ({ keys }) => void ran.push(keys['id']));
    const [first, second] = [own.stamp(), own.stamp()];
    expect(first).not.toBe(second);
    const { attribute } = own;
    await invoke(
      handler,
      dynamoStreamEvent([
        { type: 'insert', after: { id: 'own insert', [attribute]: first } },
        { type: 'modify', before: { id: 'own change' }, after: { id: 'own change', [attribute]: first } },
        {
          type: 'modify',
          before: { id: 'own again', [attribute]: first },
          after: { id: 'own again', [attribute]: second },
        },
        {
          type: 'modify',
          before: { id: "others'", [attribute]: first },
          after: { id: "others'", [attribute]: first, n: 1 },
        },
        { type: 'insert', after: { id: 'another writer', [attribute]: ownWrites('thumbnails2').stamp() } },
        { type: 'remove', before: { id: 'a delete', [attribute]: first } },
      ]),
    );
    expect(ran).toEqual(["others'", 'another writer', 'a delete']);
  });
});
