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
    return write(value, { name, steps: [], within: new Set() });
  } catch (error) {
    // The depth of the stack; whatever a getter or toJSON throws is its own.
    if (!(error instanceof RangeError)) throw error;
    throw new TypeError(`${name} is nested too deeply`, { cause: error });
  }
}

/** The way to a value. Made words only when something is wrong. */
interface Way {
  readonly name: string;
  readonly steps: Step[];
  /** Objects that it is part of. */
  readonly within: Set<object>;
}

/** Into a list, into a field, or as told. */
type Step = number | string | { readonly told: string };

const KEY: Step = { told: ' (a key)' };
const ENTRY: Step = { told: ' (an entry)' };
const TO_JSON: Step = { told: '.toJSON()' };

function write(value: unknown, way: Way): string {
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
      return value === null ? 'null' : writeObject(value, way);
    case 'function':
    case 'symbol':
    default:
      throw wrong(way, `is a ${typeof value}, which has no value to compare`);
  }
}

function writeObject(value: object, way: Way): string {
  if (way.within.has(value)) throw wrong(way, 'holds itself');
  way.within.add(value);
  const text = writeParts(value, way);
  way.within.delete(value);
  return text;
}

function writeParts(value: object, way: Way): string {
  if (Array.isArray(value)) return `[${writeList(value, way)}]`;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype) {
    const text = bytesOf(value) ?? writeBuiltIn(value, way);
    if (text !== undefined) return text;
  }
  if ('toJSON' in value && typeof value.toJSON === 'function') {
    return `JSON(${part(way, TO_JSON, (value as { toJSON(): unknown }).toJSON())})`; // as JSON.stringify asks it
  }
  if (!isPlain(prototype)) {
    throw wrong(
      way,
      `is a ${nameOf(prototype)}, of which not everything can be seen; give plain data, or the class a toJSON`,
    );
  }
  return `{${writeFields(value as Readonly<Record<string, unknown>>, way)}}`; // an object literal
}

function writeList(list: readonly unknown[], way: Way): string {
  let text = '';
  // By number: a gap is undefined.
  for (let index = 0; index < list.length; index++) text += `${part(way, index, list[index])},`;
  return text;
}

function writeFields(fields: Readonly<Record<string, unknown>>, way: Way): string {
  let text = '';
  for (const name of Object.keys(fields).toSorted()) {
    const value = fields[name];
    if (value !== undefined) text += `${JSON.stringify(name)}:${part(way, name, value)},`;
  }
  return text;
}

function writeBuiltIn(value: object, way: Way): string | undefined {
  if (types.isDate(value)) return `Date(${value.getTime()})`;
  if (types.isMap(value)) {
    const entries = Array.from(value, ([key, each]) => `${part(way, KEY, key)}=>${part(way, ENTRY, each)}`);
    return `Map{${entries.toSorted().join()}}`;
  }
  if (types.isSet(value)) {
    return `Set{${Array.from(value, (each: unknown) => part(way, ENTRY, each))
      .toSorted()
      .join()}}`;
  }
  return undefined;
}

function part(way: Way, step: Step, value: unknown): string {
  way.steps.push(step);
  const text = write(value, way);
  way.steps.pop();
  return text;
}

function wrong({ name, steps }: Way, what: string): TypeError {
  const path = steps.map((step) =>
    typeof step === 'number' ? `[${step}]` : typeof step === 'string' ? `.${step}` : step.told,
  );
  return new TypeError(`${name}${path.join('')} ${what}`);
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
