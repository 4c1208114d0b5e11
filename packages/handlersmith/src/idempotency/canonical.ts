/**
 * Values as text: the same text for the same value, another for any other.
 *
 * @module
 */
import { createHash } from 'node:crypto';

/** An import would evaluate all that the module offers, worker threads and the network's pipes among it. */
const { types } = process.getBuiltinModule('node:util');

/**
 * The one text of a value. JSON goes in as JSON, with its fields in order; what JSON cannot tell apart is written so
 * that no JSON reads like it: bytes, dates, big integers, maps, sets, `NaN`. Fields that are `undefined` count as
 * absent, as they do in JSON and in DynamoDB. An object with a `toJSON` counts by what that gives.
 *
 * @param name - what the value is, for messages
 * @throws TypeError naming the part that cannot be told from others: a function, a symbol, an instance of a class
 * whose state nobody sees, a value that holds itself
 */
export function canonical(name: string, value: unknown): string {
  try {
    return write({ value, path: name, within: new Set() });
  } catch (error) {
    // The depth of the stack; whatever a getter or toJSON throws is its own.
    if (!(error instanceof RangeError)) throw error;
    throw new TypeError(`${name} is nested too deeply`, { cause: error });
  }
}

/** A value, where it was found. */
interface Found {
  readonly value: unknown;
  readonly path: string;
  /** Objects that it is part of. */
  readonly within: Set<object>;
}

function write(found: Found): string {
  const { value, path } = found;
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
    case 'boolean':
    case 'undefined':
      return String(value); // NaN, Infinity and undefined are words that JSON does not have
    case 'bigint':
      return `${value}n`;
    case 'object':
      return value === null ? 'null' : writeObject(value, found);
    case 'function':
    case 'symbol':
    default:
      throw new TypeError(`${path} is a ${typeof value}, which has no value to compare`);
  }
}

function writeObject(value: object, { path, within }: Found): string {
  const bytes = bytesOf(value);
  if (bytes !== undefined) return bytes;
  if (types.isDate(value)) return `Date(${value.getTime()})`;
  if (within.has(value)) throw new TypeError(`${path} holds itself`);
  within.add(value);
  const part = (step: string, each: unknown): string =>
    write({ value: each, path: `${path}${step}`, within });
  const text = writeParts(value, path, part);
  within.delete(value);
  return text;
}

function writeParts(value: object, path: string, part: (step: string, each: unknown) => string): string {
  if (Array.isArray(value)) {
    // By number: a gap is undefined.
    return `[${Array.from(value, (each: unknown, index) => part(`[${index}]`, each)).join()}]`;
  }
  if (types.isMap(value)) {
    const entries = Array.from(
      value,
      ([key, each]) => `${part(' (a key)', key)}=>${part(' (an entry)', each)}`,
    );
    return `Map{${entries.toSorted().join()}}`;
  }
  if (types.isSet(value)) {
    return `Set{${Array.from(value, (each: unknown) => part(' (an entry)', each))
      .toSorted()
      .join()}}`;
  }
  if ('toJSON' in value && typeof value.toJSON === 'function') {
    return `JSON(${part('.toJSON()', (value as { toJSON(): unknown }).toJSON())})`; // as JSON.stringify asks it
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!isPlain(prototype)) {
    throw new TypeError(
      `${path} is a ${nameOf(prototype)}, of which not everything can be seen; give plain data, or the class a toJSON`,
    );
  }
  const fields = Object.entries(value)
    .filter(([, each]) => each !== undefined)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, each]) => `${JSON.stringify(name)}:${part(`.${name}`, each)}`);
  return `{${fields.join()}}`;
}

/** Buffers are bytes like any others; what sees larger numbers in them is not. */
function bytesOf(value: object): string | undefined {
  if (ArrayBuffer.isView(value)) {
    const { buffer, byteOffset, byteLength } = value;
    const kind = types.isUint8Array(value) ? 'Bytes' : Object.prototype.toString.call(value);
    return `${kind}(${digest(new Uint8Array(buffer, byteOffset, byteLength))})`;
  }
  return types.isAnyArrayBuffer(value) ? `ArrayBuffer(${digest(new Uint8Array(value))})` : undefined;
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64url');
}

/** None, or that of an object literal; another realm has its own. */
function isPlain(prototype: unknown): boolean {
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function nameOf(prototype: unknown): string {
  const maker: unknown = Reflect.get(prototype as object, 'constructor'); // of an object that has a prototype
  return typeof maker === 'function' && maker.name !== '' ? maker.name : 'class instance';
}
