/**
 * Tasks that move messages out of a dead-letter queue.
 *
 * @module
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
 */
import { randomUUID } from 'node:crypto';

import type { MessageRecord } from './message.ts';
import type { Change, Store } from './store.ts';

/** Why a task fails: a message was sent to the dead-letter queue by hand, or where it belongs is gone. */
const NO_SOURCE = 'CouldNotDetermineMessageSource';
const NO_DESTINATION = 'AWS.SimpleQueueService.NonExistentQueue';

export type MoveStatus = 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED';

export interface MoveTask {
  readonly handle: string;
  /** Names of queues. */
  readonly source: string;
  /** Unset: each message goes back where it came from. */
  readonly destination: string | undefined;
  /** Messages a second; unset: all at once. */
  readonly rate: number | undefined;
  readonly startedAt: number;
  readonly toMove: number;
  moved: number;
  status: MoveStatus;
  failure: string | undefined;
}

export interface MoveTasks {
  start(task: Pick<MoveTask, 'source' | 'destination' | 'rate'>): MoveTask;
  /** The newest first. */
  of(source: string): readonly MoveTask[];
  find(handle: string): MoveTask | undefined;
  cancel(task: MoveTask): void;
  /** Ends what runs; the messages are in one queue or the other. */
  close(): void;
}

/**
 * @param nameOfArn - the queue a message came from, by its ARN
 */
export function moveTasks(store: Store, nameOfArn: (arn: string) => string | undefined): MoveTasks {
  const tasks: MoveTask[] = [];
  const timers = new Map<MoveTask, () => void>();

  const end = (task: MoveTask, status: MoveStatus, failure?: string): void => {
    task.status = status;
    task.failure = failure;
    timers.get(task)?.();
    timers.delete(task);
  };
  const step = (task: MoveTask): void => {
    const source = store.find(task.source);
    if (source === undefined) return end(task, 'FAILED', NO_DESTINATION);
    const count = Math.min(task.rate ?? Infinity, task.toMove - task.moved);
    const next = source.next(count);
    for (const { record } of next) {
      const target = task.destination ?? nameOfArn(record.deadLetterSource ?? '');
      if (target === undefined) return end(task, 'FAILED', NO_SOURCE);
      if (store.find(target) === undefined) return end(task, 'FAILED', NO_DESTINATION);
      store.commit(move(store, record, task.source, target));
      task.moved += 1;
    }
    if (task.moved >= task.toMove || next.length === 0) return end(task, 'COMPLETED');
    timers.set(
      task,
      store.clock.after(task.rate === undefined ? 0 : 1_000, () => step(task)),
    );
    return undefined;
  };
  return {
    start({ source, destination, rate }) {
      const toMove = store.find(source)?.count('visible') ?? 0;
      const task: MoveTask = {
        handle: Buffer.from(JSON.stringify({ taskId: randomUUID(), source })).toString('base64'),
        source,
        destination,
        rate,
        startedAt: store.clock.now(),
        toMove,
        moved: 0,
        status: 'RUNNING',
        failure: undefined,
      };
      tasks.unshift(task);
      step(task);
      return task;
    },
    of: (source) => tasks.filter((task) => task.source === source),
    find: (handle) => tasks.find((task) => task.handle === handle),
    cancel: (task) => end(task, 'CANCELLED'),
    close() {
      for (const stop of timers.values()) stop();
    },
  };
}

/** A redriven message is a new one: with its own id and time, received by nobody. */
function move(store: Store, record: MessageRecord, source: string, target: string): readonly Change[] {
  const { body, attributes, trace, group, deduplicationId } = record;
  const now = store.clock.now();
  const message: MessageRecord = {
    id: randomUUID(),
    body,
    attributes,
    ...(trace !== undefined && { trace }),
    ...(group !== undefined && { group }),
    ...(deduplicationId !== undefined && { deduplicationId }),
    ...(target.endsWith('.fifo') && { sequence: store.nextSequence() }),
    sentAt: now,
    visibleAt: now,
    receives: 0,
  };
  return [
    { did: 'remove', queue: source, ids: [record.id] },
    { did: 'add', queue: target, message },
  ];
}
