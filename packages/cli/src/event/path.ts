/**
 * Paths into what is said of an event: `body.name`, `after.tags[0]`, `[1].key`.
 *
 * @module
 */
import { WrongUse } from '../problem.ts';

/** A name or an index a step. */
export type Path = readonly (string | number)[];

/** Entries of a list that a path may ask for. */
const LARGEST_INDEX = 9_999;

/** One `--set`: where, and what, as text. */
export interface Setting {
  readonly path: Path;
  readonly text: string;
  /** As it was typed. */
  readonly typed: string;
}

/**
 * Reads `path=value`. A dot, a bracket or an equals sign in a name has a backslash before it.
 *
 * @throws WrongUse that says what is wrong with it
 */
export function readSetting(typed: string): Setting {
  const [head = ''] = /^(?:\\[^]|[^=\\])*/.exec(typed) ?? [];
  if (typed[head.length] !== '=')
    throw new WrongUse(`--set takes path=value, such as body.name=Lamp, not "${typed}".`);
  return { path: readPath(head), text: typed.slice(head.length + 1), typed };
}

/**
 * Takes a path to pieces.
 *
 * @throws WrongUse that shows it
 */
export function readPath(text: string): Path {
  const path: (string | number)[] = [];
  // Each step goes on where the one before ended.
  const step = /\[(\d+)\]|(?:^|(?<=[^])\.)((?:\\[^]|[^.[\]=\\])+)/gy;
  let end = 0;
  for (const [whole, index, name] of text.matchAll(step)) {
    end += whole.length;
    if (name !== undefined) path.push(name.replaceAll(/\\([^])/g, '$1'));
    else if (Number(index) <= LARGEST_INDEX) path.push(Number(index));
    else throw new WrongUse(`--set "${text}": an index ends at ${LARGEST_INDEX}.`);
  }
  if (path.length === 0 || end !== text.length)
    throw new WrongUse(`--set "${text}": a path is names and indexes, such as body.tags[0].name.`);
  return path;
}

/** Writes a path as it is read. */
export function writePath(path: Path): string {
  return path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`;
      return `${index === 0 ? '' : '.'}${step.replaceAll(/[\\.[\]=]/g, String.raw`\$&`)}`;
    })
    .join('');
}

/**
 * A copy of a value with another one put into it. What is on the way there and no object or list becomes one.
 *
 * @param value - stays as it is
 */
export function putAt(value: unknown, path: Path, put: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return put;
  if (typeof step === 'number') {
    const list: unknown[] = Array.isArray(value) ? [...value] : [];
    while (list.length < step) list.push(null);
    list[step] = putAt(list[step], rest, put);
    return list;
  }
  const record = isRecord(value) ? { ...value } : {};
  const inner = Object.hasOwn(record, step) ? record[step] : undefined;
  // Assigning `__proto__` would set the prototype.
  Object.defineProperty(record, step, {
    value: putAt(inner, rest, put),
    enumerable: true,
    writable: true,
    configurable: true,
  });
  return record;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
