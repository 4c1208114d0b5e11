// @ts-check
/**
 * What happened, the newest first: invocations and notes in one stream.
 *
 * @module
 */
import { byId, element, keep, setText } from './element.js';
import { durationOf, timeOf } from './format.js';
import { rove } from './roving.js';
import { onState, state, touch } from './state.js';

/** @typedef {import('./state.js').Entry} Entry */
/** @typedef {import('./state.js').Note} Note */
/** @typedef {{ key: string; time: number; entry?: Entry; note?: Note }} Item */

/** Rows shown, and more of them each time they are asked for: a page with thousands would not stay smooth. */
const ROWS = 100;

/** @type {Record<Note['kind'], string>} */
export const NOTES = {
  mail: 'Mail',
  'dead-letter': 'Dead letter',
  dropped: 'Dropped',
  reload: 'Reload',
  warning: 'Warning',
};

/** Keys of notes, which have no id. @type {WeakMap<Note, string>} */
const keys = new WeakMap();
let numbered = 0;

export function showHappened() {
  const list = byId('list', HTMLOListElement);
  const filter = byId('filter-function', HTMLSelectElement);
  const failures = byId('filter-failures', HTMLInputElement);
  const older = byId('older', HTMLButtonElement);
  const empty = byId('list-empty', HTMLElement);
  const settle = rove(list, 'a.row', { fromFirst: true });
  let rows = ROWS;

  const show = () => {
    keep(
      filter,
      [{ id: '' }, ...(state.app?.functions ?? [])],
      ({ id }) => id,
      ({ id }) => element('option', { value: id }, id === '' ? 'All functions' : id),
    );
    const items = wanted(filter.value, failures.checked);
    keep(list, items.slice(0, rows), ({ key }) => key, rowOf, refreshRow);
    settle();
    older.hidden = items.length <= rows;
    empty.hidden = items.length > 0;
    setText(empty, emptiness(filter.value, failures.checked));
  };
  const again = () => {
    rows = ROWS;
    show();
  };
  filter.addEventListener('change', again);
  failures.addEventListener('change', again);
  byId('filter', HTMLFormElement).addEventListener('submit', (event) => event.preventDefault());
  older.addEventListener('click', () => {
    rows += ROWS;
    show();
  });
  onState(show);
}

/** Shows one function's invocations alone. @param {string} id */
export function filterBy(id) {
  byId('filter-function', HTMLSelectElement).value = id;
  byId('filter-failures', HTMLInputElement).checked = false;
  touch();
}

/** @param {string} lambda @param {boolean} onlyFailures @returns {Item[]} */
function wanted(lambda, onlyFailures) {
  /** @type {Item[]} */
  const items = [];
  for (const entry of state.entries.values())
    if ((lambda === '' || entry.function === lambda) && (!onlyFailures || entry.result?.ok === false))
      items.push({ key: entry.requestId, time: entry.startedAt, entry });
  for (const note of state.notes)
    if (
      (lambda === '' || note.causes.some((cause) => state.entries.get(cause)?.function === lambda)) &&
      (!onlyFailures || !['mail', 'reload'].includes(note.kind))
    )
      items.push({ key: keyOf(note), time: note.time, note });
  // Of what came in the same millisecond, too, the last is the newest.
  return items.toReversed().toSorted((one, other) => other.time - one.time);
}

/** @param {Note} note */
function keyOf(note) {
  const key = keys.get(note) ?? `note ${(numbered += 1)}`;
  keys.set(note, key);
  return key;
}

/** @param {Item} item */
function rowOf({ entry, note, time }) {
  const at = element('time', { datetime: new Date(time).toISOString() }, timeOf(time));
  if (note !== undefined) {
    const href =
      note.kind === 'mail' ? '#/mails' : note.causes[0] !== undefined && `#/invocation/${note.causes[0]}`;
    const inside = [
      at,
      element('span', { class: 'badge', 'data-kind': note.kind }, NOTES[note.kind]),
      element('span', { class: 'text' }, note.text),
    ];
    const row = href
      ? element('a', { class: 'row note', href }, ...inside)
      : element('div', { class: 'row note' }, ...inside);
    return element('li', {}, row);
  }
  if (entry === undefined) return element('li');
  const { requestId, trigger, attempt } = entry;
  return element(
    'li',
    {},
    element(
      'a',
      { class: 'row', href: `#/invocation/${requestId}` },
      at,
      element('span', { class: 'badge' }),
      element(
        'span',
        { class: 'text' },
        element('strong', {}, entry.function),
        ' ',
        element('span', { class: 'quiet' }, trigger.summary),
        attempt > 1 && element('span', { class: 'tag' }, `attempt ${attempt}`),
        element('span', { class: 'tag cold', hidden: true }, 'cold start'),
      ),
      element('span', { class: 'took' }),
    ),
  );
}

/** @param {Element} row @param {Item} item */
function refreshRow(row, { entry }) {
  const link = row.firstElementChild;
  const href = link?.getAttribute('href');
  if (href && href === location.hash) link?.setAttribute('aria-current', 'true');
  else link?.removeAttribute('aria-current');
  if (entry === undefined) return;
  const [badge, cold, took] = ['.badge', '.cold', '.took'].map((one) => row.querySelector(one));
  if (badge instanceof HTMLElement) {
    badge.dataset['kind'] = stateOf(entry);
    setText(badge, wordOf(entry));
  }
  if (cold instanceof HTMLElement) cold.hidden = entry.result?.initDuration === undefined;
  if (took instanceof HTMLElement)
    setText(took, entry.result === undefined ? '' : durationOf(entry.result.duration));
}

/** @param {Pick<Entry, 'result'>} entry */
export const stateOf = ({ result }) => (result === undefined ? 'running' : result.ok ? 'ok' : 'failed');

/** @type {Record<string, string>} */
const REASONS = {
  error: 'Error',
  timeout: 'Timeout',
  exit: 'Exit',
  init: 'Init',
  'too-large': 'Too large',
  throttled: 'Throttled',
};

/** @param {Pick<Entry, 'result'>} entry */
export const wordOf = ({ result }) =>
  result === undefined ? 'Running' : result.ok ? 'Done' : (REASONS[result.reason ?? 'error'] ?? 'Error');

/** @param {string} lambda @param {boolean} onlyFailures */
function emptiness(lambda, onlyFailures) {
  if (state.app === undefined) return 'Waiting for the server.';
  if (onlyFailures) return 'Nothing failed.';
  if (lambda !== '') return `${lambda} has not been invoked yet. Open it in the drawing to invoke it.`;
  return 'Nothing yet. Open a gateway, bucket, queue or schedule in the drawing to set something off.';
}
