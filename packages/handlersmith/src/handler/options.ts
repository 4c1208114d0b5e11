/**
 * Options are checked when the handler is built: a typing slip must not wait for production to show.
 *
 * @module
 */

import { isObject } from './object.ts';

/** What one option may hold. */
export interface OptionRule {
  /** In words, for the message: "a positive number of milliseconds". */
  readonly expected: string;
  readonly accepts: (value: unknown) => boolean;
}

/** Every option a factory knows, by name. */
export type OptionRules = Readonly<Record<string, OptionRule>>;

/**
 * Refuses unknown and ill-typed options.
 *
 * @param factory - the name users know, such as `httpHandler`; it starts the message
 * @param options - as given; `undefined` values count as absent
 * @param rules - every option there is
 * @throws TypeError naming the option, what was expected and what came
 */
export function checkOptions(factory: string, options: unknown, rules: OptionRules): void {
  if (!isObject(options) || Array.isArray(options)) {
    throw new TypeError(`${factory}: expected an object of options, got ${kindOf(options)}`);
  }
  for (const [name, value] of Object.entries(options)) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (rule === undefined)
      throw new TypeError(`${factory}: unknown option "${name}"${suggestion(name, rules)}`);
    if (value !== undefined && !rule.accepts(value)) {
      throw new TypeError(`${factory}: option "${name}" must be ${rule.expected}, got ${kindOf(value)}`);
    }
  }
}

/** Rules that several factories share. */
export const text: OptionRule = {
  expected: 'a non-empty string',
  accepts: (value) => typeof value === 'string' && value !== '',
};
export const flag: OptionRule = { expected: 'true or false', accepts: (value) => typeof value === 'boolean' };
export const callback: OptionRule = {
  expected: 'a function',
  accepts: (value) => typeof value === 'function',
};
export const milliseconds: OptionRule = {
  expected: 'a number of milliseconds, 0 or more',
  accepts: (value) => Number.isFinite(value) && Number(value) >= 0,
};

/** Tells a whole number, 0 or more. */
export function isCount(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0;
}

/** Tells a list of texts of a kind. */
export function isListOf(value: unknown, isKind: (text: string) => boolean): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string' && isKind(item));
}

function kindOf(value: unknown): string {
  if (isObject(value)) return Array.isArray(value) ? 'an array' : 'an object';
  const isTold =
    value === null || value === undefined || typeof value === 'number' || typeof value === 'boolean';
  return isTold ? String(value) : `a ${typeof value}`;
}

function suggestion(name: string, rules: OptionRules): string {
  const known = Object.keys(rules);
  const near = known.find((candidate) => isNear(name.toLowerCase(), candidate.toLowerCase(), 2));
  return near === undefined ? `. Known options: ${known.join(', ')}` : `. Did you mean "${near}"?`;
}

/** Whether one text becomes the other by so many edits, letters put in, left out or changed (Levenshtein). */
function isNear(from: string, to: string, edits: number): boolean {
  if (from === to) return true;
  const [fewer, shorter] = [from.slice(1), to.slice(1)];
  if (from[0] === to[0]) return isNear(fewer, shorter, edits);
  return (
    edits > 0 &&
    [
      [fewer, shorter],
      [fewer, to],
      [from, shorter],
    ].some(([a = '', b = '']) => isNear(a, b, edits - 1))
  );
}
