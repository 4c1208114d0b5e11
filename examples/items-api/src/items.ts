/**
 * The items, in DynamoDB. Nothing else knows of it.
 *
 * One table. All items share the partition `ITEMS` and are sorted by their id, which begins with the time of creation:
 * the list is one query in the order things were made, without an index and without a scan. One partition takes about
 * 1,000 writes a second; past that, put something that spreads into its name, such as a tenant or a month.
 *
 * @module
 */
import { randomUUID } from 'node:crypto';

import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';

import { isItemId, newItemId } from './id.ts';
import type { Item, NewItem } from './schemas.ts';

/** Once per environment. Throttling and faults of the network are retried by the SDK. */
const documents = DynamoDBDocumentClient.from(new DynamoDBClient());

const PARTITION = 'ITEMS';

/** What may be given to each call. */
export interface CallOptions {
  /** Gives up the call when it aborts. */
  signal?: AbortSignal;
}

/** Versions a change may meet; `'any'` for whichever is there. */
export type Expected = readonly number[] | 'any';

/** An item may be gone, or no longer what the caller knows. */
export type Refused = { outcome: 'missing' } | { outcome: 'stale'; version: number };

/** Makes an item, of version 1. */
export async function create(item: NewItem, options: CallOptions = {}): Promise<Item> {
  const now = new Date();
  const made: Item = {
    id: newItemId(now.getTime()),
    ...item,
    version: 1,
    createdAt: now.toISOString(),
    updatedAt: now.toISOString(),
  };
  const put = new PutCommand({
    TableName: tableName(),
    Item: stored(made, randomUUID()),
    ConditionExpression: 'attribute_not_exists(sk)',
  });
  try {
    await documents.send(put, sendOptions(options));
  } catch (error) {
    // Two ids are never alike: what is there is our own write, retried after its acknowledgement was lost.
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
  return made;
}

/** An item, as the last write left it; undefined where there is none. */
export async function get(id: string, options: CallOptions = {}): Promise<Item | undefined> {
  if (!isItemId(id)) return undefined;
  const { Item: found } = await documents.send(
    new GetCommand({ TableName: tableName(), Key: keyOf(id), ConsistentRead: true }),
    sendOptions(options),
  );
  return found && itemOf(found);
}

/**
 * Items in the order they were made.
 *
 * @param page - how many, and the id to go on after
 * @returns the items, and whether there are more
 */
export async function list(
  page: { limit: number; after?: string | undefined },
  options: CallOptions = {},
): Promise<{ items: Item[]; more: boolean }> {
  const { Items: found = [], LastEvaluatedKey } = await documents.send(
    new QueryCommand({
      TableName: tableName(),
      KeyConditionExpression: 'pk = :partition',
      ExpressionAttributeValues: { ':partition': PARTITION },
      ConsistentRead: true,
      // One more than asked for tells whether there is more; DynamoDB itself says so also at the very end.
      Limit: page.limit + 1,
      ...(page.after !== undefined && { ExclusiveStartKey: keyOf(page.after) }),
    }),
    sendOptions(options),
  );
  const items = found.slice(0, page.limit).map(itemOf);
  return { items, more: found.length > page.limit || LastEvaluatedKey !== undefined };
}

/** Replaces what a client says of an item, where the item still has an expected version. */
export async function replace(
  id: string,
  item: NewItem,
  expected: Expected,
  options: CallOptions = {},
): Promise<{ outcome: 'replaced'; item: Item } | Refused> {
  if (!isItemId(id)) return { outcome: 'missing' };
  const write = randomUUID();
  const condition = conditionOn(expected);
  const update = new UpdateCommand({
    TableName: tableName(),
    Key: keyOf(id),
    UpdateExpression:
      'SET #name = :name, price = :price, tags = :tags, updatedAt = :now, lastWrite = :write ADD version :one',
    ConditionExpression: condition.expression,
    ExpressionAttributeNames: { '#name': 'name' },
    ExpressionAttributeValues: {
      ...condition.values,
      ':name': item.name,
      ':price': item.price,
      ':tags': item.tags,
      ':now': new Date().toISOString(),
      ':write': write,
      ':one': 1,
    },
    ReturnValues: 'ALL_NEW',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  try {
    const { Attributes } = await documents.send(update, sendOptions(options));
    // ALL_NEW gives the whole item.
    return { outcome: 'replaced', item: itemOf(Attributes ?? {}) };
  } catch (error) {
    const found = foundInstead(error);
    // The acknowledgement of our own write was lost and the SDK sent it again.
    if (found?.['lastWrite'] === write) return { outcome: 'replaced', item: itemOf(found) };
    return refusedBy(found);
  }
}

/** Deletes an item, where it still has an expected version. */
export async function remove(
  id: string,
  expected: Expected,
  options: CallOptions = {},
): Promise<{ outcome: 'removed' } | Refused> {
  if (!isItemId(id)) return { outcome: 'missing' };
  const condition = conditionOn(expected);
  const deletion = new DeleteCommand({
    TableName: tableName(),
    Key: keyOf(id),
    ConditionExpression: condition.expression,
    ...(condition.values && { ExpressionAttributeValues: condition.values }),
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  try {
    await documents.send(deletion, sendOptions(options));
    return { outcome: 'removed' };
  } catch (error) {
    return refusedBy(foundInstead(error));
  }
}

type Stored = Record<string, unknown>;

function keyOf(id: string): { pk: string; sk: string } {
  return { pk: PARTITION, sk: id };
}

function stored({ id, ...rest }: Item, lastWrite: string): Stored {
  return { ...keyOf(id), ...rest, lastWrite };
}

function itemOf({ pk: _pk, sk, lastWrite: _lastWrite, ...rest }: Stored): Item {
  // Written by `stored` and `replace` alone; the route's response schema looks once more before it leaves.
  return { id: sk, ...rest } as Item;
}

function conditionOn(expected: Expected): { expression: string; values?: Record<string, number> } {
  if (expected === 'any') return { expression: 'attribute_exists(sk)' };
  // Version 0 never was: no tag of ours among the expected ones still needs a condition that fails.
  const versions = expected.length === 0 ? [0] : expected;
  const values = Object.fromEntries(versions.map((version, index) => [`:expected${index}`, version]));
  return { expression: `attribute_exists(sk) AND version IN (${Object.keys(values).join(', ')})`, values };
}

/** What stood in the way of a conditional write, undefined for nothing at all. Rethrows every other error. */
function foundInstead(error: unknown): Stored | undefined {
  if (!(error instanceof ConditionalCheckFailedException)) throw error;
  return error.Item && unmarshall(error.Item);
}

function refusedBy(found: Stored | undefined): Refused {
  return found === undefined
    ? { outcome: 'missing' }
    : { outcome: 'stale', version: Number(found['version']) };
}

function sendOptions({ signal }: CallOptions): { abortSignal?: AbortSignal } {
  return signal === undefined ? {} : { abortSignal: signal };
}

function tableName(): string {
  const name = process.env['TABLE_NAME'];
  if (name === undefined) throw new Error('TABLE_NAME is not set: the template gives it to the function');
  return name;
}
