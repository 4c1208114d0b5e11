/**
 * One change of an item, read out of a stream record.
 *
 * @module
 */
import type { DynamoDBRecord } from 'aws-lambda';

import { type Check, type Checked, checkOf } from '../handler/schema.ts';
import { isThenable } from '../handler/thenable.ts';
import { inWords, refused } from '../records/refusal.ts';
import { numberReader } from './number.ts';
import type { StreamOptions } from './options.ts';
import { type EventAttribute, type Image, mapOf } from './unmarshall.ts';

/** What the stream shows of an item: its `StreamViewType`. */
export type StreamView = 'NEW_AND_OLD_IMAGES' | 'NEW_IMAGE' | 'OLD_IMAGE' | 'KEYS_ONLY';

/** What happened to the item. */
export type ChangeType = 'insert' | 'modify' | 'remove';

/** A change as the stream has it, before any schema: what `skip` looks at. */
export interface RawChange {
  readonly type: ChangeType;
  /** The item's key. */
  readonly keys: Image;
  /** The item before the change; absent on an insert, and where the stream does not show it. */
  readonly before?: Image;
  /** The item after the change; absent on a remove, and where the stream does not show it. */
  readonly after?: Image;
  /** Of a remove: whether it was DynamoDB's, because the item's time to live was over. */
  readonly expired?: boolean;
}

const TYPES: Readonly<Record<string, ChangeType>> = { INSERT: 'insert', MODIFY: 'modify', REMOVE: 'remove' };

const SHOWN: Readonly<Record<StreamView, { readonly before: boolean; readonly after: boolean }>> = {
  NEW_AND_OLD_IMAGES: { before: true, after: true },
  NEW_IMAGE: { before: false, after: true },
  OLD_IMAGE: { before: true, after: false },
  KEYS_ONLY: { before: false, after: false },
};

/** The type of a record's change; `undefined` for one that nobody knows. */
export function typeOf(record: DynamoDBRecord): ChangeType | undefined {
  return Object.hasOwn(TYPES, record.eventName ?? '') ? TYPES[record.eventName ?? ''] : undefined;
}

/**
 * Makes the function that reads records.
 *
 * @returns throws a permanent failure where an image is malformed; any other error where the stream is not what the
 *   option `view` says, since that is for the template to mend and no record's fault
 */
export function readerOf({
  view = 'NEW_AND_OLD_IMAGES',
  numbers = 'bigint',
}: StreamOptions): (record: DynamoDBRecord, type: ChangeType) => RawChange {
  const shown = SHOWN[view];
  const readNumber = numberReader(numbers);

  const read = (image: Readonly<Record<string, EventAttribute>>): Image => {
    try {
      return mapOf(image, readNumber);
    } catch (error) {
      throw refused(error instanceof Error ? error.message : 'An image cannot be read');
    }
  };
  const imageOf = (record: DynamoDBRecord, name: 'OldImage' | 'NewImage'): Image => {
    const image = record.dynamodb?.[name];
    if (image === undefined)
      throw new Error(
        `A record has no ${name}: the stream shows ${record.dynamodb?.StreamViewType ?? 'less'}, the handler expects ${view}. Set its option "view" to what the table's StreamViewType is`,
      );
    return read(image);
  };

  // Filled in one by one: to spread what may be absent makes objects that are thrown away at once.
  return (record, type) => {
    const change: { -readonly [Part in keyof RawChange]: RawChange[Part] } = {
      type,
      keys: read(record.dynamodb?.Keys ?? {}),
    };
    if (shown.before && type !== 'insert') change.before = imageOf(record, 'OldImage');
    if (shown.after && type !== 'remove') change.after = imageOf(record, 'NewImage');
    if (type === 'remove') change.expired = isExpired(record);
    return change;
  };
}

/** TTL deletes are told apart by who did them. */
function isExpired(record: DynamoDBRecord): boolean {
  const identity: unknown = record.userIdentity; // `any` in its own type
  return (
    typeof identity === 'object' &&
    identity !== null &&
    'principalId' in identity &&
    identity.principalId === 'dynamodb.amazonaws.com'
  );
}

/** A change whose parts are what their schemas made of them. */
export type CheckedChange = { readonly [Part in keyof RawChange]: unknown };

/**
 * Makes the check of a change, once, when the handler is built.
 *
 * @returns gives the change, throws a permanent failure where a part does not match its schema
 * @throws TypeError when an option is no schema
 */
export function checkerOf(
  factory: string,
  { item, keys }: StreamOptions,
): (change: RawChange) => CheckedChange | Promise<CheckedChange> {
  const itemCheck = item === undefined ? undefined : checkOf(`${factory}: item`, item);
  const keyCheck = keys === undefined ? undefined : checkOf(`${factory}: keys`, keys);
  const checks = (
    [
      ['keys', keyCheck],
      ['before', itemCheck],
      ['after', itemCheck],
    ] as const
  ).filter((pair): pair is ['keys' | 'before' | 'after', Check] => pair[1] !== undefined);
  return (change) => checkFrom(checks, 0, change);
}

/** Goes through the checks without a promise as long as none of them needs one. */
function checkFrom(
  checks: readonly (readonly ['keys' | 'before' | 'after', Check])[],
  index: number,
  change: CheckedChange,
): CheckedChange | Promise<CheckedChange> {
  const pair = checks[index];
  if (pair === undefined) return change;
  const [part, check] = pair;
  if (!(part in change)) return checkFrom(checks, index + 1, change);
  const settle = (checked: Checked): CheckedChange | Promise<CheckedChange> => {
    if (checked.issues !== undefined)
      throw refused(`${part} does not match its schema: ${inWords(checked.issues)}`);
    return checkFrom(checks, index + 1, { ...change, [part]: checked.value });
  };
  const checked = check(change[part]);
  return isThenable(checked) ? Promise.resolve(checked).then(settle) : settle(checked);
}
