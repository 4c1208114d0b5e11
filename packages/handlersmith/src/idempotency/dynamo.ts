/**
 * A store in a DynamoDB table, as Powertools lays it out.
 *
 * @module
 */
import { checkOptions, type OptionRules, text } from '../handler/options.ts';
import { once as onceMade } from '../handler/resources.ts';
import type { FencedPersistence } from './fenced.ts';
import { RESULT_LIMIT } from './limit.ts';
import { type OrderedStore, orderedStore } from './order.ts';
import { customStore, type IdempotencyStore } from './store.ts';
import type { TableTurns } from './turns.ts';

/** A `DynamoDBClient` of the AWS SDK v3. */
export interface DynamoClient {
  send(command: never, options?: never): Promise<unknown>;
  readonly config: object;
  readonly middlewareStack: object;
}

/** Which table, and how its attributes are called where they are not called as Powertools calls them. */
export interface DynamoStoreOptions {
  /** The table. Its partition key is a string; its time-to-live attribute is `expirationAttribute`. */
  readonly tableName: string;
  /** A client of your own; it is not changed. Default: one made on first use, for the function's region. */
  readonly client?: DynamoClient;
  /** The partition key. Default `id`. */
  readonly keyAttribute?: string;
  /** The sort key, in a table that has one: keys are then kept in it, under one `partition`. Default: none. */
  readonly sortKeyAttribute?: string;
  /** The partition for all keys of a table with a sort key. Default `idempotency#` and the function's name. */
  readonly partition?: string;
  /** Seconds since 1970 at which DynamoDB may delete the item. Default `expiration`. */
  readonly expirationAttribute?: string;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const rules: OptionRules = {
  tableName: text,
  client: {
    expected: 'a DynamoDBClient of the AWS SDK v3',
    accepts: (value) => isObject(value) && 'send' in value && 'middlewareStack' in value,
  },
  keyAttribute: text,
  sortKeyAttribute: text,
  partition: text,
  expirationAttribute: text,
};

/**
 * A store in a DynamoDB table, for functions and their duplicates wherever they run. Every write is conditional: of
 * any number of claims at once one gets the key, and an owner whose lease has ended changes nothing of its successor's.
 * A first execution costs two writes; a replay costs one request, which brings the record back strongly consistent.
 *
 * Needs `@aws-lambda-powertools/idempotency`, `@aws-sdk/client-dynamodb` and `@aws-sdk/lib-dynamodb` to be installed;
 * they are loaded when a key is first claimed. The function needs `dynamodb:PutItem`, `dynamodb:UpdateItem` and
 * `dynamodb:DeleteItem` on the table.
 *
 * @param options - the table; a table made for Powertools needs nothing else
 * @returns the store, to be shared by all handlers of a function
 * @throws TypeError naming a wrong option
 * @example
 * const store = dynamoStore({ tableName: process.env.IDEMPOTENCY_TABLE });
 * @see https://docs.aws.amazon.com/powertools/typescript/latest/features/idempotency/
 */
export function dynamoStore(options: DynamoStoreOptions): IdempotencyStore & OrderedStore {
  checkOptions('dynamoStore', options, rules);
  if (!text.accepts(options.tableName))
    throw new TypeError('dynamoStore: option "tableName" is missing; it must name the table');
  if (options.sortKeyAttribute !== undefined && options.sortKeyAttribute === (options.keyAttribute ?? 'id'))
    throw new TypeError('dynamoStore: option "sortKeyAttribute" must not be the keyAttribute');
  if (options.partition !== undefined && options.sortKeyAttribute === undefined)
    throw new TypeError('dynamoStore: option "partition" is for a table with a "sortKeyAttribute"');
  const table = onceMade(() => load(options));
  const results = customStore({
    claim: async (key, request) => (await table()).results.claim(key, request),
    complete: async (key, token, result, ttl) => (await table()).results.complete(key, token, result, ttl),
    release: async (key, token) => (await table()).results.release(key, token),
    resultLimit: RESULT_LIMIT,
  });
  const turns = orderedStore({
    begin: async (key, position, request) => (await table()).turns.begin(key, position, request),
    finish: async (key, token, position, ttl) => (await table()).turns.finish(key, token, position, ttl),
    abandon: async (key, token) => (await table()).turns.abandon(key, token),
  });
  return { ...results, ...turns };
}

async function load(
  options: DynamoStoreOptions,
): Promise<{ readonly results: FencedPersistence; readonly turns: TableTurns }> {
  try {
    const [{ FencedPersistence }, { TableTurns }] = await Promise.all([
      import('./fenced.ts'),
      import('./turns.ts'),
    ]);
    const results = new FencedPersistence(options);
    return { results, turns: new TableTurns(results.table) };
  } catch (error) {
    if (!isObject(error) || !('code' in error) || error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new Error(
      'dynamoStore needs packages that are not installed: npm install @aws-lambda-powertools/idempotency @aws-sdk/client-dynamodb @aws-sdk/lib-dynamodb',
      { cause: error },
    );
  }
}
