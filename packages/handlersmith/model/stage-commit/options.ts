/**
 * What a configuration of the stage-commit-sweep protocol says: who asks for what, and which part of the protocol is
 * taken away or bent.
 *
 * @module
 */
import type { Budget } from '../adversary.ts';

export type Kind = 'create' | 'replace' | 'remove' | 'upload' | 'event';

/**
 * One invocation: a first request, a client's retry, a redelivery or a concurrent duplicate. The interleavings make it
 * each of these.
 */
export interface Invocation {
  readonly key: string;
  readonly kind: Kind;
  readonly payload: string;
}

export type SweepStep = 'S2' | 'S3' | 'S4' | 'S5';

export interface StageCommitOptions {
  readonly invocations: readonly Invocation[];
  readonly budget: Budget;
  /** A row with its blob is there from the start. */
  readonly rowExists?: boolean;
  /** What a blob's key is made of, besides the day. The protocol: generation and content. */
  readonly blobKeys?: 'generation and content' | 'attempt' | 'content' | 'content of all keys' | 'fixed';
  /** W2: `If-None-Match: *` on every put. */
  readonly ifNoneMatch?: boolean;
  /** Parts of a multipart upload (W2a-W2d); 0 puts the blob in one request. */
  readonly parts?: number;
  /** W3: the record is written with the row. Without: compact mode, the row is the record. */
  readonly records?: boolean;
  /** W3: the commit is conditional on the generation that S3 raises. */
  readonly fence?: boolean;
  /** What the row's id comes from. Random: one row for each commit, without a condition. */
  readonly rowIds?: 'key' | 'random';
  /** Replace and remove expect the row that is there from the start. Else they take it as they find it. */
  readonly expecting?: boolean;
  /** W3: a row is replaced or removed only as it was read. */
  readonly rowCondition?: boolean;
  /** W1: reads the record before it stages. */
  readonly probe?: boolean;
  /** W1, W3: a row that this very write has made as it is answers for a record that has expired. */
  readonly rowAnswers?: boolean;
  /** L1: claims the record before it stages, and answers 409 to whoever comes meanwhile. */
  readonly lease?: boolean;
  /** W1, W3: a committed record with another fingerprint is refused. */
  readonly fingerprint?: boolean;
  /** W4: the loser of a committed key deletes its own blob. */
  readonly deleteLoser?: boolean;
  /** Wrong: deletes the staged blob when the outcome of W3 is unknown. */
  readonly deleteOnUnknown?: boolean;
  /** Wrong: deletes the staged blob when W3 is refused by the row. */
  readonly deleteOnConflict?: boolean;
  /** Wrong: a tag for a lifecycle rule on every staged blob, taken off after the commit. */
  readonly pendingTag?: boolean;
  /** What a sweeper does with a listed blob. None: there is no sweeper. */
  readonly sweep?: readonly SweepStep[];
  /** Wrong: S3 takes a record committed with this blob as proof that the blob is live. */
  readonly trustRecord?: boolean;
  /** Sweepers at work at once; each also works off retired blobs. */
  readonly sweepers?: number;
  /** A timing assumption: a blob is judged old only when nobody can still use it. The protocol makes none. */
  readonly graceHonoured?: boolean;
  /** A timing assumption: a record expires only when no attempt is left that could use it. */
  readonly attemptsEndFirst?: boolean;
  /** Which records may expire. */
  readonly expire?: 'committed' | 'committed and fenced';
}

export type Settings = Required<StageCommitOptions>;

/** The protocol as it is. */
export function settingsOf(options: StageCommitOptions): Settings {
  return {
    rowExists: false,
    blobKeys: 'generation and content',
    ifNoneMatch: true,
    parts: 0,
    records: true,
    fence: true,
    rowIds: 'key',
    expecting: false,
    rowCondition: true,
    probe: true,
    rowAnswers: true,
    lease: false,
    fingerprint: true,
    deleteLoser: true,
    deleteOnUnknown: false,
    deleteOnConflict: false,
    pendingTag: false,
    sweep: ['S2', 'S3', 'S4', 'S5'],
    trustRecord: false,
    sweepers: 1,
    graceHonoured: false,
    attemptsEndFirst: false,
    expire: 'committed',
    ...options,
  };
}
