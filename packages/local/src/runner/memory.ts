/**
 * The journal, in memory and bounded: an app that runs for days forgets its first invocations, not its next ones.
 *
 * @module
 */
import type { Clock } from '../clock/clock.ts';
import type { LogLine } from '../function/function.ts';
import type { Journal, JournalChange, JournalEntry, JournalNote } from './journal.ts';

/** Invocations kept, and lines of one of them. */
const ENTRIES = 1_000;
const LINES = 1_000;

/** Characters of an event or an answer that are kept, and of everything together. */
const TEXT = 256 * 1024;
const ALL = 64 * 1024 * 1024;

interface Entry extends JournalEntry {
  logs: LogLine[];
}

/** Makes an empty journal. */
export function memoryJournal(clock: Pick<Clock, 'now'>): Journal {
  const entries = new Map<string, Entry>();
  const sizes = new Map<string, number>();
  const notes: JournalNote[] = [];
  const listeners = new Set<(change: JournalChange) => void>();
  let size = 0;

  const tell = (change: JournalChange): void => {
    for (const listener of listeners) listener(change);
  };
  const grow = (requestId: string, characters: number): void => {
    sizes.set(requestId, (sizes.get(requestId) ?? 0) + characters);
    size += characters;
    while (isOver()) forget(oldest());
  };
  const isOver = (): boolean => entries.size > ENTRIES || (size > ALL && entries.size > 1);
  const forget = (requestId: string): void => {
    size -= sizes.get(requestId) ?? 0;
    sizes.delete(requestId);
    entries.delete(requestId);
  };
  /** What still runs is wanted longest: whoever waits for it looks here. */
  const oldest = (): string => {
    for (const [requestId, { result }] of entries) if (result !== undefined) return requestId;
    const [first = ''] = entries.keys();
    return first;
  };

  return {
    begin(start) {
      const entry: Entry = { ...start, event: cut(start.event), startedAt: clock.now(), logs: [] };
      entries.set(start.requestId, entry);
      grow(start.requestId, entry.event.length);
      tell({ change: 'begin', entry });
      return entry;
    },
    log(requestId, given) {
      const entry = entries.get(requestId);
      if (entry === undefined || entry.logs.length >= LINES) return;
      const line = entry.logs.length === LINES - 1 ? lastLine(given) : given;
      entry.logs.push(line);
      grow(requestId, line.text.length);
      tell({ change: 'log', requestId, line });
    },
    end(requestId, result) {
      const entry = entries.get(requestId);
      if (entry === undefined) return;
      const kept = result.ok ? { ...result, payload: cutPayload(result.payload) } : result;
      Object.assign(entry, { result: kept });
      grow(requestId, kept.ok ? kept.payload.length : kept.error.errorMessage.length);
      tell({ change: 'end', entry });
    },
    note(note) {
      notes.push(note);
      if (notes.length > ENTRIES) notes.shift();
      tell({ change: 'note', note });
    },
    entries: () => [...entries.values()],
    notes: () => [...notes],
    entry: (requestId) => entries.get(requestId),
    follow(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

function lastLine({ time }: LogLine): LogLine {
  const text = `More than ${LINES} lines of output: the rest is left out`;
  return { time, stream: 'stderr', text, truncated: true };
}

function cutPayload(payload: string | Uint8Array): string | Uint8Array {
  return typeof payload === 'string' ? cut(payload) : payload.slice(0, TEXT);
}

function cut(text: string): string {
  return text.length > TEXT ? `${text.slice(0, TEXT)}…` : text;
}
