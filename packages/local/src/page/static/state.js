// @ts-check
/**
 * What the page knows of the app, and who wants to hear of changes.
 *
 * @module
 */

/** @typedef {import('../../template/app.ts').App} App */
/** @typedef {import('../../runner/journal.ts').JournalEntry} FullEntry */
/** @typedef {import('../../runner/journal.ts').JournalNote} Note */
/** @typedef {import('../brief.ts').BriefEntry} Entry */
/** @typedef {import('../brief.ts').BriefChange} Change */
/** @typedef {App & { urls: Record<string, string>; schedules: Record<string, { next: number | null }> }} PlayedApp */
/**
 * @typedef {object} Counts
 * @property {number} now the app's clock, milliseconds since 1970
 * @property {Record<string, Partial<Record<'visible' | 'in flight' | 'delayed', number>>>} queues
 * @property {Record<string, number>} tables
 * @property {Record<string, number>} buckets
 * @property {Record<string, { invocations: number; errors: number; running: number }>} functions
 * @property {number} mails
 * @property {Record<string, { next: number | null }>} schedules
 */

/** Invocations and notes the page remembers; the server keeps as many. */
const REMEMBERED = 1_000;

/** Milliseconds between two drawings while much happens. */
const PAUSE = 100;

export const state = {
  /** @type {PlayedApp | undefined} */
  app: undefined,
  /** @type {Counts | undefined} */
  counts: undefined,
  /** By request id, in the order in which they began. @type {Map<string, Entry>} */
  entries: new Map(),
  /** @type {Note[]} */
  notes: [],
};

/** @type {Set<() => void>} */
const listeners = new Set();
/** @type {Set<(change: Change) => void>} */
const followers = new Set();
let isWaiting = false;

/** Calls back soon after the state changed, not for every change. @param {() => void} listener */
export function onState(listener) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Calls back for every change of the journal. @param {(change: Change) => void} follower */
export function onChange(follower) {
  followers.add(follower);
  return () => void followers.delete(follower);
}

/** Says that the state has changed. */
export function touch() {
  if (isWaiting) return;
  isWaiting = true;
  setTimeout(() => {
    isWaiting = false;
    for (const listener of listeners) listener();
  }, PAUSE);
}

/** @param {Change} change */
export function take(change) {
  if (change.change === 'note') {
    state.notes.push(change.note);
    if (state.notes.length > REMEMBERED) state.notes.shift();
  } else if (change.change !== 'log') {
    state.entries.set(change.entry.requestId, change.entry);
    const [oldest] = state.entries.keys();
    if (state.entries.size > REMEMBERED && oldest !== undefined) state.entries.delete(oldest);
  }
  for (const follower of followers) follower(change);
  if (change.change !== 'log') touch();
}

/** @param {{ entries: readonly Entry[]; notes: readonly Note[] }} journal */
export function replaceJournal({ entries, notes }) {
  state.entries = new Map(entries.map((entry) => [entry.requestId, entry]));
  state.notes = [...notes];
  touch();
}

/** @param {Note} one @param {Note} other */
export const isSameNote = (one, other) =>
  one.time === other.time && one.kind === other.kind && one.text === other.text;
