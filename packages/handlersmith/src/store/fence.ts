/**
 * S3: the fence. It raises the generation of a write, so that nothing staged under an older one is committed.
 *
 * @module
 */
import type { Attempt } from './attempt.ts';
import { type Item, toItem } from './item.ts';
import type { BlobName } from './names.ts';
import { expirationOf, recordKey } from './record.ts';
import { ATTRIBUTE } from './row.ts';
import type { RecordTable } from './settings.ts';
import { errorName } from './transient.ts';

/**
 * Fences a write off from a blob. Under the condition that it is not committed: then it refers to what it refers to,
 * for good. And that it is not at a higher generation already: then this blob is fenced off. Either refusal is final.
 *
 * @returns whether this very request has done it
 */
export async function fence(attempt: Attempt, name: BlobName): Promise<boolean> {
  const { settings } = attempt;
  const { client, sdk } = await settings.dynamodb();
  const input =
    settings.records === undefined ? rowFence(attempt, name) : recordFence(attempt, settings.records, name);
  try {
    await attempt.send('S3', (options) => client.send(new sdk.UpdateItemCommand(input), options));
    return true;
  } catch (error) {
    if (errorName(error) === 'ConditionalCheckFailedException') return false;
    throw error;
  }
}

interface Update {
  readonly TableName: string;
  readonly Key: Item;
  readonly UpdateExpression: string;
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames: Record<string, string>;
  readonly ExpressionAttributeValues: Item;
}

/** In the record: made, where there is none, so that an attempt that has not looked yet meets it. */
function recordFence(attempt: Attempt, records: RecordTable, { write, generation }: BlobName): Update {
  return {
    TableName: records.table,
    Key: recordKey(records, write),
    UpdateExpression: 'SET #state = :fenced, #generation = :next, #expiration = :expiration',
    ConditionExpression: 'attribute_not_exists(#key) OR (#state <> :committed AND #generation < :next)',
    ExpressionAttributeNames: {
      '#key': records.partitionKey,
      '#state': 'state',
      '#generation': 'generation',
      '#expiration': records.expiration,
    },
    ExpressionAttributeValues: {
      ':fenced': { S: 'F' },
      ':committed': { S: 'C' },
      ':next': { N: String(generation + 1) },
      ':expiration': { N: String(expirationOf(attempt.settings)) },
    },
  };
}

/** In a compact row, which has its record in it. A row of somebody else has none, and is left alone. */
function rowFence({ settings }: Attempt, { rowKey, generation }: BlobName): Update {
  const [attribute = ''] = Object.keys(rowKey);
  return {
    TableName: settings.table,
    Key: toItem('rowKey()', rowKey),
    UpdateExpression: 'SET #write = :fenced',
    ConditionExpression:
      'attribute_not_exists(#key) OR (#write.#state <> :committed AND #write.#generation < :next)',
    ExpressionAttributeNames: {
      '#key': attribute,
      '#write': ATTRIBUTE.record,
      '#state': 'state',
      '#generation': 'generation',
    },
    ExpressionAttributeValues: {
      ':fenced': { M: { state: { S: 'F' }, generation: { N: String(generation + 1) } } },
      ':committed': { S: 'C' },
      ':next': { N: String(generation + 1) },
    },
  };
}
