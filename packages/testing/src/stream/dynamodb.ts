/**
 * Events of DynamoDB streams.
 *
 * @module
 */
import type { DynamoDBRecord, DynamoDBStreamEvent, StreamRecord } from 'aws-lambda';

import { marshalled, sizeOf, type TestItem } from './marshalled.ts';
import { type TestWindow, windowMembers } from './window.ts';

/** One change of an item, as a test states it: whole items, whatever the stream shows of them. */
export type ItemChange =
  | { readonly type: 'insert'; readonly after: TestItem }
  | { readonly type: 'modify'; readonly before: TestItem; readonly after: TestItem }
  | {
      readonly type: 'remove';
      readonly before: TestItem;
      /** Whether DynamoDB removed it because its time to live was over. */
      readonly expired?: boolean;
    };

/** What a test may say about the table and its stream. */
export interface DynamoStreamEventOptions {
  /** Name of the table. `items` if not given. */
  readonly table?: string;
  /** Names of the key's attributes. `['id']` if not given. */
  readonly keys?: readonly string[];
  /** What the stream shows. `NEW_AND_OLD_IMAGES` if not given. */
  readonly view?: NonNullable<StreamRecord['StreamViewType']>;
  /** Sequence number of the first record; those that follow rise. One with 21 digits if not given. */
  readonly firstSequenceNumber?: bigint;
  /** When the items were changed. Now, if not given. */
  readonly changedAt?: Date;
  /** The tumbling window the batch belongs to. None if not given. */
  readonly window?: TestWindow;
}

const REGION = 'eu-west-1';
const ACCOUNT = '123456789012';
const SHARD = 'shardId-00000001573689847184-864758bb';
const FIRST = 100_000_000_000_000_000_001n;

/**
 * Builds the event that Lambda sends for changes of a table. What a record says twice is computed: its keys out of the
 * images, which images there are out of the view type, its size out of all of them. Sequence numbers rise, with gaps,
 * as in a shard that holds other items too.
 *
 * @param changes - in the order in which they happened
 * @throws TypeError where an item lacks a key, or a modification changes one
 * @example
 * const event = dynamoStreamEvent([
 *   { type: 'insert', after: { id: 'u1', name: 'Ada' } },
 *   { type: 'remove', before: { id: 'u2', name: 'Bob' }, expired: true },
 * ]);
 * event.Records[0].dynamodb.NewImage; // { id: { S: 'u1' }, name: { S: 'Ada' } }
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
 */
export function dynamoStreamEvent(
  changes: readonly ItemChange[],
  options: DynamoStreamEventOptions = {},
): DynamoDBStreamEvent {
  const { table = 'items', firstSequenceNumber = FIRST, changedAt = new Date(), window } = options;
  const stream = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${table}/stream/2026-01-01T00:00:00.000`;
  const event = {
    Records: changes.map((change, index) =>
      recordOf(change, String(firstSequenceNumber + BigInt(index) * 7n), stream, changedAt, options),
    ),
    ...(window === undefined ? {} : windowMembers(window, changedAt, SHARD, stream)),
  };
  return event;
}

function recordOf(
  change: ItemChange,
  sequenceNumber: string,
  stream: string,
  changedAt: Date,
  { keys = ['id'], view = 'NEW_AND_OLD_IMAGES' }: DynamoStreamEventOptions,
): DynamoDBRecord {
  const before = 'before' in change ? marshalled(change.before) : undefined;
  const after = 'after' in change ? marshalled(change.after) : undefined;
  const key = keyOf(keys, before, after);
  const images = {
    ...(after !== undefined && view.startsWith('NEW') ? { NewImage: after } : {}),
    ...(before !== undefined && view.includes('OLD') ? { OldImage: before } : {}),
  };
  return {
    eventID: crypto.randomUUID().replaceAll('-', ''),
    eventName: ({ insert: 'INSERT', modify: 'MODIFY', remove: 'REMOVE' } as const)[change.type],
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: REGION,
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(changedAt.getTime() / 1000),
      Keys: key,
      ...images,
      SequenceNumber: sequenceNumber,
      SizeBytes: [key, ...Object.values(images)].reduce((bytes, image) => bytes + sizeOf(image), 0),
      StreamViewType: view,
    },
    ...(change.type === 'remove' && change.expired === true
      ? { userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' } }
      : {}),
    eventSourceARN: stream,
  };
}

type Image = ReturnType<typeof marshalled>;

/** The key out of the images. */
function keyOf(names: readonly string[], before: Image | undefined, after: Image | undefined): Image {
  const keys: Image = {};
  for (const name of names) {
    const value = (after ?? before)?.[name];
    if (value === undefined) throw new TypeError(`dynamoStreamEvent: an item has no key "${name}"`);
    if (before !== undefined && JSON.stringify(before[name]) !== JSON.stringify(value))
      throw new TypeError(`dynamoStreamEvent: a modification cannot change the key "${name}"`);
    keys[name] = value;
  }
  return keys;
}
