/**
 * DynamoDB's numbers: up to 38 digits, where JavaScript's own hold about 15.
 *
 * @module
 */

/**
 * What becomes of a number that JavaScript's own cannot hold digit for digit; all others are a `number` either way.
 *
 * - `bigint` (default): whole numbers beyond 2^53 become a `bigint`, decimals of too many digits stay text
 * - `string`: both stay text, as DynamoDB wrote them
 * - `number`: both are rounded to the nearest `number`
 */
export type NumberFormat = 'bigint' | 'number' | 'string';

/** A number of an item. What else than `number` it may be is for {@link NumberFormat} to say. */
export type NumberValue = number | bigint | string;

/** Reads the text of a number. */
export type ReadNumber = (text: string) => NumberValue;

/** So many digits pass through a `number` unharmed, whatever they are. */
const SAFE_LENGTH = 15;

const MINUS = 45;
const POINT = 46;
const ZERO = 48;

const POWERS: readonly number[] = Array.from({ length: SAFE_LENGTH + 1 }, (_, power) => 10 ** power);

const NUMBER = /^(-?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/;

/** Gives the reader of a format. */
export function numberReader(format: NumberFormat): ReadNumber {
  if (format === 'number') return rounded;
  return format === 'string' ? textWhereLong : bigintWhereLong;
}

function rounded(text: string): number {
  const short = shortNumber(text);
  if (short !== undefined) return short;
  partsOf(text); // refuses what is none
  return Number(text) + 0; // DynamoDB has no negative zero
}

function bigintWhereLong(text: string): NumberValue {
  return shortNumber(text) ?? exact(text, Number(text), true);
}

function textWhereLong(text: string): NumberValue {
  return shortNumber(text) ?? exact(text, Number(text), false);
}

/**
 * The common case: a few digits, perhaps with a point. Both the digits as a whole number and the power of ten are exact,
 * so their quotient is the nearest `number` there is, as `Number` would find in several times the time.
 *
 * @returns `undefined` for all else
 */
function shortNumber(text: string): number | undefined {
  const { length } = text;
  if (length > SAFE_LENGTH) return undefined;
  const negative = text.charCodeAt(0) === MINUS;
  let whole = 0;
  let places = -1; // digits after the point; -1 before it
  let index = negative ? 1 : 0;
  if (index === length) return undefined;
  for (; index < length; index++) {
    const code = text.charCodeAt(index);
    const digit = code - ZERO;
    if (digit >= 0 && digit <= 9) {
      whole = whole * 10 + digit;
      if (places >= 0) places++;
    } else if (code === POINT && places < 0) places = 0;
    else return undefined;
  }
  if (places === 0) return undefined;
  const value = places > 0 ? whole / (POWERS[places] ?? 1) : whole;
  return negative && value !== 0 ? -value : value;
}

/** The number with all its digits: as `number` where it holds them. */
function exact(text: string, value: number, wholeAsBigint: boolean): NumberValue {
  const number = partsOf(text);
  if (Math.abs(value) <= Number.MAX_SAFE_INTEGER) {
    const held = partsOf(String(value));
    if (held.digits === number.digits && held.exponent === number.exponent) return value + 0; // no negative zero
  }
  if (!wholeAsBigint || number.exponent < 0) return text;
  return BigInt(`${number.sign}${number.digits}${'0'.repeat(number.exponent)}`);
}

/** A number as sign × digits × 10^exponent, without zeros at either end of the digits. */
interface NumberParts {
  readonly sign: string;
  readonly digits: string;
  readonly exponent: number;
}

function partsOf(text: string): NumberParts {
  const [, sign = '', whole = '', fraction = '', power = '0'] = NUMBER.exec(text) ?? [];
  const all = whole + fraction;
  if (all === '') throw noNumber();
  const digits = all.replace(/^0+/, '').replace(/0+$/, '');
  if (digits === '') return { sign: '', digits: '0', exponent: 0 };
  const trailing = all.length - all.replace(/0+$/, '').length;
  return { sign, digits, exponent: Number(power) - fraction.length + trailing };
}

/** Without the text: values are not for the log. */
function noNumber(): TypeError {
  return new TypeError('An attribute of type N holds no number');
}
