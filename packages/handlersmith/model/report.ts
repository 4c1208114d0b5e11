/**
 * Outcomes as text.
 *
 * @module
 */
import type { Outcome } from './check.ts';
import type { Violation } from './engine/explore.ts';

const columns = [
  { title: '', width: 6 },
  { title: 'configuration', width: 72 },
  { title: '', width: 8 },
  { title: 'states', width: 11, right: true },
  { title: 'orphans', width: 7, right: true },
  { title: 'broken', width: 11 },
  { title: 'trace', width: 6, right: true },
  { title: 'seconds', width: 8, right: true },
] as const;

export function header(): string {
  return line(columns.map(({ title }) => title));
}

/** One line of the table. Orphans are the most there were before a sweep; the trace is the shortest of all. */
export function row({
  name,
  title,
  states,
  cutOff,
  orphans,
  violations,
  seconds,
  asDue,
  due,
}: Outcome): string {
  const shortest = Math.min(...violations.map(({ trace }) => trace.length));
  const text = line([
    name,
    title,
    violations.length > 0 ? 'breaks' : 'holds',
    `${cutOff ? '> ' : ''}${states.toLocaleString('en')}`,
    orphans === undefined ? '' : String(orphans),
    brokenBy(violations).join(' '),
    violations.length > 0 ? String(shortest) : '',
    seconds.toFixed(1),
  ]);
  return asDue
    ? text
    : `${text}   WRONG: must ${due.length > 0 ? `break ${due.join(' ')}` : 'hold'}${cutOff ? ', all of it' : ''}`;
}

/** How each invariant breaks. */
export function traces({ name, violations }: Outcome): string {
  const told = violations.map(
    ({ invariant, reason, atEnd, trace }) =>
      `  ${invariant}: ${reason}${atEnd ? ', once all is at rest, swept and tried again' : ''}\n` +
      trace.map((step, index) => `    ${String(index + 1).padStart(2)}. ${step}\n`).join(''),
  );
  return told.length > 0 ? `\n${name}\n${told.join('')}` : `\n${name} holds: there is no trace\n`;
}

/** What all of it came to. */
export function sum(outcomes: readonly Outcome[]): string {
  const held = outcomes.filter(({ violations }) => violations.length === 0).length;
  const wrong = outcomes.filter(({ asDue }) => !asDue);
  const states = outcomes.reduce((total, outcome) => total + outcome.states, 0);
  const seconds = outcomes.reduce((total, outcome) => total + outcome.seconds, 0);
  const verdict =
    wrong.length === 0 ? 'all as they must' : `not as they must: ${wrong.map(({ name }) => name).join(', ')}`;
  return `${held} hold, ${outcomes.length - held} break, ${verdict}; ${states.toLocaleString('en')} states in ${seconds.toFixed(0)} s`;
}

function brokenBy(violations: readonly Violation[]): string[] {
  return violations.map(({ invariant }) => invariant).toSorted();
}

function line(cells: readonly string[]): string {
  return columns
    .map((column, index) => {
      const cell = cells[index] ?? '';
      return 'right' in column ? cell.padStart(column.width) : cell.padEnd(column.width);
    })
    .join(' ')
    .trimEnd();
}
