/**
 * Taking messages out of sight, for whoever asked.
 *
 * @module
 */
import { randomUUID } from 'node:crypto';

import { setting } from './attributes.ts';
import type { Held, MessageRecord } from './message.ts';
import type { Queue } from './queue.ts';
import { deadLetterQueue, redrivePolicy } from './redrive.ts';
import { arnOf } from './service.ts';
import type { SqsService } from './service.ts';
import type { Change } from './store.ts';

/** Messages that may be in flight at once. */
export const MOST_IN_FLIGHT = 120_000;

/**
 * Receives what may be received now, and moves to the dead-letter queue what was received too often.
 *
 * @param count - how many at most
 * @param visibility - seconds; default: the queue's
 */
export function receive(
  service: SqsService,
  queue: Queue,
  count: number,
  visibility: number = setting(queue.record, 'VisibilityTimeout'),
): readonly MessageRecord[] {
  const { store } = service;
  const now = store.clock.now();
  queue.settle(now);
  const policy = redrivePolicy(queue);
  const graveyard = policy && deadLetterQueue(service, policy);
  const dead = (held: Held): boolean =>
    policy !== undefined && graveyard !== undefined && held.record.receives >= policy.maxReceiveCount;

  const next = queue.next(count);
  const buried = graveyard === undefined ? [] : next.filter(dead).map(({ record }) => record);
  const taken = next
    .filter((held) => !dead(held))
    .map(({ record }) => ({
      id: record.id,
      to: {
        receives: record.receives + 1,
        firstReceivedAt: record.firstReceivedAt ?? now,
        receivedAt: now,
        visibleAt: now + visibility * 1_000,
        receipt: randomUUID(),
      },
    }));
  const { name } = queue.record;
  store.commit([
    ...buried.flatMap((record) => (graveyard ? bury(service, queue, graveyard, record) : [])),
    ...taken.map(({ id, to }) => ({ did: 'update', queue: name, id, to }) as const),
  ]);
  for (const { id, body, trace } of buried)
    service.onDeadLetter?.({ messageId: id, body, from: name, to: graveyard?.record.name ?? '', trace });
  // With nothing but dead ones in front, those behind them are next.
  if (next.length > 0 && taken.length === 0) return receive(service, queue, count, visibility);
  return taken.flatMap(({ id }) => queue.message(id)?.record ?? []);
}

/** Moves a message as it is; a FIFO queue gives it a new place and a new time. */
function bury(service: SqsService, from: Queue, to: Queue, record: MessageRecord): readonly Change[] {
  const { receipt: _, ...kept } = record;
  const sentAt = to.fifo ? service.store.clock.now() : record.sentAt;
  const message: MessageRecord = {
    ...kept,
    deadLetterSource: arnOf(service, from.record.name),
    sentAt,
    visibleAt: sentAt,
    ...(to.fifo && { sequence: service.store.nextSequence() }),
  };
  return [
    { did: 'remove', queue: from.record.name, ids: [record.id] },
    { did: 'add', queue: to.record.name, message },
  ];
}
