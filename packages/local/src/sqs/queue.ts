/**
 * One queue: its messages, which of them are visible, and what it has seen.
 *
 * @module
 */
import { setting } from './attributes.ts';
import { dueList } from './due.ts';
import { fifoLine, standardLine } from './line.ts';
import type { Held, MessageRecord, MessageState } from './message.ts';

/** Milliseconds for which a FIFO queue knows a message again. */
export const DEDUPLICATION_MS = 300_000;

/** A queue without its messages. Times are milliseconds since 1970. */
export interface QueueRecord {
  readonly name: string;
  /** What was set; what was not has its default. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** A message that was taken before, and what was said about it then. */
export interface Remembered {
  readonly key: string;
  readonly id: string;
  readonly sequence: string;
  readonly at: number;
}

/** A queue at work. Only changes that were kept on disk may be told to it. */
export interface Queue {
  record: QueueRecord;
  purgedAt: number | undefined;
  readonly fifo: boolean;
  /** Makes visible what is due and drops what is too old. Call it before you look. */
  settle(now: number): void;
  /** When `settle` will next make something visible; undefined where nothing waits. */
  nextDue(): number | undefined;
  /** The next messages that may be received. */
  next(count: number): readonly Held[];
  message(id: string): Held | undefined;
  /** In the order in which they came. */
  messages(): Iterable<Held>;
  count(state: MessageState): number;
  remembered(key: string): Remembered | undefined;
  memory(): Iterable<Remembered>;

  add(record: MessageRecord): void;
  update(id: string, change: Partial<MessageRecord>): void;
  remove(id: string): void;
  clear(): void;
  remember(seen: Remembered): void;
}

export function makeQueue(initial: QueueRecord): Queue {
  const fifo = initial.name.endsWith('.fifo');
  const messages = new Map<string, Held>();
  const seen = new Map<string, Remembered>();
  const counts: Record<MessageState, number> = { visible: 0, 'in flight': 0, delayed: 0 };
  let line = fifo ? fifoLine() : standardLine();
  let due = dueList<Held>();
  /** No message was sent before this. */
  let oldest = Infinity;

  const move = (held: Held, state: MessageState): void => {
    counts[held.state] -= 1;
    counts[state] += 1;
    held.state = state;
    line.changed(held);
  };
  const remove = (id: string): void => {
    const held = messages.get(id);
    if (held === undefined) return;
    messages.delete(id);
    counts[held.state] -= 1;
    line.remove(held);
  };
  const awaited = (held: Held, at: number): boolean =>
    held.state !== 'visible' && held.record.visibleAt === at && messages.get(held.record.id) === held;
  const dropOld = (end: number): void => {
    if (oldest > end) return;
    oldest = Infinity;
    for (const { record } of messages.values()) {
      if (record.sentAt <= end) remove(record.id);
      else oldest = Math.min(oldest, record.sentAt);
    }
  };

  const queue: Queue = {
    record: initial,
    purgedAt: undefined,
    fifo,
    settle(now) {
      dropOld(now - setting(queue.record, 'MessageRetentionPeriod') * 1_000);
      for (let next = due.take(now); next !== undefined; next = due.take(now)) {
        // Entries of messages that are gone or wait for another time stay in the list until they are due.
        if (awaited(next.item, next.at)) move(next.item, 'visible');
      }
      for (const [key, { at }] of seen) {
        if (at + DEDUPLICATION_MS > now) break;
        seen.delete(key);
      }
    },
    nextDue: () => due.earliest(),
    next: (count) => line.next(count),
    message: (id) => messages.get(id),
    messages: () => messages.values(),
    count: (state) => counts[state],
    remembered: (key) => seen.get(key),
    memory: () => seen.values(),

    add(record) {
      const state =
        record.receives > 0 ? 'in flight' : record.visibleAt > record.sentAt ? 'delayed' : 'visible';
      const held = { record, state } satisfies Held;
      messages.set(record.id, held);
      counts[state] += 1;
      line.add(held);
      if (state !== 'visible') due.add(record.visibleAt, held);
      oldest = Math.min(oldest, record.sentAt);
    },
    update(id, change) {
      const held = messages.get(id);
      if (held === undefined) return;
      held.record = { ...held.record, ...change };
      move(held, 'in flight');
      due.add(held.record.visibleAt, held);
    },
    remove,
    clear() {
      messages.clear();
      counts.visible = counts['in flight'] = counts.delayed = 0;
      line = fifo ? fifoLine() : standardLine();
      due = dueList();
    },
    remember: (memory) => void seen.set(memory.key, memory),
  };
  return queue;
}
