/**
 * One field of a cron expression: values, lists, ranges and steps.
 *
 * @module
 */

/** Makes the error that tells what is wrong with a field. */
export type Fault = (why: string) => TypeError;

/** What one field takes. */
export interface Field {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  /** The largest step after a slash; `undefined` where AWS documents no steps. */
  readonly largestStep: number | undefined;
  /** Names of the values, from `least` on. */
  readonly names?: readonly string[];
}

/**
 * The values a field stands for, rising.
 *
 * @param text - such as `*`, `5`, `MON-FRI`, `0/15` or `1,15`
 * @throws what `fault` makes
 */
export function valuesOf(field: Field, text: string, fault: Fault): readonly number[] {
  if (text === '*') return span(field.least, field.most, 1);
  const values = text.split(',').flatMap((entry) => entryOf(field, entry, text, fault));
  return [...new Set(values)].toSorted((one, other) => one - other);
}

/** One value of a field: its number, or its name in any case. */
export function valueOf(field: Field, text: string, fault: Fault): number {
  const named = field.names?.indexOf(text.toUpperCase()) ?? -1;
  if (named >= 0) return field.least + named;
  if (!/^\d+$/.test(text)) throw fault(noValue(field, text));
  const value = Number(text);
  if (value < field.least || value > field.most) throw fault(`${text} is not in ${rangeOf(field)}`);
  return value;
}

function entryOf(field: Field, entry: string, list: string, fault: Fault): readonly number[] {
  if (entry === '') throw fault(`the list "${list}" has an empty entry`);
  if (entry === '*') throw fault(`* stands alone or before a step, not in the list "${list}"`);
  const [range = '', step, ...more] = entry.split('/');
  if (more.length > 0) throw fault(`"${entry}" has more than one /`);
  const by = step === undefined ? 1 : stepOf(field, entry, step, fault);
  if (range === '*') return span(field.least, field.most, by);

  const [first = '', last, ...rest] = range.split('-');
  if (rest.length > 0) throw fault(`"${range}" has more than one -`);
  const from = valueOf(field, first, fault);
  // `5/10` goes on to the end of the field.
  if (last === undefined) return span(from, step === undefined ? from : field.most, by);
  const to = valueOf(field, last, fault);
  if (to < from) throw fault(`the range ${range} ends before it starts; write the two parts as a list`);
  return span(from, to, by);
}

function stepOf(field: Field, entry: string, step: string, fault: Fault): number {
  if (field.largestStep === undefined)
    throw fault(`"${entry}": steps (/) are not taken here; list the values`);
  const by = /^\d+$/.test(step) ? Number(step) : 0;
  if (by < 1 || by > field.largestStep)
    throw fault(`"${entry}": the step must be a whole number from 1 to ${field.largestStep}`);
  return by;
}

function span(from: number, to: number, by: number): number[] {
  const values: number[] = [];
  for (let value = from; value <= to; value += by) values.push(value);
  return values;
}

function noValue(field: Field, text: string): string {
  if (text === '?') return '? is for day-of-month and day-of-week alone';
  if (text === '') return `a value is missing; expected ${rangeOf(field)}`;
  return `"${text}" is no value; expected ${rangeOf(field)}`;
}

function rangeOf({ least, most, names }: Field): string {
  const range = `${least}-${most}`;
  return names === undefined ? range : `${range} or ${names[0] ?? ''}-${names.at(-1) ?? ''}`;
}
