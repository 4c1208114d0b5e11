/**
 * What the fault tests do: one write in each way the store can do it.
 *
 * @module
 */
import type { BenchOptions } from '../simulation/bench.ts';
import type { Ask } from '../simulation/writes.ts';

export interface Mode {
  readonly name: string;
  readonly options?: Pick<BenchOptions, 'compact' | 'probe' | 'lease' | 'sdkTries'>;
  /** Done before anything fails. */
  readonly before?: readonly Ask[];
  /** The write that meets faults. Then comes the same key with another payload. */
  readonly ask: Ask;
  /** Another's write to the same row, between the two. */
  readonly between?: Ask;
  /** Tries of each request, where single faults are met with one number of them alone. Default 1. */
  readonly tries?: 1 | 2;
  /** Runs one case in so many, where each takes long. */
  readonly share?: number;
  /** Whether the record of the write expires before it is asked for once more. */
  readonly expires?: boolean;
}

const row: Ask = { kind: 'create', key: 'K0', payload: 'P0', id: 'row' };
const create: Ask = { kind: 'create', key: 'K1', payload: 'P1' };

export const modes: readonly Mode[] = [
  { name: 'create', ask: create },
  { name: 'create without a first look', options: { probe: false }, ask: create },
  {
    name: 'create with an id',
    tries: 2,
    ask: { ...create, id: 'row' },
    between: { ...create, key: 'K2', id: 'row' },
  },
  { name: 'create, the record expires', ask: create, expires: true },
  { name: 'create, the SDK tries twice', options: { sdkTries: 2 }, ask: create },
  { name: 'create with a lease', options: { lease: true }, ask: create },
  { name: 'create compact', tries: 2, options: { compact: true }, ask: create },
  { name: 'create compact without a first look', options: { compact: true, probe: false }, ask: create },
  { name: 'replace', tries: 2, before: [row], ask: { ...create, kind: 'replace', id: 'row' } },
  {
    name: 'replace, the record expires',
    before: [row],
    ask: { ...create, kind: 'replace', id: 'row' },
    expires: true,
  },
  {
    name: 'replace, then another does',
    before: [row],
    ask: { ...create, kind: 'replace', id: 'row' },
    between: { kind: 'replace', key: 'K2', payload: 'P3', id: 'row' },
  },
  {
    name: 'remove',
    tries: 2,
    before: [row],
    ask: { ...create, kind: 'remove', id: 'row' },
    between: { kind: 'create', key: 'K2', payload: 'P3', id: 'row' },
  },
  {
    name: 'create, then it is removed',
    ask: { ...create, id: 'row' },
    between: { kind: 'remove', key: 'K2', payload: 'P3', id: 'row' },
  },
  { name: 'create from a stream', ask: { ...create, as: 'stream' } },
  { name: 'create from a stream in parts', share: 7, ask: { ...create, as: 'parts' } },
  { name: 'upload', tries: 2, ask: { ...create, as: 'upload' } },
  { name: 'upload of which S3 tells', ask: { ...create, as: 'upload', told: true } },
];

/** @throws TypeError for a name that none has */
export function modeNamed(name: string): Mode {
  const mode = modes.find((each) => each.name === name);
  if (mode === undefined) throw new TypeError(`There is no mode "${name}"`);
  return mode;
}
