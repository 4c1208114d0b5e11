/**
 * Event patterns, as EventBridge rules and the filters of event source mappings have them.
 *
 * @module
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns-content-based-filtering.html
 */
import { isRecord } from './answer.ts';

/** Tells whether an event is one that was asked for. */
export type Matches = (event: unknown) => boolean;

/**
 * Prepares a pattern.
 *
 * @param pattern - parsed JSON
 * @throws TypeError that says what is wrong with it and where
 */
export function eventPattern(pattern: unknown): Matches {
  if (!isRecord(pattern)) throw new TypeError('An event pattern is a JSON object');
  return objectPattern(pattern, '');
}

/** Any of several filters, each JSON text; no filter at all lets everything pass. */
export function anyPattern(filters: readonly string[]): Matches {
  const patterns = filters.map((filter) => eventPattern(JSON.parse(filter)));
  return (event) => patterns.length === 0 || patterns.some((matches) => matches(event));
}

function objectPattern(pattern: Readonly<Record<string, unknown>>, path: string): Matches {
  const conditions = Object.entries(pattern).map(([name, wanted]) => {
    const place = path === '' ? name : `${path}.${name}`;
    if (name === '$or') return alternatives(wanted, place);
    const matches = fieldPattern(wanted, place);
    return (event: unknown) =>
      matches(isRecord(event) && Object.hasOwn(event, name) ? event[name] : undefined);
  });
  return (event) => conditions.every((holds) => holds(event));
}

function alternatives(wanted: unknown, place: string): Matches {
  if (!Array.isArray(wanted) || !wanted.every(isRecord))
    throw new TypeError(`${place} is a list of patterns`);
  const patterns = wanted.map((pattern) => objectPattern(pattern, place));
  return (event) => patterns.some((matches) => matches(event));
}

function fieldPattern(wanted: unknown, place: string): Matches {
  if (isRecord(wanted)) {
    const nested = objectPattern(wanted, place);
    // A list of objects matches where one of them does.
    return (value) => (Array.isArray(value) ? value.some(nested) : nested(value));
  }
  if (!Array.isArray(wanted) || wanted.length === 0)
    throw new TypeError(`${place} is a list of values to match, or an object of such lists`);
  const conditions = wanted.map((one) => condition(one, place));
  return (value) =>
    conditions.some((holds) => (Array.isArray(value) && value.length > 0 ? value.some(holds) : holds(value)));
}

type Condition = (value: unknown) => boolean;

function condition(wanted: unknown, place: string): Condition {
  if (!isRecord(wanted)) return (value) => value === wanted;
  const [[name, argument] = ['', undefined], another] = Object.entries(wanted);
  const make = CONDITIONS.get(name);
  if (make === undefined || another !== undefined)
    throw new TypeError(
      `${place} has ${JSON.stringify(wanted)}, which is not one of ${[...CONDITIONS.keys()].join(', ')}`,
    );
  return make(argument, `${place}.${name}`);
}

const CONDITIONS: ReadonlyMap<string, (argument: unknown, place: string) => Condition> = new Map([
  ['exists', exists],
  [
    'prefix',
    (argument: unknown, place: string) => affix(argument, place, (text, part) => text.startsWith(part)),
  ],
  [
    'suffix',
    (argument: unknown, place: string) => affix(argument, place, (text, part) => text.endsWith(part)),
  ],
  ['equals-ignore-case', (argument: unknown, place: string) => ignoreCase(textOf(argument, place))],
  ['wildcard', (argument: unknown, place: string) => wildcard(textOf(argument, place))],
  ['anything-but', anythingBut],
  ['numeric', numeric],
  ['cidr', (argument: unknown, place: string) => cidr(textOf(argument, place), place)],
]);

function exists(argument: unknown, place: string): Condition {
  if (typeof argument !== 'boolean') throw new TypeError(`${place} is true or false`);
  return (value) => (value !== undefined) === argument;
}

function affix(argument: unknown, place: string, test: (text: string, part: string) => boolean): Condition {
  if (isRecord(argument)) {
    const part = textOf(argument['equals-ignore-case'], place).toLowerCase();
    return (value) => typeof value === 'string' && test(value.toLowerCase(), part);
  }
  const part = textOf(argument, place);
  return (value) => typeof value === 'string' && test(value, part);
}

function ignoreCase(wanted: string): Condition {
  return (value) => typeof value === 'string' && value.toLowerCase() === wanted.toLowerCase();
}

function wildcard(wanted: string): Condition {
  const parts = wanted
    .split(/(\\\*|\\\\|\*)/u)
    .map((part) =>
      part === '*' ? '.*' : part.replace(/^\\/u, '').replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`),
    );
  const expression = new RegExp(`^${parts.join('')}$`, 'su');
  return (value) => typeof value === 'string' && expression.test(value);
}

function anythingBut(argument: unknown, place: string): Condition {
  const refused = isRecord(argument)
    ? Object.entries(argument).flatMap(([name, values]) =>
        [values].flat().map((one) => condition({ [name]: one }, place)),
      )
    : [argument].flat().map((one) => condition(one, place));
  return (value) => value !== undefined && !refused.some((holds) => holds(value));
}

const COMPARISONS: ReadonlyMap<unknown, (value: number, bound: number) => boolean> = new Map([
  ['=', (value: number, bound: number) => value === bound],
  ['<', (value: number, bound: number) => value < bound],
  ['<=', (value: number, bound: number) => value <= bound],
  ['>', (value: number, bound: number) => value > bound],
  ['>=', (value: number, bound: number) => value >= bound],
]);

function numeric(argument: unknown, place: string): Condition {
  if (!Array.isArray(argument) || argument.length === 0 || argument.length % 2 !== 0)
    throw new TypeError(`${place} is a list such as [">", 0, "<=", 5]`);
  const bounds: ((value: number) => boolean)[] = [];
  for (let index = 0; index < argument.length; index += 2) {
    const compare = COMPARISONS.get(argument[index]);
    const bound: unknown = argument[index + 1];
    if (compare === undefined || typeof bound !== 'number')
      throw new TypeError(`${place} is a list such as [">", 0, "<=", 5]`);
    bounds.push((value) => compare(value, bound));
  }
  return (value) => typeof value === 'number' && bounds.every((holds) => holds(value));
}

function cidr(range: string, place: string): Condition {
  const [base, length = '32'] = range.split('/');
  const bits = addressBits(base ?? '');
  const mask = Number(length);
  if (bits === undefined || !Number.isInteger(mask) || mask < 0 || mask > 32)
    throw new TypeError(`${place} is a range such as 10.0.0.0/24`);
  const size = 2 ** (32 - mask);
  return (value) => {
    const address = typeof value === 'string' ? addressBits(value) : undefined;
    return address !== undefined && Math.floor(address / size) === Math.floor(bits / size);
  };
}

function addressBits(address: string): number | undefined {
  const parts = address.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255))
    return undefined;
  return parts.reduce((bits, part) => bits * 256 + part, 0);
}

function textOf(argument: unknown, place: string): string {
  if (typeof argument !== 'string') throw new TypeError(`${place} is a text`);
  return argument;
}
