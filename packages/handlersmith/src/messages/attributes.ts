/**
 * Message attributes as values, whichever service sent them.
 *
 * @module
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html
 */

/**
 * The value of a message attribute: text, a number, bytes, or a list (SNS's `String.Array`). A number with more
 * digits than a double keeps is left as text.
 */
export type AttributeValue = string | number | Uint8Array | readonly (string | number | boolean | null)[];

/** Message attributes by name. */
export type MessageAttributes = Readonly<Record<string, AttributeValue>>;

/** An attribute as SNS sends it. */
interface SnsAttribute {
  readonly Type?: unknown;
  readonly Value?: unknown;
}

/** Every double keeps this many decimal digits. */
const EXACT_DIGITS = 15;

/** Attributes of SNS, as values. */
export function snsAttributes(attributes: unknown): MessageAttributes {
  return valuesOf(attributes, ({ Type, Value }: SnsAttribute) => valueOf(Type, Value));
}

/** Attributes as values, each read by `read`. */
export function valuesOf(
  attributes: unknown,
  read: (attribute: object) => AttributeValue | undefined,
): MessageAttributes {
  if (typeof attributes !== 'object' || attributes === null) return {};
  const values: [string, AttributeValue][] = [];
  for (const [name, attribute] of Object.entries(attributes) as [string, unknown][]) {
    if (typeof attribute !== 'object' || attribute === null) continue;
    const value = read(attribute);
    if (value !== undefined) values.push([name, value]);
  }
  return Object.fromEntries(values); // defines: `__proto__` is a name like any other
}

/** Tells a type whose values are bytes, in base64. */
export function isBinary(type: unknown): boolean {
  return typeof type === 'string' && (type === 'Binary' || type.startsWith('Binary.'));
}

/** A value by its type, which may have a label of the sender's own behind a dot: `Number.int`. */
export function valueOf(type: unknown, value: unknown): AttributeValue | undefined {
  if (typeof type !== 'string' || typeof value !== 'string') return undefined;
  if (isBinary(type)) return Buffer.from(value, 'base64');
  if (type === 'String.Array') return listOf(value);
  return type === 'Number' || type.startsWith('Number.') ? numberOf(value) : value;
}

function numberOf(text: string): number | string {
  const number = Number(text);
  const digits = text.replace(/e.*$/i, '').replaceAll(/\D/g, '').replace(/^0+/, '');
  return text.trim() !== '' && Number.isFinite(number) && digits.length <= EXACT_DIGITS ? number : text;
}

function listOf(text: string): AttributeValue {
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list) && list.every((item) => typeof item !== 'object' || item === null)) return list;
  } catch {
    // No list: left as it came.
  }
  return text;
}
