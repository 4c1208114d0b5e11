/**
 * The rows of photos, in DynamoDB. Nothing else knows of it: the store alone makes and removes them.
 *
 * All photos are of one album, whose index lists them by the time of their upload. One partition of an index takes about
 * 1,000 writes a second; past that, give each user an album.
 *
 * @module
 */
import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  GetCommand,
  paginateQuery,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';

import type { Place } from './cursor.ts';
import { PhotoRow, type Thumbnail } from './schemas.ts';
import { setting } from './settings.ts';

const INDEX = 'byUpload';
const ALBUM = 'all';

/** What may be given to each call. */
interface CallOptions {
  /** Gives up the call when it aborts. */
  readonly signal: AbortSignal;
}

export interface PhotoTable {
  /** A row as the last write left it; undefined where there is none. */
  get(id: string, options: CallOptions): Promise<PhotoRow | undefined>;
  /** Photos, the newest first, and whether there are more. */
  list(
    page: { readonly limit: number; readonly after?: Place | undefined },
    options: CallOptions,
  ): Promise<{ readonly rows: PhotoRow[]; readonly more: boolean }>;
  /** All photos from a time on and before another, the oldest first. */
  uploadedBetween(from: Date, to: Date, options: CallOptions): Promise<PhotoRow[]>;
  /**
   * Writes down what was found out about a photo.
   *
   * @param blobKey - what the row must refer to: what is known of other bytes is not known of these
   * @returns whether there is such a row
   */
  add(
    id: string,
    blobKey: string,
    known:
      | { readonly thumbnail: Thumbnail; readonly width: number; readonly height: number }
      | { readonly colour: string },
    options: CallOptions,
  ): Promise<boolean>;
}

/** Make one per environment. Throttling and faults of the network are retried by the SDK. */
export function photoTable(): PhotoTable {
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient());
  const TableName = setting('PHOTOS_TABLE');
  return {
    async get(id, { signal }) {
      const { Item: found } = await documents.send(
        new GetCommand({ TableName, Key: { id }, ConsistentRead: true }),
        { abortSignal: signal },
      );
      return found && PhotoRow.parse(found);
    },

    async list({ limit, after }, { signal }) {
      const { Items: found = [] } = await documents.send(
        new QueryCommand({
          TableName,
          IndexName: INDEX,
          KeyConditionExpression: 'album = :album',
          ExpressionAttributeValues: { ':album': ALBUM },
          ScanIndexForward: false,
          // One more than asked for tells whether there is more; DynamoDB itself says so also at the very end.
          Limit: limit + 1,
          ...(after !== undefined && { ExclusiveStartKey: { album: ALBUM, ...after } }),
        }),
        { abortSignal: signal },
      );
      return { rows: found.slice(0, limit).map((row) => PhotoRow.parse(row)), more: found.length > limit };
    },

    async uploadedBetween(from, to, { signal }) {
      const rows: PhotoRow[] = [];
      const pages = paginateQuery(
        { client: documents },
        {
          TableName,
          IndexName: INDEX,
          KeyConditionExpression: 'album = :album AND uploadedAt BETWEEN :from AND :last',
          ExpressionAttributeValues: {
            ':album': ALBUM,
            ':from': from.toISOString(),
            ':last': new Date(to.getTime() - 1).toISOString(),
          },
        },
        { abortSignal: signal },
      );
      for await (const { Items: found = [] } of pages) rows.push(...found.map((row) => PhotoRow.parse(row)));
      return rows;
    },

    async add(id, blobKey, known, { signal }) {
      const names = Object.keys(known);
      const update = new UpdateCommand({
        TableName,
        Key: { id },
        UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}`,
        ConditionExpression: '#blob.#key = :key',
        ExpressionAttributeNames: {
          '#blob': 'blob',
          '#key': 'key',
          ...Object.fromEntries(names.map((name) => [`#${name}`, name])),
        },
        ExpressionAttributeValues: {
          ':key': blobKey,
          ...Object.fromEntries(Object.entries(known).map(([name, value]) => [`:${name}`, value])),
        },
      });
      try {
        await documents.send(update, { abortSignal: signal });
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },
  };
}
