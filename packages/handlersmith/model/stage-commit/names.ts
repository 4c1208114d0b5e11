/**
 * Everything that can have a name in one configuration, numbered: keys, payloads, blobs, rows. A state then only holds
 * small numbers.
 *
 * @module
 */
import { letter } from '../letter.ts';
import type { Invocation, Settings } from './options.ts';

export interface Blob {
  /** As in a trace: key, day, generation, and what makes it different. */
  readonly name: string;
  /** The key the sweeper reads off the blob's name (S3). */
  readonly key: number;
  readonly generation: number;
}

export interface Names {
  /** All that are made, then one more for each different request: the retry that comes when all is at rest. */
  readonly invocations: readonly Invocation[];
  /** How many of them are in the run itself. */
  readonly writers: number;
  /** The first invocation that asks for the same. */
  readonly alike: readonly number[];
  readonly keys: readonly string[];
  readonly payloads: readonly string[];
  readonly keyOf: readonly number[];
  readonly payloadOf: readonly number[];
  /** By number; number 0 is no blob. */
  readonly blobs: readonly Blob[];
  /** Blobs with numbers below this can be met in the run, the others only in the retry at the end. */
  readonly blobsInRun: number;
  readonly rowsInRun: number;
  readonly rows: number;
  /** The highest generation there is a blob for. */
  readonly generations: number;
  blobFor(invocation: number, day: number, generation: number): number;
  rowFor(invocation: number, blob: number): number;
  /** Whether invocations that ask for the same can change places without anybody noticing. */
  readonly interchangeable: boolean;
}

/** The blob and the row that are there from the start. */
export const FIRST_BLOB = 1;
const FIRST_KEY = 'K0';
const FIRST_PAYLOAD = 'P0';

export function namesOf(settings: Settings): Names {
  const { budget, blobKeys, rowIds, rowExists } = settings;
  const asked = settings.invocations;
  const different = asked.filter((one, index) => asked.findIndex((other) => same(one, other)) === index);
  const invocations = [...asked, ...different];
  const alike = invocations.map((one) => asked.findIndex((other) => same(one, other)));

  const keys = unique([
    ...asked.map(({ key }) => key),
    ...(rowExists ? [FIRST_KEY] : []),
    ...(blobKeys === 'content of all keys' ? ['*'] : []),
  ]);
  // Payload 0 is "nothing in the bucket".
  const payloads = unique([
    '',
    ...asked.map(({ payload }) => payload),
    ...(rowExists ? [FIRST_PAYLOAD] : []),
  ]);

  const blobs: Blob[] = [{ name: 'nothing', key: 0, generation: 0 }];
  const known = new Map<string, number>();
  const add = (name: string, key: string, generation: number): number => {
    const number = known.get(name) ?? blobs.length;
    if (number === blobs.length) blobs.push({ name, key: keys.indexOf(key), generation });
    known.set(name, number);
    return number;
  };
  if (rowExists) add(`${FIRST_KEY}/d0/g0.${FIRST_PAYLOAD}`, FIRST_KEY, 0);

  // Each visit raises a generation once; the sweep at the end raises it once more.
  const generations = budget.visits + 1;
  const days = budget.expiries + 1;
  const numbers = new Map<number, number>();
  const number = (from: number, to: number, generation: number): void => {
    for (let invocation = from; invocation < to; invocation++) {
      const one = invocations[invocation];
      if (!one || one.kind === 'remove') continue;
      for (let day = 0; day < days; day++)
        numbers.set(
          place(invocation, day, generation),
          add(...nameOf(one, invocation, day, generation, blobKeys)),
        );
    }
  };
  for (let generation = 0; generation < generations; generation++) number(0, asked.length, generation);
  const blobsInRun = blobs.length;
  number(0, asked.length, generations);
  for (let generation = 0; generation <= generations; generation++)
    number(asked.length, invocations.length, generation);

  // Requests hold a blob in 6 bits, sets of blobs are the bits of one word.
  const most =
    settings.pendingTag || asked.some(({ kind }) => kind === 'replace' || kind === 'remove') ? 32 : 64;
  if (blobs.length > most)
    throw new RangeError(`${blobs.length} blobs in one configuration; at most ${most}`);

  const rowFor = (invocation: number, blob: number): number =>
    rowIds === 'key' ? 0 : invocation * blobs.length + blob;
  return {
    invocations,
    writers: asked.length,
    alike,
    keys,
    payloads,
    keyOf: invocations.map(({ key }) => keys.indexOf(key)),
    payloadOf: invocations.map(({ payload }) => payloads.indexOf(payload)),
    blobs,
    blobsInRun,
    rowsInRun: rowIds === 'key' ? 1 : asked.length * blobs.length,
    rows: rowIds === 'key' ? 1 : invocations.length * blobs.length,
    generations,
    blobFor: (invocation, day, generation) => numbers.get(place(invocation, day, generation)) ?? 0,
    rowFor,
    interchangeable: blobKeys !== 'attempt' && rowIds === 'key' && !settings.lease && settings.parts === 0,
  };
}

function nameOf(
  { key, payload }: Invocation,
  invocation: number,
  day: number,
  generation: number,
  blobKeys: Settings['blobKeys'],
): [name: string, key: string, generation: number] {
  const templates: Record<Settings['blobKeys'], [name: string, key: string, generation: number]> = {
    'generation and content': [`${key}/d${day}/g${generation}.${payload}`, key, generation],
    attempt: [`${key}/d${day}/g${generation}.attempt${letter(invocation)}`, key, generation],
    content: [`${key}/${payload}`, key, 0],
    'content of all keys': [`*/${payload}`, '*', 0],
    fixed: [`${key}/blob`, key, 0],
  };
  return templates[blobKeys];
}

function place(invocation: number, day: number, generation: number): number {
  return (invocation * 16 + day) * 16 + generation;
}

function same(one: Invocation, other: Invocation): boolean {
  return one.key === other.key && one.kind === other.kind && one.payload === other.payload;
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
