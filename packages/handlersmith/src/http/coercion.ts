/**
 * Numbers, booleans and lists out of query and path strings, for schemas that ask for them.
 *
 * A string that the schema takes stays a string. Only where the schema refuses one is it tried as what it spells,
 * so no schema has to be understood and every vendor works alike.
 *
 * @module
 */
import type { Check, Checked, Issue } from '../handler/schema.ts';
import { andThen } from '../handler/thenable.ts';

type Values = Readonly<Record<string, unknown>>;

/** One number, one boolean, one list: a value needs no more tries than that. */
const MOST_TRIES = 3;

const numeral = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?$/i;

/**
 * A check of strings that coerces what it must.
 *
 * @param check - the schema's own check
 */
export function coercing(check: Check): (values: Values) => Checked | Promise<Checked> {
  return (values) => andThen(check(values), (checked) => retry(check, values, values, checked, 0));
}

/**
 * @param texts - as they came
 * @param values - what has become of them so far
 */
function retry(
  check: Check,
  texts: Values,
  values: Values,
  checked: Checked,
  tries: number,
): Checked | Promise<Checked> {
  if (checked.issues === undefined || tries === MOST_TRIES) return checked;
  const coerced = coerceRefused(texts, values, checked.issues);
  if (coerced === undefined) return checked;
  const settle = (next: Checked): Checked | Promise<Checked> =>
    next.issues === undefined
      ? next
      : andThen(retry(check, texts, coerced, next, tries + 1), (last) => better(checked, last, coerced));
  return andThen(check(coerced), settle);
}

/**
 * Of two refusals, the one that tells more: `?limit=500` is too large, not a string; `?name=12345` is too long, not
 * a number; `?limit=abc` is a string, not the list that it was tried as.
 *
 * @param tried - the values of the later one
 */
function better(before: Checked, after: Checked, tried: Values): Checked {
  if (after.issues === undefined || before.issues === undefined) return after;
  const said = Map.groupBy(before.issues, ({ pointer }) => pointer);
  const issues = [...Map.groupBy(after.issues, ({ pointer }) => pointer)].flatMap(([pointer, now]) => {
    const earlier = said.get(pointer);
    if (earlier === undefined || !now.some(isWrongType)) return now;
    const [name = ''] = segmentsOf(pointer);
    return !earlier.some(isWrongType) || Array.isArray(tried[name]) ? earlier : now;
  });
  return { issues };
}

function isWrongType({ wrongType }: Issue): boolean {
  return wrongType;
}

/** A copy in which each refused value is taken for the next thing it may spell; `undefined` if there is none. */
function coerceRefused(texts: Values, values: Values, issues: readonly Issue[]): Values | undefined {
  let coerced: Record<string, unknown> | undefined;
  for (const { pointer } of issues) {
    const [name, index] = segmentsOf(pointer);
    if (name === undefined || !Object.hasOwn(values, name)) continue;
    const value = values[name];
    const next = Array.isArray(value) ? itemOf(value, index) : valueOf(texts[name], value, index);
    if (next === undefined) continue;
    coerced ??= Object.assign(Object.create(null) as Record<string, unknown>, values); // no prototype: no name is special
    if (!Array.isArray(value)) {
      coerced[name] = next.value;
      continue;
    }
    const list: unknown = coerced[name];
    const copy: unknown[] = Array.isArray(list) && list !== value ? list : [...value]; // one copy for all of its items
    copy[Number(index)] = next.value;
    coerced[name] = copy;
  }
  return coerced;
}

function segmentsOf(pointer: string): string[] {
  return pointer.split('/').slice(1).map(unescape);
}

function unescape(segment: string): string {
  return segment.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** A text that is no scalar for the schema, or not the one it asks for, may be the only item of a list. */
function valueOf(text: unknown, value: unknown, index: string | undefined): { value: unknown } | undefined {
  if (index !== undefined) return undefined;
  const scalar = typeof value === 'string' ? scalarOf(value) : undefined;
  return scalar ?? { value: [text] };
}

function itemOf(values: readonly unknown[], index: string | undefined): { value: unknown } | undefined {
  const item = values[Number(index)];
  return typeof item === 'string' ? scalarOf(item) : undefined;
}

/** What a text spells, if it spells it in the one canonical way: `007` stays a text, and so does a number of more digits than a number holds. */
function scalarOf(text: string): { value: number | boolean } | undefined {
  if (text === 'true' || text === 'false') return { value: text === 'true' };
  if (!numeral.test(text)) return undefined;
  const value = Number(text);
  if (!Number.isFinite(value)) return undefined;
  const keepsItsDigits = String(value) === text || !/^-?\d+$/.test(text) || BigInt(text) === BigInt(value);
  return keepsItsDigits ? { value } : undefined;
}
