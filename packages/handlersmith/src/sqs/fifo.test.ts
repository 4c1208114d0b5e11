import { invoke, sqsEvent } from '@handlersmith/testing';
import { describe, expect, it } from 'vitest';

import { permanent, sqsHandler } from './index.ts';

const queue = { queue: 'orders.fifo' };
const silent = { logger: false, format: 'text' } as const;

/** Messages `a1`, `b1`…: of group `a`, `b`…, with their body as id. */
const messages = (...names: readonly string[]): ReturnType<typeof sqsEvent> =>
  sqsEvent(
    names.map((name) => ({ body: name, messageId: name, groupId: name.charAt(0) })),
    queue,
  );

const ids = ({ batchItemFailures }: { batchItemFailures: readonly { itemIdentifier: string }[] }): string[] =>
  batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);

describe('a FIFO queue', () => {
  it('Q4 after a failure the rest of its group is reported failed and not run; other groups go on', async () => {
    const ran: string[] = [];
    const handler = sqsHandler(silent, async ({ message }) => {
      ran.push(message);
      await new Promise(setImmediate);
      if (message === 'a2') throw new Error('no');
    });
    const answer = await invoke(handler, messages('a1', 'b1', 'a2', 'a3', 'b2', 'a4', 'b3'));
    expect(ids(answer)).toEqual(['a2', 'a3', 'a4']);
    expect(ran.toSorted()).toEqual(['a1', 'a2', 'b1', 'b2', 'b3']);
  });

  it('Q4 Q2 a message that does not parse holds its group up like any failure', async () => {
    const handler = sqsHandler({ logger: false }, () => {});
    const event = messages('a1', 'a2');
    expect(ids(await invoke(handler, event))).toEqual(['a1', 'a2']);
  });

  it('Q4 Q3 a message that is dropped does not hold up its group', async () => {
    const ran: string[] = [];
    const handler = sqsHandler({ ...silent, onPermanent: 'drop' }, ({ message }) => {
      ran.push(message);
      if (message === 'a1') throw permanent('never');
    });
    expect(ids(await invoke(handler, messages('a1', 'a2')))).toEqual([]);
    expect(ran).toEqual(['a1', 'a2']);
  });

  it('Q5 runs groups side by side, and each in its order', async () => {
    const log: string[] = [];
    const handler = sqsHandler({ ...silent, concurrency: 2 }, async ({ message }) => {
      log.push(`+${message}`);
      await new Promise(setImmediate);
      log.push(`-${message}`);
    });
    await handler(messages('a1', 'a2', 'b1', 'b2'));
    expect(log.slice(0, 2)).toEqual(['+a1', '+b1']);
    for (const group of ['a', 'b']) {
      expect(log.filter((entry) => entry.includes(group))).toEqual([
        `+${group}1`,
        `-${group}1`,
        `+${group}2`,
        `-${group}2`,
      ]);
    }
  });

  it('Q4 groups of a standard queue are no order: a failure holds nobody up', async () => {
    const handler = sqsHandler(silent, ({ message, groupId }) => {
      expect(groupId).toBe('a');
      if (message === 'a1') throw new Error('no');
    });
    const event = sqsEvent(['a1', 'a2'].map((body) => ({ body, messageId: body, groupId: 'a' })));
    expect(ids(await handler(event))).toEqual(['a1']);
  });

  it('Q4 messages without a group, as no FIFO queue has them, follow each other', async () => {
    const event = messages('a1', 'b1');
    for (const { attributes } of event.Records) delete attributes.MessageGroupId;
    const handler = sqsHandler(silent, () => Promise.reject(new Error('no')));
    expect(ids(await handler(event))).toEqual(['a1', 'b1']);
  });
});
