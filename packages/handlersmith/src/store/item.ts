/**
 * Plain values as DynamoDB's attributes, and back.
 *
 * @module
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html
 */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** An item, or the key of one, as the API has it. */
export type Item = Record<string, AttributeValue>;

/**
 * The attributes of an object. Fields that are `undefined` are left out.
 *
 * @param owner - where the values come from, for messages: `row()`
 * @throws TypeError naming the field that no attribute can hold
 */
export function toItem(owner: string, values: object): Item {
  return itemOf(values, (name) => `${owner}: ${name}`);
}

/** One value as an attribute. */
function toAttribute(where: string, value: unknown): AttributeValue {
  if (value === null) return { NULL: true };
  switch (typeof value) {
    case 'string':
      return { S: value };
    case 'boolean':
      return { BOOL: value };
    case 'bigint':
      return { N: String(value) };
    case 'number':
      if (!Number.isFinite(value))
        throw new TypeError(`${where} is ${value}, which is no number to DynamoDB`);
      return { N: String(value) };
    case 'object':
      return toDocument(where, value);
    case 'undefined':
    case 'function':
    case 'symbol':
    default:
      throw new TypeError(
        `${where} is a ${typeof value}; give text, a number, true or false, null, bytes, a list or an object`,
      );
  }
}

function toDocument(where: string, value: object): AttributeValue {
  if (value instanceof Uint8Array) return { B: value };
  if (value instanceof Set) return toSet(where, [...(value as Set<unknown>)]);
  if (Array.isArray(value)) return { L: value.map((each, index) => toAttribute(`${where}[${index}]`, each)) };
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) {
    throw new TypeError(`${where} is a ${nameOf(prototype)}; give text or a number in its place`);
  }
  return { M: itemOf(value, (name) => `${where}.${name}`) };
}

/** From entries, not by assignment: a field may be called `__proto__`. */
function itemOf(values: object, whereOf: (name: string) => string): Item {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, toAttribute(whereOf(name), value)]),
  );
}

function nameOf(prototype: unknown): string {
  const maker: unknown = Reflect.get(prototype as object, 'constructor'); // of an object that has a prototype
  return typeof maker === 'function' && maker.name !== '' ? maker.name : 'class instance';
}

function toSet(where: string, values: readonly unknown[]): AttributeValue {
  if (values.length > 0) {
    if (values.every((each) => typeof each === 'string')) return { SS: [...values] };
    if (values.every((each) => typeof each === 'number' || typeof each === 'bigint')) {
      return { NS: values.map(String) };
    }
  }
  throw new TypeError(`${where} is a Set that DynamoDB cannot hold; it takes texts or numbers, one at least`);
}

/** The plain values of an item. */
export function fromItem(item: Item): Record<string, unknown> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, fromAttribute(value)]));
}

/** One attribute as a plain value; an integer that is no safe one becomes a `bigint`. */
function fromAttribute(value: AttributeValue): unknown {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return numberOf(value.N);
  if (value.BOOL !== undefined) return value.BOOL;
  if (value.NULL !== undefined) return null;
  if (value.B !== undefined) return value.B;
  if (value.L !== undefined) return value.L.map(fromAttribute);
  if (value.M !== undefined) return fromItem(value.M);
  if (value.SS !== undefined) return new Set(value.SS);
  if (value.NS !== undefined) return new Set(value.NS.map(numberOf));
  if (value.BS !== undefined) return new Set(value.BS);
  throw new TypeError(`An attribute of a type that DynamoDB does not have: ${Object.keys(value).join(', ')}`);
}

function numberOf(text: string): number | bigint {
  const value = Number(text);
  return /^-?\d+$/.test(text) && !Number.isSafeInteger(value) ? BigInt(text) : value;
}
