/**
 * Plain values as DynamoDB's attribute values, in the form that stream events have.
 *
 * @module
 */
import type { AttributeValue } from 'aws-lambda';

/** What an attribute may be made of. Numbers that a `number` cannot hold: a `bigint`, or a {@link DecimalText}. */
export type ItemValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | Uint8Array
  | DecimalText
  | ReadonlySet<string>
  | ReadonlySet<number | bigint>
  | ReadonlySet<Uint8Array>
  | readonly ItemValue[]
  | { readonly [name: string]: ItemValue | undefined };

/** An item, as a test states it. */
export type TestItem = Readonly<Record<string, ItemValue | undefined>>;

/** A number given by its digits, up to 38 of them. */
export class DecimalText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/**
 * A number given by its digits, for those that a JavaScript number cannot hold.
 *
 * @param text - such as `3.14159265358979323846`
 * @throws TypeError where it is no number
 * @example
 * dynamoStreamEvent([{ type: 'insert', after: { id: 'a', pi: decimal('3.14159265358979323846') } }]);
 */
export function decimal(text: string): DecimalText {
  if (!/^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text)) throw new TypeError(`decimal: no number: ${text}`);
  return new DecimalText(text);
}

/** The attribute values of an item; entries that are `undefined` are left out. */
export function marshalled(item: TestItem): Record<string, AttributeValue> {
  const attributes: Record<string, AttributeValue> = {};
  for (const [name, value] of Object.entries(item)) {
    if (value === undefined) continue;
    // Assigning `__proto__` would set the prototype.
    Object.defineProperty(attributes, name, {
      value: attributeOf(value, name),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return attributes;
}

function attributeOf(value: ItemValue, path: string): AttributeValue {
  if (value === null) return { NULL: true };
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'boolean') return { BOOL: value };
  if (isNumber(value)) return { N: numberText(value, path) };
  if (value instanceof Uint8Array) return { B: base64(value) };
  if (value instanceof Set) return setOf(value, path);
  if (Array.isArray(value)) {
    return { L: value.map((each: ItemValue, index) => attributeOf(each, `${path}[${index}]`)) };
  }
  return { M: marshalled(value as TestItem) }; // all else has been looked at
}

function setOf(set: ReadonlySet<unknown>, path: string): AttributeValue {
  const members = [...set];
  if (members.length === 0) throw new TypeError(`${path}: DynamoDB has no empty sets`);
  if (members.every((member) => typeof member === 'string')) return { SS: members };
  if (members.every((member) => member instanceof Uint8Array)) return { BS: members.map(base64) };
  if (members.every(isNumber)) return { NS: members.map((member) => numberText(member, path)) };
  throw new TypeError(`${path}: a set holds text, numbers or bytes, all of one kind`);
}

function isNumber(value: unknown): value is number | bigint | DecimalText {
  return typeof value === 'number' || typeof value === 'bigint' || value instanceof DecimalText;
}

function numberText(value: number | bigint | DecimalText, path: string): string {
  if (value instanceof DecimalText) return value.text;
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new TypeError(`${path}: DynamoDB has no ${value}`);
  return Object.is(value, -0) ? '0' : String(value);
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

/**
 * Bytes of an item as DynamoDB counts them, as far as its guide tells: names and text in UTF-8, numbers by their
 * digits, one byte for `true`, `false` and `null`, three for a list or map and one for each entry.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function sizeOf(attributes: Readonly<Record<string, AttributeValue>>): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(attributes)) bytes += Buffer.byteLength(name) + valueSize(value);
  return bytes;
}

function valueSize({ S, N, B, SS, NS, BS, L, M }: AttributeValue): number {
  if (S !== undefined) return Buffer.byteLength(S);
  if (N !== undefined) return numberSize(N);
  if (B !== undefined) return Buffer.byteLength(B, 'base64');
  if (SS !== undefined) return sum(SS, (each) => Buffer.byteLength(each));
  if (NS !== undefined) return sum(NS, numberSize);
  if (BS !== undefined) return sum(BS, (each) => Buffer.byteLength(each, 'base64'));
  if (L !== undefined) return 3 + sum(L, (each) => 1 + valueSize(each));
  if (M !== undefined) return 3 + Object.keys(M).length + sizeOf(M);
  return 1;
}

function numberSize(text: string): number {
  const digits = text
    .replace(/[eE].*$/, '')
    .replaceAll(/[^\d]/g, '')
    .replace(/^0+/, '')
    .replace(/0+$/, '');
  return Math.ceil(digits.length / 2) + 1;
}

function sum<Value>(values: readonly Value[], size: (value: Value) => number): number {
  return values.reduce((total, value) => total + size(value), 0);
}
