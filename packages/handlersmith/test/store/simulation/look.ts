/**
 * Looking at bucket and tables, as they are.
 *
 * @module
 */
import { createHash } from 'node:crypto';

import { type AttributeValue, QueryCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';

import { BUCKET, LEDGER, ROWS } from './names.ts';
import type { Clients } from './world.ts';
import type { Effect } from './writes.ts';

/** A row that refers to a blob. */
export interface SeenRow {
  readonly id: string;
  readonly title: string;
  readonly blob: string;
  readonly sha256: string;
}

/** Everything there is of one scope. */
export interface Sight {
  readonly rows: readonly SeenRow[];
  /** Effects by the row's id, in the order they took place. */
  readonly effects: ReadonlyMap<string, readonly Effect[]>;
  readonly objects: ReadonlySet<string>;
}

/** Reads everything of a scope, strongly consistent. */
export async function lookAt({ s3, dynamodb }: Clients, scope: string, prefix: string): Promise<Sight> {
  const query = async (table: string): Promise<Record<string, AttributeValue>[]> => {
    const found: Record<string, AttributeValue>[] = [];
    let from: Record<string, AttributeValue> | undefined;
    do {
      // oxlint-disable-next-line no-await-in-loop -- one page after the other
      const page = await dynamodb.send(
        new QueryCommand({
          TableName: table,
          ConsistentRead: true,
          KeyConditionExpression: '#scope = :scope',
          ExpressionAttributeNames: { '#scope': 'scope' },
          ExpressionAttributeValues: { ':scope': { S: scope } },
          ExclusiveStartKey: from,
        }),
      );
      found.push(...(page.Items ?? []));
      from = page.LastEvaluatedKey;
    } while (from !== undefined);
    return found;
  };
  const [rows, ledger, objects] = await Promise.all([query(ROWS), query(LEDGER), keysOf(s3, prefix)]);
  return {
    // What the sweep leaves in a compact table to fence a write is no row: it has no blob.
    rows: rows.flatMap(({ id, title, blob }) =>
      blob?.M === undefined
        ? []
        : [
            {
              id: id?.S ?? '',
              title: title?.S ?? '',
              blob: blob.M['key']?.S ?? '',
              sha256: blob.M['sha256']?.S ?? '',
            },
          ],
    ),
    effects: new Map(
      ledger.map(({ id, effects }) => [
        id?.S ?? '',
        (effects?.L ?? []).map(({ S }) => JSON.parse(S ?? '') as Effect), // as ledgerItem() writes them
      ]),
    ),
    objects,
  };
}

async function keysOf(s3: Clients['s3'], prefix: string): Promise<Set<string>> {
  const keys = new Set<string>();
  let from: string | undefined;
  do {
    // oxlint-disable-next-line no-await-in-loop -- one page after the other
    const page = await s3.send(
      new ListObjectsV2Command({ Bucket: BUCKET, Prefix: prefix, ContinuationToken: from }),
    );
    for (const { Key: key } of page.Contents ?? []) if (key !== undefined) keys.add(key);
    from = page.NextContinuationToken;
  } while (from !== undefined);
  return keys;
}

/** The SHA-256 of an object's bytes; `undefined` where there is none. */
export async function checksumAt({ s3 }: Clients, key: string): Promise<string | undefined> {
  try {
    const { Body: body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }));
    const bytes = await body?.transformToByteArray();
    return createHash('sha256')
      .update(bytes ?? new Uint8Array())
      .digest('hex');
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
    throw error;
  }
}
