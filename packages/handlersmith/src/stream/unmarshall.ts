/**
 * DynamoDB's attribute values as they stand in an event, turned into plain values.
 *
 * @module
 */
import { type NumberFormat, numberReader, type NumberValue, type ReadNumber } from './number.ts';

/** An attribute value in an event: one key, which is its type. Bytes are base64. */
export type EventAttribute = Readonly<Record<string, unknown>>;

/** A plain value out of an image. */
export type AttributeOutput =
  | NumberValue
  | boolean
  | null
  | Uint8Array
  | Set<string>
  | Set<NumberValue>
  | Set<Uint8Array>
  | AttributeOutput[]
  | { [name: string]: AttributeOutput };

/** An image without a schema: any attributes, any values. */
export type Image = Readonly<Record<string, AttributeOutput>>;

/** How to unmarshall. */
export interface UnmarshallOptions {
  /** What becomes of numbers that a `number` cannot hold digit for digit. Default `'bigint'`. */
  readonly numbers?: NumberFormat;
}

/**
 * Turns an image, or the keys, of a stream record into a plain object.
 *
 * Unlike the AWS SDK's own `unmarshall` it decodes bytes, which are base64 in an event, never throws on a long
 * decimal, and gives an attribute called `__proto__` as the attribute it is.
 *
 * @param image - `NewImage`, `OldImage` or `Keys`; it is not changed
 * @returns text, numbers, booleans, `null`, `Uint8Array`, lists, objects and `Set`s
 * @throws TypeError where a value is of no type that DynamoDB has
 * @example
 * unmarshall({ id: { S: 'u1' }, tags: { SS: ['a', 'b'] }, visits: { N: '9007199254740993' } });
 * // { id: 'u1', tags: Set { 'a', 'b' }, visits: 9007199254740993n }
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_AttributeValue.html
 */
export function unmarshall(
  image: Readonly<Record<string, EventAttribute>>,
  options: UnmarshallOptions = {},
): Record<string, AttributeOutput> {
  return mapOf(image, numberReader(options.numbers ?? 'bigint'));
}

/**
 * What `unmarshall` does, with the options settled beforehand.
 *
 * Loops over keys in place of lists of them, here and below: this is the hottest code of a batch, and such lists and
 * the closures that go with them are most of the garbage that the AWS SDK's own function leaves.
 */
export function mapOf(
  map: Readonly<Record<string, EventAttribute>>,
  readNumber: ReadNumber,
): Record<string, AttributeOutput> {
  const own = hasStrangers() ? withoutStrangers(map) : map;
  const plain: Record<string, AttributeOutput> = {};
  for (const name in own) {
    const value = valueOf(own[name] as EventAttribute, readNumber); // a key of this very object
    if (name === '__proto__') defineOwn(plain, name, value);
    else plain[name] = value;
  }
  return plain;
}

const EMPTY = Object.freeze({});

/** Whether somebody has put members on all objects. To ask once a map costs a fifth of asking for each name. */
function hasStrangers(): boolean {
  for (const _ in EMPTY) return true;
  return false;
}

function withoutStrangers<Value>(map: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> {
  return Object.assign(Object.create(null) as Record<string, Value>, map);
}

/** Assigning would set the prototype instead. */
function defineOwn(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, enumerable: true, writable: true, configurable: true });
}

/** The casts hold because each type of DynamoDB has its one form in JSON. */
function valueOf(attribute: EventAttribute, readNumber: ReadNumber): AttributeOutput {
  for (const type in attribute) {
    const value = attribute[type];
    switch (type) {
      case 'S':
        return value as string;
      case 'N':
        return readNumber(value as string);
      case 'BOOL':
        return value as boolean;
      case 'M':
        return mapOf(value as Record<string, EventAttribute>, readNumber);
      case 'L':
        return listOf(value as readonly EventAttribute[], readNumber);
      case 'NULL':
        return null;
      case 'SS':
        return new Set(value as readonly string[]);
      case 'NS':
        return setOf(value as readonly string[], readNumber);
      case 'B':
        return bytesOf(value as string);
      case 'BS':
        return setOf(value as readonly string[], bytesOf);
      default:
        throw new TypeError(`An attribute is of type ${type}, which DynamoDB does not have`);
    }
  }
  throw new TypeError('An attribute has no type');
}

function listOf(list: readonly EventAttribute[], readNumber: ReadNumber): AttributeOutput[] {
  const plain: AttributeOutput[] = [];
  for (let index = 0; index < list.length; index++) {
    plain.push(valueOf(list[index] as EventAttribute, readNumber)); // an index of this very list
  }
  return plain;
}

function setOf<Member>(list: readonly string[], read: (text: string) => Member): Set<Member> {
  const plain = new Set<Member>();
  for (let index = 0; index < list.length; index++) plain.add(read(list[index] as string)); // likewise
  return plain;
}

function bytesOf(base64: string): Uint8Array {
  return Buffer.from(base64, 'base64');
}
