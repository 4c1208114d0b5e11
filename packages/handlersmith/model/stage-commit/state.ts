/**
 * A state of the stage-commit-sweep protocol: what every invocation and sweeper is about to do, what the bucket and
 * the table hold, and what is in flight.
 *
 * @module
 */
import { budgetLayout, capacityOf, sortInFlight, type Budget } from '../adversary.ts';
import type { Codec } from '../engine/codec.ts';
import { FIRST_BLOB, type Names } from './names.ts';
import type { Settings } from './options.ts';

/** What an invocation does next. The first look (W1) is its beginning, the answer (W5) the end of its last step. */
export const writerSteps = [
  'idle',
  'W1 row',
  'W1 again',
  'L1',
  'W2',
  'W2a',
  'W2b',
  'W2c',
  'W2c HEAD',
  'W2d',
  'W3',
  'W4',
  'untag',
  'B1',
  'B2',
  'B3',
  'B4',
  'over',
] as const;
export type WriterStep = (typeof writerSteps)[number];

export const results = ['none', 'ok', '404', '409', '410', '422', '503'] as const;
export type Result = (typeof results)[number];

export interface Writer {
  step: WriterStep;
  generation: number;
  /** The blob it stages. */
  blob: number;
  /** The blob it wants to replace or remove. */
  expected: number;
  /** Parts uploaded. */
  parts: number;
  /** Known before the last step (W4), or the answer given. Whoever is over without success is as good as dead. */
  result: Result;
  /** With `ok`: the blob the answer names; 0 for a removal. */
  response: number;
}

export const janitorSteps = ['idle', 'S2', 'S3', 'S4', 'S5', 'R1', 'R2'] as const;
export type JanitorStep = (typeof janitorSteps)[number];

export interface Janitor {
  step: JanitorStep;
  blob: number;
}

/** `-` none, F fenced, L leased or begun, C committed. */
export const recordStates = ['-', 'F', 'L', 'C'] as const;

export interface KeyRecord {
  state: (typeof recordStates)[number];
  generation: number;
  blob: number;
  /** Invocation + 1: whose fingerprint it holds; with a lease, who holds it. */
  by: number;
}

export interface RowItem {
  blob: number;
  /** Invocation + 1; 0 where there is no row. */
  by: number;
}

/** The payload and the key of the row that is there from the start. */
export const FIRST_BY = 255;

export interface State {
  readonly writers: Writer[];
  readonly janitors: Janitor[];
  inFlight: number[];
  /** By blob: the payload in it, or 0. */
  readonly bucket: number[];
  /** By blob: 0, or 1 + the parts of its multipart upload. */
  readonly uploads: number[];
  readonly records: KeyRecord[];
  readonly rows: RowItem[];
  /** By key: how often its write took effect, up to 2. */
  readonly effects: number[];
  /** Sets of blobs, a bit each: on the retire list, no longer in a row, tagged for the lifecycle rule. */
  retired: number;
  replaced: number;
  tagged: number;
  day: number;
  budget: Budget;
}

export function firstState(names: Names, settings: Settings): State {
  const state: State = {
    writers: listOf(names.invocations.length, idleWriter),
    janitors: listOf(settings.sweepers, () => ({ step: 'idle', blob: 0 })),
    inFlight: [],
    bucket: listOf(names.blobs.length, () => 0),
    uploads: listOf(names.blobs.length, () => 0),
    records: listOf(names.keys.length, () => ({ state: '-', generation: 0, blob: 0, by: 0 })),
    rows: listOf(names.rows, () => ({ blob: 0, by: 0 })),
    effects: listOf(names.keys.length, () => 0),
    retired: 0,
    replaced: 0,
    tagged: 0,
    day: 0,
    budget: { ...settings.budget },
  };
  const [row] = state.rows;
  if (settings.rowExists && row) {
    state.bucket[FIRST_BLOB] = names.payloads.length - 1;
    row.blob = FIRST_BLOB;
    row.by = FIRST_BY;
  }
  return state;
}

function listOf<Item>(length: number, make: () => Item): Item[] {
  return Array.from({ length }, make);
}

export function writerOf({ writers }: State, invocation: number): Writer {
  const writer = writers[invocation];
  if (!writer) throw new RangeError(`there is no invocation ${invocation}`);
  return writer;
}

function idleWriter(): Writer {
  return { step: 'idle', generation: 0, blob: 0, expected: 0, parts: 0, result: 'none', response: 0 };
}

/**
 * @param extent - `run`: what a run can reach; `everything`: also what the retry at the end can
 */
export function layoutOf(
  names: Names,
  settings: Settings,
  extent: 'run' | 'everything',
): (state: State, codec: Codec) => void {
  const inRun = extent === 'run';
  const writers = inRun ? names.writers : names.invocations.length;
  const blobs = inRun ? names.blobsInRun : names.blobs.length;
  const rows = inRun ? names.rowsInRun : names.rows;
  const capacity = capacityOf(settings.budget);
  const changesRows = settings.invocations.some(({ kind }) => kind === 'replace' || kind === 'remove');
  return (state, codec) => {
    for (let index = 0; index < writers; index++) writerLayout(state.writers[index], codec, settings);
    for (const janitor of state.janitors) {
      janitor.step = codec.oneOf(janitorSteps, janitor.step);
      janitor.blob = codec.byte(janitor.blob);
    }
    state.inFlight = codec.words(state.inFlight, capacity);
    for (let blob = 1; blob < blobs; blob++) state.bucket[blob] = codec.byte(state.bucket[blob] ?? 0);
    if (settings.parts > 0)
      for (let blob = 1; blob < blobs; blob++) state.uploads[blob] = codec.byte(state.uploads[blob] ?? 0);
    for (const record of state.records) {
      record.state = codec.oneOf(recordStates, record.state);
      record.generation = codec.byte(record.generation);
      record.blob = codec.byte(record.blob);
      record.by = codec.byte(record.by);
    }
    for (let index = 0; index < rows; index++) {
      const row = state.rows[index];
      if (!row) continue;
      row.blob = codec.byte(row.blob);
      row.by = codec.byte(row.by);
    }
    for (let key = 0; key < names.keys.length; key++)
      state.effects[key] = codec.byte(state.effects[key] ?? 0);
    if (changesRows) {
      state.retired = codec.word(state.retired);
      state.replaced = codec.word(state.replaced);
    }
    if (settings.pendingTag) state.tagged = codec.word(state.tagged);
    state.day = codec.byte(state.day);
    budgetLayout(state.budget, codec);
  };
}

function writerLayout(writer: Writer | undefined, codec: Codec, { parts }: Settings): void {
  if (!writer) return;
  writer.step = codec.oneOf(writerSteps, writer.step);
  writer.generation = codec.byte(writer.generation);
  writer.blob = codec.byte(writer.blob);
  writer.expected = codec.byte(writer.expected);
  if (parts > 0) writer.parts = codec.byte(writer.parts);
  writer.result = codec.oneOf(results, writer.result);
  writer.response = codec.byte(writer.response);
}

/** Interchangeable invocations and sweepers in order of what they are at; what is in flight in order. */
export function canonicalOf(names: Names): (state: State) => void {
  const { alike, interchangeable, writers } = names;
  return (state) => {
    sortInFlight(state);
    if (state.janitors.length > 1)
      state.janitors.sort((one, other) => orderOfJanitor(one) - orderOfJanitor(other));
    if (!interchangeable) return;
    // Insertion sort: two or three of them, nearly always in order.
    for (let index = 1; index < writers; index++)
      for (let at = index; at > 0 && alike[at] === alike[at - 1]; at--) {
        const [one, other] = [state.writers[at - 1], state.writers[at]];
        if (!one || !other || orderOf(one) <= orderOf(other)) break;
        state.writers[at - 1] = other;
        state.writers[at] = one;
      }
  };
}

function orderOf({ step, generation, blob, expected, result, response }: Writer): number {
  const small = ((generation * 64 + blob) * 64 + expected) * 8 + results.indexOf(result);
  return (small * 64 + response) * 32 + writerSteps.indexOf(step);
}

function orderOfJanitor({ step, blob }: Janitor): number {
  return janitorSteps.indexOf(step) * 64 + blob;
}
