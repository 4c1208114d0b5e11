// @ts-check
/**
 * What caused what: the chain an invocation belongs to, as an indented tree with times.
 *
 * @module
 */
import { element } from './element.js';
import { durationOf } from './format.js';
import { NOTES, stateOf, wordOf } from './happened.js';
import { state } from './state.js';

/** @typedef {import('./state.js').Entry} Entry */

/** Lines of a tree at most. */
const LINES = 200;

/** Changes when the chain does: what it is drawn from. @param {string} requestId */
export function chainOf(requestId) {
  const root = rootOf(requestId);
  const caused = causedBy();
  /** @type {Set<string>} */
  const seen = new Set();
  let left = LINES;

  /** @param {string} id @returns {HTMLLIElement[]} */
  const branch = (id) => {
    const entry = state.entries.get(id);
    if (entry === undefined || seen.has(id) || left <= 0) return [];
    seen.add(id);
    left -= 1;
    const { entries = [], notes = [] } = caused.get(id) ?? {};
    const below = [
      ...entries.map((child) => ({ time: child.startedAt, made: () => branch(child.requestId) })),
      ...notes.map((note) => ({ time: note.time, made: () => [noteLine(note, root?.startedAt ?? 0)] })),
    ]
      .toSorted((one, other) => one.time - other.time)
      .flatMap(({ made }) => made());
    return [
      element(
        'li',
        {},
        element(
          'a',
          { href: `#/invocation/${id}`, 'aria-current': id === requestId ? 'true' : undefined },
          element('span', { class: 'badge', 'data-kind': stateOf(entry) }, wordOf(entry)),
          element('strong', {}, entry.function),
          element('span', { class: 'quiet' }, entry.trigger.summary),
          element(
            'span',
            { class: 'took' },
            `${later(entry.startedAt, root)}${entry.result === undefined ? '' : `, took ${durationOf(entry.result.duration)}`}`,
          ),
        ),
        below.length > 0 && element('ul', {}, ...below),
      ),
    ];
  };
  return {
    tree: element('ul', { class: 'chain' }, ...branch(root?.requestId ?? requestId)),
    size: seen.size,
  };
}

/** @param {string} requestId */
function rootOf(requestId) {
  const passed = new Set();
  let entry = state.entries.get(requestId);
  while (entry !== undefined && !passed.has(entry.requestId)) {
    passed.add(entry.requestId);
    const cause = state.entries.get(entry.causes[0] ?? '');
    if (cause === undefined) return entry;
    entry = cause;
  }
  return entry;
}

/** What each invocation caused. Where several did, it stands under the first. */
function causedBy() {
  /** @type {Map<string, { entries: Entry[]; notes: import('./state.js').Note[] }>} */
  const caused = new Map();
  /** @param {string | undefined} cause */
  const of = (cause = '') => {
    const there = caused.get(cause) ?? { entries: [], notes: [] };
    caused.set(cause, there);
    return there;
  };
  for (const entry of state.entries.values())
    of(entry.causes.find((cause) => state.entries.has(cause))).entries.push(entry);
  for (const note of state.notes) of(note.causes[0]).notes.push(note);
  return caused;
}

/** @param {number} time @param {Entry | undefined} root */
const later = (time, root) =>
  root === undefined || time === root.startedAt
    ? 'at the start'
    : `after ${durationOf(Math.round(time - root.startedAt))}`;

/** @param {import('./state.js').Note} note @param {number} start */
function noteLine(note, start) {
  const inside = [
    element('span', { class: 'badge', 'data-kind': note.kind }, NOTES[note.kind]),
    element('span', {}, note.text),
    element('span', { class: 'took' }, `after ${durationOf(Math.max(0, Math.round(note.time - start)))}`),
  ];
  return element(
    'li',
    {},
    note.kind === 'mail' ? element('a', { href: '#/mails' }, ...inside) : element('p', {}, ...inside),
  );
}
