/**
 * What `s3Handler` takes, and the checks of it.
 *
 * @module
 */
import { type FunctionOptions, functionRules } from '../handler/environment.ts';
import { callback, type OptionRule, type OptionRules } from '../handler/options.ts';
import type { IdempotencyKey } from '../idempotency/key.ts';
import { type IdempotencyOptions, idempotencyRule } from '../idempotency/options.ts';
import type { OrderOptions } from '../idempotency/order.ts';
import type { S3ClientLike } from './client.ts';
import { type EventPattern, isPattern } from './names.ts';
import type { S3Object } from './object.ts';

/** One execution per event of an object. */
export interface S3IdempotencyOptions extends Omit<IdempotencyOptions<S3Object>, 'key'> {
  /** Default: bucket, key, and the version, or else the sequencer, with what became of the object. */
  readonly key?: (object: S3Object) => IdempotencyKey;
}

/** Which events run: those that created an object, removed one, all, or those of certain names. */
export type On = 'created' | 'removed' | 'all' | readonly EventPattern[];

/** What {@link s3Handler} takes. Everything has a default. */
export interface S3Options extends FunctionOptions {
  /** Events that run; others are skipped. Names such as `ObjectCreated:Put` or `ObjectTagging:*`. Default `'all'`. */
  readonly on?: On;
  /** Keys that run begin with it, or with one of a list. Default: any. */
  readonly prefix?: string | readonly string[];
  /** Keys that run end with it, or with one of a list. Default: any. */
  readonly suffix?: string | readonly string[];
  /**
   * Where `run` writes in the bucket that triggers it, or a list of such places: keys that begin with it are skipped,
   * so that the function does not trigger itself for ever. Default: none.
   */
  readonly outputPrefix?: string | readonly string[];
  /** Bytes an object may have; a larger one is skipped with a log line. Default: no limit. */
  readonly maxBytes?: number;
  /** Records that run at one time. Default 4. */
  readonly concurrency?: number;
  /** Makes the `S3Client` that objects are read with, once per environment. Default: one with the SDK's settings. */
  readonly client?: () => S3ClientLike | Promise<S3ClientLike>;
  /** Skips the events that are done, when Lambda or the queue delivers them again. Default: all run again. */
  readonly idempotency?: S3IdempotencyOptions;
  /**
   * Skips events that are older than one of the same object that has been handled, and handles those of one object
   * one at a time. Default: events run as they come.
   */
  readonly ordered?: OrderOptions;
}

/** Records that run at one time where nothing is said: each may hold a whole object in memory. */
export const DEFAULT_CONCURRENCY = 4;

const affix: OptionRule = {
  expected: 'a non-empty string, or a list of such',
  accepts: (value) => {
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    return list.length > 0 && list.every((each) => typeof each === 'string' && each !== '');
  },
};

const wholeNumber = (least: number): OptionRule => ({
  expected: `a whole number of ${least} or more`,
  accepts: (value) => Number.isInteger(value) && (value as number) >= least, // an integer is a number
});

/** Rules of {@link S3Options}. */
export const s3Rules: OptionRules = {
  ...functionRules,
  on: {
    expected: `'created', 'removed', 'all' or a list of event names such as 'ObjectCreated:Put' or 'ObjectTagging:*'`,
    accepts: (value) =>
      value === 'created' ||
      value === 'removed' ||
      value === 'all' ||
      (Array.isArray(value) && value.length > 0 && value.every((each) => isPattern(each))),
  },
  prefix: affix,
  suffix: affix,
  outputPrefix: affix,
  maxBytes: wholeNumber(0),
  concurrency: wholeNumber(1),
  client: callback,
  idempotency: idempotencyRule,
  ordered: {
    expected: 'an object such as { store: dynamoStore({ tableName }) }',
    accepts: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  },
};

/** One text, several or none, as a list. */
export function listOf(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}

/** @throws TypeError for options that leave nothing to run */
export function checkContradictions(factory: string, { prefix, outputPrefix }: S3Options): void {
  const [inputs, outputs] = [listOf(prefix), listOf(outputPrefix)];
  if (inputs.length === 0) return;
  if (inputs.every((input) => outputs.some((output) => input.startsWith(output))))
    throw new TypeError(
      `${factory}: option "outputPrefix" takes in every "prefix": nothing would ever run. Write elsewhere than you read`,
    );
}
