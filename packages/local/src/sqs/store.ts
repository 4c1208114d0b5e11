/**
 * All queues, and the only way to change them: what is acknowledged is on disk first.
 *
 * @module
 */
import type { Clock } from '../clock/clock.ts';
import { openLedger } from '../service/ledger.ts';
import { queueDoesNotExist } from './errors.ts';
import type { MessageRecord } from './message.ts';
import { makeQueue } from './queue.ts';
import type { Queue, QueueRecord, Remembered } from './queue.ts';

/** Something that happened to the queue of that name. */
export type Change =
  | { readonly did: 'set'; readonly queue: string; readonly record: QueueRecord }
  | { readonly did: 'delete'; readonly queue: string; readonly at: number }
  | { readonly did: 'purge'; readonly queue: string; readonly at: number }
  | { readonly did: 'add'; readonly queue: string; readonly message: MessageRecord }
  | {
      readonly did: 'update';
      readonly queue: string;
      readonly id: string;
      readonly to: Partial<MessageRecord>;
    }
  | { readonly did: 'remove'; readonly queue: string; readonly ids: readonly string[] }
  | { readonly did: 'remember'; readonly queue: string; readonly seen: Remembered };

export interface Store {
  readonly clock: Clock;
  /**
   * The queue as it is now.
   *
   * @throws SqsError where there is none
   */
  queue(name: string): Queue;
  find(name: string): Queue | undefined;
  /** In the order of their names. */
  queues(): readonly Queue[];
  /** When the queue of this name was deleted. */
  deletedAt(name: string): number | undefined;
  /** Sequence numbers grow, over all queues and restarts. */
  nextSequence(): string;
  /**
   * Keeps changes and makes them, all or none.
   *
   * @throws Error where they cannot be kept
   */
  commit(changes: readonly Change[]): void;
  /** Calls back with the name of each queue that a commit touched. */
  onCommit(listener: (queue: string) => void): void;
  close(): void;
}

/** Sequence numbers have 20 digits. */
const FIRST_SEQUENCE = 18_800_000_000_000_000_000n;
const SEQUENCE_STEP = 256n;

export function openStore(clock: Clock, folder: string | undefined): Store {
  const queues = new Map<string, Queue>();
  const deleted = new Map<string, number>();
  const listeners: ((queue: string) => void)[] = [];
  let sequence = FIRST_SEQUENCE;

  const seenSequence = (text: string | undefined): void => {
    const number = BigInt(text ?? 0);
    if (number > sequence) sequence = number;
  };
  const apply = (change: Change): void => {
    if (change.did === 'set') return set(change.record);
    const queue = queues.get(change.queue);
    if (queue === undefined) return;
    switch (change.did) {
      case 'delete':
        queues.delete(change.queue);
        deleted.set(change.queue, change.at);
        break;
      case 'purge':
        queue.clear();
        queue.purgedAt = change.at;
        break;
      case 'add':
        seenSequence(change.message.sequence);
        queue.add(change.message);
        break;
      case 'update':
        queue.update(change.id, change.to);
        break;
      case 'remove':
        for (const id of change.ids) queue.remove(id);
        break;
      case 'remember':
        seenSequence(change.seen.sequence);
        queue.remember(change.seen);
        break;
    }
  };
  const set = (record: QueueRecord): void => {
    const queue = queues.get(record.name);
    if (queue === undefined) queues.set(record.name, makeQueue(record));
    else queue.record = record;
  };
  const find = (name: string): Queue | undefined => {
    const queue = queues.get(name);
    queue?.settle(clock.now());
    return queue;
  };
  const all = (): Queue[] =>
    [...queues.values()].toSorted((a, b) => (a.record.name < b.record.name ? -1 : 1));

  const ledger = openLedger<Change>({ folder, name: 'sqs', replay: apply, snapshot: () => snapshot(all()) });
  return {
    clock,
    find,
    queue(name) {
      const queue = find(name);
      if (queue === undefined) throw queueDoesNotExist();
      return queue;
    },
    queues: () => all().map((queue) => (queue.settle(clock.now()), queue)),
    deletedAt: (name) => deleted.get(name),
    nextSequence: () => String((sequence += SEQUENCE_STEP)),
    commit(changes) {
      ledger.append(changes);
      for (const change of changes) apply(change);
      for (const name of new Set(changes.map(({ queue }) => queue))) {
        for (const listener of listeners) listener(name);
      }
    },
    onCommit: (listener) => void listeners.push(listener),
    close: () => ledger.close(),
  };
}

function* snapshot(queues: readonly Queue[]): Generator<Change> {
  for (const queue of queues) {
    const { name } = queue.record;
    yield { did: 'set', queue: name, record: queue.record };
    if (queue.purgedAt !== undefined) yield { did: 'purge', queue: name, at: queue.purgedAt };
    for (const seen of queue.memory()) yield { did: 'remember', queue: name, seen };
    for (const { record } of queue.messages()) yield { did: 'add', queue: name, message: record };
  }
}
