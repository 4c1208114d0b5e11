/**
 * How items lie in the table.
 *
 * @module
 */
import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** Attribute names besides the table's own, as Powertools calls them; the last two are ours. */
export const attribute = {
  status: 'status',
  lease: 'in_progress_expiration',
  data: 'data',
  validation: 'validation',
  owner: 'owner',
  unavailable: 'unavailable',
} as const;

export const IN_PROGRESS = 'INPROGRESS';
export const COMPLETED = 'COMPLETED';

export type Item = Record<string, AttributeValue>;

/** What is needed to write to the table. */
export interface Table {
  readonly client: DynamoDBClient;
  readonly name: string;
  /** Name of the attribute that says from when on DynamoDB may delete an item. */
  readonly expiration: string;
  /** The key attributes, simple or composite. */
  readonly keyOf: (key: string) => Item;
}

/** The record that stood in the way; `undefined` for an error that says nothing of records. */
export function lostTo(error: unknown): Item | undefined {
  // By name: the client may come from another copy of the SDK.
  if (!(error instanceof Error) || error.name !== 'ConditionalCheckFailedException') return undefined;
  return 'Item' in error ? ((error.Item as Item | undefined) ?? {}) : {}; // as the SDK types this error
}
