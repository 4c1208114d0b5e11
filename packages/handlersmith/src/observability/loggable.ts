/**
 * Turns any value into one that `JSON.stringify` takes without throwing, without end, and without secrets.
 *
 * @module
 */
import { REDACTED } from './redaction.ts';
import type { Redactor } from './redaction.ts';

/** Longest text that is kept whole, in characters. */
const MAX_TEXT = 16_384;
/** How many objects deep a value is followed. */
const MAX_DEPTH = 12;
/** How many items of one list, or keys of one object, are kept. */
const MAX_ITEMS = 200;
/** What one line may hold in all, in characters: CloudWatch Logs takes events of 256 KB everywhere. */
const MAX_CHARACTERS = 120_000;
/** What a key, a number or a pair of brackets counts beside its text. */
const OVERHEAD = 8;

/** Of `new String('…')` and its kin. */
const BOXES: ReadonlySet<unknown> = new Set([String.prototype, Number.prototype, Boolean.prototype]);

const UNREADABLE = '[unreadable]';
const TOO_LARGE = '[left out: the line is too large]';

/** One pass over the values of one line. */
export interface Walk {
  readonly redacts: Redactor;
  /** How an error is written: as data, or as an error again for a logger that formats errors itself. */
  readonly error: ErrorCopy;
  /** The objects we are inside of, outermost first. */
  readonly inside: object[];
  /** Characters the line may still take. */
  left: number;
}

/** Copies an error; `copy` is for what hangs on it. */
export type ErrorCopy = (error: Error, copy: (value: unknown) => unknown, redacts: Redactor) => unknown;

/** Starts a pass: all values of one line share its limits. */
export function startWalk(redacts: Redactor, error: ErrorCopy): Walk {
  return { redacts, error, inside: [], left: MAX_CHARACTERS };
}

/** Cuts a text that is too long, and says so at its end. */
export function boundedText(text: string, most: number = MAX_TEXT): string {
  return text.length <= most ? text : `${text.slice(0, most)}… [${text.length - most} more characters]`;
}

/**
 * Copies a value as data for a log line.
 *
 * @param value - anything: cycles, BigInt, throwing getters and `toJSON`, revoked proxies, symbols, functions, maps, sets
 * @param walk - the pass it belongs to
 * @returns plain objects, lists, texts, finite numbers, booleans, `null`; `undefined` only for `undefined`
 */
export function loggable(value: unknown, walk: Walk): unknown {
  if (value === undefined || value === null || typeof value === 'boolean') return value;
  if (walk.left <= 0) return TOO_LARGE;
  walk.left -= OVERHEAD;
  if (typeof value === 'object') return copyObject(value, walk);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'function') return '[function]';
  if (typeof value === 'bigint' || typeof value === 'symbol') return countedText(value.toString(), walk);
  return typeof value === 'string' ? countedText(value, walk) : undefined;
}

function countedText(value: string, walk: Walk): string {
  const text = boundedText(value);
  walk.left -= text.length;
  return text;
}

/** A record under its names, secrets masked. */
export function loggableEntry(name: string, value: unknown, walk: Walk): unknown {
  if (value === undefined) return undefined;
  return walk.redacts(name) ? REDACTED : loggable(value, walk);
}

function copyObject(source: object, walk: Walk): unknown {
  if (walk.inside.includes(source)) return '[circular]';
  if (walk.inside.length >= MAX_DEPTH) return '[left out: nested too deep]';
  walk.inside.push(source);
  try {
    return copyByKind(source, walk);
  } catch {
    // a revoked proxy, a trap or a toJSON that throws: the rest of the line is still worth having
    return UNREADABLE;
  } finally {
    walk.inside.pop();
  }
}

function copyByKind(source: object, walk: Walk): unknown {
  if (Array.isArray(source)) return copyList(source, source.length, walk);
  const prototype: unknown = Object.getPrototypeOf(source);
  if (prototype !== Object.prototype && prototype !== null) {
    if (isError(source)) return walk.error(source, (value) => loggable(value, walk), walk.redacts);
    if (source instanceof Date) return Number.isNaN(source.getTime()) ? 'Invalid Date' : source.toISOString();
    if (source instanceof Map) return copyMap(source, walk);
    if (source instanceof Set) return copyList(source, source.size, walk);
    if (ArrayBuffer.isView(source) || source instanceof ArrayBuffer) return `[${source.byteLength} bytes]`;
    if (source instanceof RegExp) return boundedText(String(source));
    if (source instanceof Promise) return '[promise]';
    if (BOXES.has(prototype)) return loggable(source.valueOf(), walk);
  }
  const json =
    'toJSON' in source && typeof source.toJSON === 'function' ? (source.toJSON() as unknown) : source;
  return json === source ? copyRecord(source, walk) : loggable(json, walk);
}

/** Errors of other realms fail `instanceof`. */
export function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';
}

function copyList(items: Iterable<unknown>, size: number, walk: Walk): unknown[] {
  const copy: unknown[] = [];
  for (const item of items) {
    if (copy.length >= MAX_ITEMS || walk.left <= 0) {
      copy.push(`[${size - copy.length} more items]`);
      break;
    }
    copy.push(loggable(item, walk) ?? null);
  }
  return copy;
}

function copyMap(source: ReadonlyMap<unknown, unknown>, walk: Walk): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  let taken = 0;
  for (const [key, value] of source) {
    if (taken >= MAX_ITEMS || walk.left <= 0) {
      put(copy, '…', `[${source.size - taken} more entries]`);
      break;
    }
    const name = typeof key === 'object' && key !== null ? JSON.stringify(loggable(key, walk)) : String(key);
    setEntry(copy, name, value, walk);
    taken += 1;
  }
  return copy;
}

function copyRecord(source: object, walk: Walk): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  const names = Object.keys(source);
  for (const [index, name] of names.entries()) {
    if (index >= MAX_ITEMS || walk.left <= 0) {
      put(copy, '…', `[${names.length - index} more keys]`);
      break;
    }
    setEntry(copy, name, read(source, name), walk);
  }
  return copy;
}

function setEntry(copy: Record<string, unknown>, name: string, value: unknown, walk: Walk): void {
  const key = boundedText(name, 256);
  walk.left -= key.length + OVERHEAD;
  put(copy, key, loggableEntry(name, value, walk));
}

/** Reads a property whose getter may throw. */
export function read(source: object, name: string): unknown {
  try {
    // any object can be asked for any name; what comes is unknown
    return (source as Record<string, unknown>)[name];
  } catch {
    return UNREADABLE;
  }
}

/** Sets a property; `__proto__` becomes a key like any other instead of the object's prototype. */
export function put(target: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== '__proto__') target[name] = value;
  else Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}
