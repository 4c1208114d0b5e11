/**
 * Fires a schedule.
 *
 * @module
 */
import type { JournalChange, JournalEntry, ScheduleTrigger } from '@handlersmith/local';

import type { Input, Program } from '../command.ts';
import { scheduleOf } from '../play/choose.ts';
import { openPlaying } from '../play/playing.ts';
import { withProgress } from '../play/progress.ts';
import { durationText, failureLines, outcomeOf, payloadText } from '../play/result.ts';
import { EXIT, WrongUse } from '../problem.ts';
import { paintFor, type Terminal, writeLine } from '../terminal.ts';

/** Between tries of a command that somebody waits for. */
const RETRY_DELAY_MS = 1_000;

export const run: Program['run'] = async (input, terminal) => {
  const [wanted = ''] = input.arguments;
  const slot = slotOf(input);
  await using playing = await openPlaying(input, terminal, { retryDelay: RETRY_DELAY_MS });
  const { trigger, key } = scheduleOf(playing.app, wanted);
  // Said, so that its invocation can be told from that of another slot.
  const time = slot ?? new Date();
  const firing = follower(trigger, time, input, terminal);
  const leave = await playing.follow(firing.listener);
  try {
    await playing.fire(key, time);
    await withProgress(terminal, `Firing ${key}`, firing.first);
    await playing.idle();
  } finally {
    leave();
  }
  return firing.last()?.result?.ok === true ? EXIT.ok : EXIT.failed;
};

interface Follower {
  readonly listener: (change: JournalChange) => void;
  /** Resolves when the first try is over. */
  readonly first: Promise<void>;
  /** The try that ended last. */
  readonly last: () => JournalEntry | undefined;
}

/** Shows the tries of a slot as they end, and what functions write meanwhile. */
function follower(trigger: ScheduleTrigger, slot: Date, input: Input, terminal: Terminal): Follower {
  const { promise, resolve } = Promise.withResolvers<void>();
  // What the runner calls it.
  const summary = `${trigger.name} at ${slot.toISOString()}`;
  const ours = new Set<string>();
  let last: JournalEntry | undefined;
  return {
    first: promise,
    last: () => last,
    listener(change) {
      if (change.change === 'log') {
        const isShown = !input.flag('json') && !input.flag('no-logs') && ours.has(change.requestId);
        if (isShown) writeLine(terminal.stderr, change.line.text);
      }
      if (change.change !== 'begin' && change.change !== 'end') return;
      const { entry } = change;
      if (entry.function !== trigger.function || entry.trigger.summary !== summary) return;
      ours.add(entry.requestId);
      if (change.change === 'begin') return;
      last = entry;
      writeTry(entry, input.flag('json'), terminal);
      resolve();
    },
  };
}

function writeTry(entry: JournalEntry, asJson: boolean, terminal: Terminal): void {
  const { result, attempt } = entry;
  if (result === undefined) return;
  if (asJson) {
    writeLine(terminal.stdout, JSON.stringify(entry));
  } else if (result.ok) {
    writeLine(terminal.stdout, payloadText(result));
  } else {
    const [first = '', ...rest] = failureLines(result);
    const how = `${entry.function} ${outcomeOf(result)} after ${durationText(result.duration)}, try ${attempt}`;
    const paint = paintFor(terminal.stderr, terminal);
    writeLine(terminal.stderr, `${paint('red', `${how}:`)} ${first}`);
    for (const line of rest) writeLine(terminal.stderr, line);
  }
}

function slotOf(input: Input): Date | undefined {
  const text = input.text('slot');
  if (text === undefined) return undefined;
  const slot = new Date(text);
  if (Number.isNaN(slot.getTime()))
    throw new WrongUse(`--slot takes a time, such as 2026-11-01T02:00:00Z, not "${text}".`);
  return slot;
}
