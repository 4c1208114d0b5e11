/**
 * Which message of a queue comes next.
 *
 * @module
 */
import type { Held } from './message.ts';

/** The messages of a queue in the order in which they may be received. */
export interface Line {
  add(held: Held): void;
  /** Told after a message changed its state. */
  changed(held: Held): void;
  remove(held: Held): void;
  /** The next messages that may be received, at most so many. Takes none away. */
  next(count: number): Held[];
}

/**
 * A line of a standard queue: about as they came. Where messages name a group, groups take turns, so that a busy
 * tenant does not make the others wait.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html
 */
export function standardLine(): Line {
  /** Visible messages by group; the group that was served last stands last. */
  const groups = new Map<string, Set<Held>>();

  const leave = (held: Held): void => {
    const name = held.record.group ?? '';
    const group = groups.get(name);
    if (group?.delete(held) !== true) return;
    groups.delete(name);
    if (group.size > 0) groups.set(name, group);
  };
  const enter = (held: Held): void => {
    const name = held.record.group ?? '';
    const group = groups.get(name);
    if (group === undefined) groups.set(name, new Set([held]));
    else group.add(held);
  };
  const update = (held: Held): void => (held.state === 'visible' ? enter(held) : leave(held));
  return {
    add: update,
    changed: update,
    remove: leave,
    next(count) {
      const found: Held[] = [];
      let turns: SetIterator<Held>[] = [];
      for (const group of groups.values()) {
        if (turns.length === count) break;
        turns.push(group.values());
      }
      while (turns.length > 0 && found.length < count) {
        turns = turns.filter((group) => {
          const { value, done } = group.next();
          if (done === true) return false;
          if (found.length < count) found.push(value);
          return true;
        });
      }
      return found;
    },
  };
}

interface Group {
  /** All messages of the group, in the order of their sequence numbers. */
  readonly messages: Set<Held>;
  inFlight: number;
}

/**
 * A line of a FIFO queue: in order within each group, and nothing of a group while a message of it is in flight.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-understanding-logic.html
 */
export function fifoLine(): Line {
  const groups = new Map<string, Group>();
  /** Groups that have something to give. */
  const open = new Set<Group>();
  /** Messages counted as in flight. */
  const counted = new Set<Held>();

  const groupOf = (held: Held): Group => {
    const name = held.record.group ?? '';
    const found = groups.get(name) ?? { messages: new Set(), inFlight: 0 };
    groups.set(name, found);
    return found;
  };
  const refresh = (group: Group): void => {
    const [first] = group.messages;
    if (group.inFlight === 0 && first?.state === 'visible') open.add(group);
    else open.delete(group);
  };
  const count = (held: Held, group: Group): void => {
    if (held.state === 'in flight' && !counted.has(held)) {
      counted.add(held);
      group.inFlight += 1;
    } else if (held.state !== 'in flight' && counted.delete(held)) {
      group.inFlight -= 1;
    }
  };
  const changed = (held: Held): void => {
    const group = groupOf(held);
    count(held, group);
    refresh(group);
  };
  return {
    add(held) {
      groupOf(held).messages.add(held);
      changed(held);
    },
    changed,
    remove(held) {
      const group = groupOf(held);
      group.messages.delete(held);
      if (counted.delete(held)) group.inFlight -= 1;
      refresh(group);
      if (group.messages.size === 0) groups.delete(held.record.group ?? '');
    },
    next(wanted) {
      const found: Held[] = [];
      for (const group of open) {
        for (const held of group.messages) {
          if (found.length >= wanted) return found;
          if (held.state !== 'visible') break;
          found.push(held);
        }
      }
      return found;
    },
  };
}
