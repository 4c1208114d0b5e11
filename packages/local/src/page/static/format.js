// @ts-check
/**
 * Times, durations, sizes and JSON as people read them.
 *
 * @module
 */

const clockTime = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
const dayAndTime = new Intl.DateTimeFormat(undefined, {
  dateStyle: 'medium',
  timeStyle: 'medium',
  hourCycle: 'h23',
});
const zoned = new Intl.DateTimeFormat(undefined, {
  dateStyle: 'medium',
  timeStyle: 'long',
  hourCycle: 'h23',
});
const whole = new Intl.NumberFormat();

/** @param {number} time milliseconds since 1970 */
export const timeOf = (time) => clockTime.format(time);

/** @param {number} time milliseconds since 1970 */
export const dateOf = (time) => dayAndTime.format(time);

/** With its zone, beside times that are said in another one. @param {number} time milliseconds since 1970 */
export const zonedOf = (time) => zoned.format(time);

/** @param {number} value */
export const numberOf = (value) => whole.format(value);

/**
 * @param {number} count
 * @param {string} one
 * @param {string} [many]
 */
export const countOf = (count, one, many = `${one}s`) => `${whole.format(count)} ${count === 1 ? one : many}`;

/** @param {number} milliseconds */
export function durationOf(milliseconds) {
  if (milliseconds < 10) return `${milliseconds.toFixed(1)} ms`;
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(2)} s`;
  if (milliseconds < 3_600_000)
    return `${Math.floor(milliseconds / 60_000)} min ${Math.floor((milliseconds % 60_000) / 1000)} s`;
  const hours = Math.floor(milliseconds / 3_600_000);
  if (hours < 48) return `${hours} h ${Math.floor((milliseconds % 3_600_000) / 60_000)} min`;
  return `${Math.floor(hours / 24)} days`;
}

/** Roughly, in one word and a number. @param {number} milliseconds */
export function agoOf(milliseconds) {
  const minutes = milliseconds / 60_000;
  if (minutes < 1) return `${Math.max(0, Math.round(milliseconds / 1000))} s`;
  if (minutes < 60) return `${Math.round(minutes)} min`;
  return minutes < 48 * 60 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1440)} days`;
}

/** @param {number} bytes */
export function sizeOf(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  const units = ['KB', 'MB', 'GB'];
  let value = bytes / 1024;
  let unit = 0;
  for (; value >= 1024 && unit < units.length - 1; unit += 1) value /= 1024;
  return `${value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`;
}

/** JSON set out over lines; what is no JSON as it is. @param {string} text */
export function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}

/**
 * A value of DynamoDB as plain data. Sets become lists, bytes stay base64, numbers too large stay text.
 *
 * @param {unknown} value such as `{ S: 'a' }`
 * @returns {unknown}
 */
export function plain(value) {
  if (typeof value !== 'object' || value === null) return value;
  const [[type, content] = ['', undefined]] = Object.entries(value);
  if (type === 'N')
    return Number.isSafeInteger(Number(content)) || String(Number(content)) === content
      ? Number(content)
      : content;
  if (type === 'NULL') return null;
  if (type === 'L' && Array.isArray(content)) return content.map(plain);
  if (type === 'NS' && Array.isArray(content)) return content.map(Number);
  if (type === 'M' && typeof content === 'object' && content !== null) return plainItem(content);
  return content;
}

/** @param {object} item */
export function plainItem(item) {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plain(value)]));
}

/** @param {string} text @param {number} length */
export const shortened = (text, length) =>
  text.length > length ? `${text.slice(0, Math.max(1, length - 1))}…` : text;
