/**
 * Proof that a handler leaves the event it is given alone.
 *
 * @module
 */

/** A value as it was at one time, to be held against what became of it. */
export interface Snapshot {
  /** Path of the first thing that is different now, such as `event.headers["x-id"]`; `undefined` if nothing is. */
  change(): string | undefined;
}

/**
 * Remembers a value.
 *
 * @param value - plain data, as events are
 * @param name - what to call it in paths
 * @throws DataCloneError when it holds what cannot be copied, such as a function
 */
export function snapshot(value: unknown, name: string): Snapshot {
  const before: unknown = structuredClone(value);
  return { change: () => firstChange(before, value, name) };
}

/**
 * A copy that cannot be written to, down to its last value. Given to a handler in place of the event, it makes the
 * line that writes throw, which `invoke` can only tell afterwards.
 *
 * @param value - plain data, as events are
 * @example
 * await invoke(handler, frozen(httpEvent('rest')));
 */
export function frozen<Value>(value: Value): Value {
  return freezeDeep(structuredClone(value));
}

function freezeDeep<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const inner of Object.values(value)) freezeDeep(inner);
  // Bytes cannot be frozen in JavaScript.
  return ArrayBuffer.isView(value) ? value : Object.freeze(value);
}

function firstChange(before: unknown, after: unknown, path: string): string | undefined {
  if (typeof before !== 'object' || typeof after !== 'object' || before === null || after === null) {
    return Object.is(before, after) ? undefined : path;
  }
  if (before instanceof Date || after instanceof Date) {
    return before instanceof Date && after instanceof Date && Object.is(before.getTime(), after.getTime())
      ? undefined
      : path;
  }
  if (Array.isArray(before) !== Array.isArray(after)) return path;
  for (const [key, value] of Object.entries(before)) {
    const inner = step(path, key, isList(before));
    if (!Object.hasOwn(after, key)) return inner;
    // A record by now: both are objects, and the key is one of its own.
    const change = firstChange(value, (after as Record<string, unknown>)[key], inner);
    if (change !== undefined) return change;
  }
  const added = Object.keys(after).find((key) => !Object.hasOwn(before, key));
  return added === undefined ? undefined : step(path, added, isList(after));
}

function isList(value: object): boolean {
  return Array.isArray(value) || ArrayBuffer.isView(value);
}

function step(path: string, key: string, inArray: boolean): string {
  if (inArray && /^\d+$/.test(key)) return `${path}[${key}]`;
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
}
