/**
 * Receives of a FIFO queue that are asked for again, because the first answer got lost.
 *
 * @module
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-receiverequestattemptid-request-parameter.html
 */
import { setting } from './attributes.ts';
import type { MessageRecord } from './message.ts';
import { DEDUPLICATION_MS } from './queue.ts';
import type { Queue } from './queue.ts';
import type { Store } from './store.ts';

export interface ReceiveAttempts {
  /** Gives the messages of that attempt once more, where nothing became of them since; they stay away as if new. */
  again(queue: Queue, attempt: string, visibility: number | undefined): readonly MessageRecord[] | undefined;
  remember(queue: Queue, attempt: string, records: readonly MessageRecord[]): void;
}

interface Attempt {
  readonly at: number;
  readonly records: readonly MessageRecord[];
}

/** Attempts are known for 5 minutes, and until the process ends. */
export function receiveAttempts(store: Store): ReceiveAttempts {
  const attempts = new Map<string, Attempt>();
  return {
    again(queue, attempt, visibility = setting(queue.record, 'VisibilityTimeout')) {
      const known = attempts.get(key(queue, attempt));
      const now = store.clock.now();
      if (known === undefined || known.at + DEDUPLICATION_MS <= now) return undefined;
      const untouched = known.records.every(({ id, receipt, visibleAt }) => {
        const held = queue.message(id);
        return (
          held?.state === 'in flight' &&
          held.record.receipt === receipt &&
          held.record.visibleAt === visibleAt
        );
      });
      if (!untouched) return undefined;
      const to = { visibleAt: now + visibility * 1_000 };
      const records = known.records.map((record) => ({ ...record, ...to }));
      store.commit(records.map(({ id }) => ({ did: 'update', queue: queue.record.name, id, to }) as const));
      attempts.set(key(queue, attempt), { at: known.at, records });
      return records;
    },
    remember(queue, attempt, records) {
      const now = store.clock.now();
      for (const [old, { at }] of attempts) {
        if (at + DEDUPLICATION_MS > now) break;
        attempts.delete(old);
      }
      attempts.set(key(queue, attempt), { at: now, records });
    },
  };
}

function key(queue: Queue, attempt: string): string {
  return `${queue.record.name} ${attempt}`;
}
