/**
 * A sweep written once more, without looking at the store's: the protocol's five steps, each of which can be left out.
 * Whole, it is the control of the tests that leave one out.
 *
 * @module
 */
import { DeleteItemCommand, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { DeleteObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';

import { parseBlobKey } from '../../../src/store/names.ts';
import { BUCKET, ROWS } from './names.ts';
import type { Clients } from './world.ts';

/** What a sweep may lack. */
export type Flaw =
  /** S3 */
  | 'no fence'
  /** S4 */
  | 'row read before the fence alone'
  /** S2 and S4 */
  | 'record trusted';

export interface Swept {
  readonly prefix: string;
  readonly records: string;
}

/** Looks at every blob, however young. */
export async function sweepOnce(
  { s3, dynamodb }: Clients,
  { prefix, records }: Swept,
  flaw?: Flaw,
): Promise<number> {
  let deleted = 0;
  const { Contents: blobs = [] } = await s3.send(
    new ListObjectsV2Command({ Bucket: BUCKET, Prefix: prefix }),
  );
  for (const { Key: key = '' } of blobs) {
    const name = parseBlobKey(prefix, key);
    if (name === undefined) continue;
    const record = { pk: { S: `write#${name.write}` }, sk: { S: 'record' } };
    const isLive = async (): Promise<boolean> => {
      if (flaw === 'record trusted') {
        const { Item: item } = await dynamodb.send(
          new GetItemCommand({ TableName: records, Key: record, ConsistentRead: true }),
        );
        return item?.['state']?.S === 'C' && item['blob']?.M?.['key']?.S === key;
      }
      const { Item: row } = await dynamodb.send(
        new GetItemCommand({
          TableName: ROWS,
          Key: { scope: { S: String(name.rowKey['scope']) }, id: { S: String(name.rowKey['id']) } },
          ConsistentRead: true,
        }),
      );
      return row?.['blob']?.M?.['key']?.S === key;
    };
    // oxlint-disable-next-line no-await-in-loop -- one blob after the other
    if (await isLive()) continue;
    if (flaw !== 'no fence') {
      try {
        // oxlint-disable-next-line no-await-in-loop -- as above
        await dynamodb.send(
          new UpdateItemCommand({
            TableName: records,
            Key: record,
            UpdateExpression: 'SET #state = :fenced, generation = :next',
            ConditionExpression: 'attribute_not_exists(pk) OR (#state <> :committed AND generation < :next)',
            ExpressionAttributeNames: { '#state': 'state' },
            ExpressionAttributeValues: {
              ':fenced': { S: 'F' },
              ':committed': { S: 'C' },
              ':next': { N: String(name.generation + 1) },
            },
          }),
        );
      } catch (error) {
        if (!(error instanceof Error) || error.name !== 'ConditionalCheckFailedException') throw error;
      }
      // oxlint-disable-next-line no-await-in-loop -- as above
      if (flaw !== 'row read before the fence alone' && (await isLive())) continue;
    }
    // oxlint-disable-next-line no-await-in-loop -- as above
    await s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: key }));
    deleted += 1;
  }
  return deleted;
}

/** Lets the record of a committed write expire. */
export async function expire({ dynamodb }: Clients, records: string, write: string): Promise<void> {
  try {
    await dynamodb.send(
      new DeleteItemCommand({
        TableName: records,
        Key: { pk: { S: `write#${write}` }, sk: { S: 'record' } },
        ConditionExpression: '#state = :committed',
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: { ':committed': { S: 'C' } },
      }),
    );
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ConditionalCheckFailedException') throw error;
  }
}
