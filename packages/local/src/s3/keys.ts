/**
 * Keys in S3's order: the bytes of their UTF-8.
 *
 * @module
 */

/** A map that can be walked in order from any key on. */
export interface OrderedMap<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
  delete(key: string): void;
  readonly size: number;
  /** Keys in order, from the first that is not before `from`. */
  from(from: string): Generator<string>;
}

export function orderedMap<Value>(): OrderedMap<Value> {
  const values = new Map<string, Value>();
  const keys: string[] = [];
  return {
    get: (key) => values.get(key),
    set(key, value) {
      if (!values.has(key)) keys.splice(position(keys, key), 0, key);
      values.set(key, value);
    },
    delete(key) {
      if (values.delete(key)) keys.splice(position(keys, key), 1);
    },
    get size() {
      return keys.length;
    },
    *from(from) {
      for (let index = position(keys, from); index < keys.length; index++) {
        const key = keys[index];
        if (key !== undefined) yield key;
      }
    },
  };
}

/**
 * Compares two keys by their UTF-8 bytes. JavaScript's own order is that of UTF-16, where characters beyond U+FFFF come
 * before U+E000.
 */
export function compareKeys(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const one = left.charCodeAt(index);
    const other = right.charCodeAt(index);
    if (one !== other) return rank(one) - rank(other);
  }
  return left.length - right.length;
}

/** Moves surrogates behind all other code units. */
function rank(unit: number): number {
  if (unit < 0xd8_00) return unit;
  return unit < 0xe0_00 ? unit + 0x20_00 : unit - 0x8_00;
}

/** Where a key is, or would be. */
function position(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareKeys(keys[middle] ?? '', key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
