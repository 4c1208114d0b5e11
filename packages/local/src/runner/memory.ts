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

/** Characters of an event or an answer that are kept. */
const TEXT = 256 * 1024;

interface Entry extends JournalEntry {
  logs: LogLine[];
}

/** Makes an empty journal. */
export function memoryJournal(clock: Pick<Clock, 'now'>): Journal {
  const entries = new Map<string, Entry>();
  const notes: JournalNote[] = [];
  const listeners = new Set<(change: JournalChange) => void>();

  const tell = (change: JournalChange): void => {
    for (const listener of listeners) listener(change);
  };
  const change = (requestId: string, part: Partial<JournalEntry>): Entry | undefined => {
    const entry = entries.get(requestId);
    return entry && Object.assign(entry, part);
  };

  return {
    begin(start) {
      const entry: Entry = { ...start, event: cut(start.event), startedAt: clock.now(), logs: [] };
      entries.set(start.requestId, entry);
      const [oldest] = entries.keys();
      if (entries.size > ENTRIES && oldest !== undefined) entries.delete(oldest);
      tell({ change: 'begin', entry });
      return entry;
    },
    log(requestId, line) {
      const entry = entries.get(requestId);
      if (entry === undefined || entry.logs.length >= LINES) return;
      entry.logs.push(line);
      tell({ change: 'log', requestId, line });
    },
    end(requestId, result) {
      const kept =
        result.ok && typeof result.payload === 'string'
          ? { ...result, payload: cut(result.payload) }
          : result;
      const entry = change(requestId, { result: kept });
      if (entry !== undefined) tell({ change: 'end', entry });
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

function cut(text: string): string {
  return text.length > TEXT ? `${text.slice(0, TEXT)}…` : text;
}
