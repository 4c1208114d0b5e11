/**
 * Powertools' persistence layer with every write fenced. Loaded when a key is first claimed.
 *
 * Of the layer stay the client with its user agent, the layout of the table (simple and composite keys) and the names
 * and meanings of attributes. Its three writes are replaced: two of them are unconditional, and none knows an owner.
 *
 * @module
 */
/* oxlint-disable no-underscore-dangle -- the layer's own names: its writes are overridden, so that none can be called unfenced */
import { randomUUID } from 'node:crypto';

import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { IdempotencyRecord } from '@aws-lambda-powertools/idempotency/persistence';
import {
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';

import type { DynamoClient, DynamoStoreOptions } from './dynamo.ts';
import { attribute, COMPLETED, IN_PROGRESS, type Item, lostTo, type Table } from './layout.ts';
import type { Claim, ClaimRequest, StoredResult } from './store.ts';

/** Whoever wrote no lease has no more than Lambda's longest run. */
const LONGEST_RUN_MS = 900_000;

/** A record that knows whose it is. */
class OwnedRecord extends IdempotencyRecord {
  readonly owner: string;
  readonly result: StoredResult | undefined;

  constructor(
    parts: ConstructorParameters<typeof IdempotencyRecord>[0],
    owner: string,
    result?: StoredResult,
  ) {
    super(parts);
    this.owner = owner;
    this.result = result;
  }
}

/** The layer, with the three operations of a fenced store. */
export class FencedPersistence extends DynamoDBPersistenceLayer {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #key: string;
  readonly #expiration: string;

  constructor(options: DynamoStoreOptions) {
    const { keyAttribute: key = 'id', expirationAttribute: expiration = 'expiration' } = options;
    const client = options.client === undefined ? new DynamoDBClient({}) : ownView(options.client);
    super({
      tableName: options.tableName,
      awsSdkV3Client: client,
      keyAttr: key,
      expiryAttr: expiration,
      ...(options.sortKeyAttribute === undefined ? {} : { sortKeyAttr: options.sortKeyAttribute }),
      ...(options.partition === undefined ? {} : { staticPkValue: options.partition }),
    });
    this.#client = client;
    this.#table = options.tableName;
    this.#key = key;
    this.#expiration = expiration;
  }

  /** The same table, for others who keep items in it. */
  get table(): Table {
    return {
      client: this.#client,
      name: this.#table,
      expiration: this.#expiration,
      keyOf: (key) => this.getKey(key),
    };
  }

  async claim(key: string, { fingerprint, lease, signal }: ClaimRequest): Promise<Claim> {
    const token = randomUUID();
    const endsAt = Date.now() + Math.ceil(lease);
    const record = new OwnedRecord(
      {
        idempotencyKey: key,
        status: IN_PROGRESS,
        expiryTimestamp: Math.ceil(endsAt / 1000), // DynamoDB may clear away what a crash leaves behind
        inProgressExpiryTimestamp: endsAt,
        ...(fingerprint === undefined ? {} : { payloadHash: fingerprint }),
      },
      token,
    );
    try {
      await this._putRecord(record, signal);
    } catch (error) {
      const item = lostTo(error);
      if (item === undefined) throw error;
      // A write that went through unheard and was sent again by the SDK meets itself.
      if (item[attribute.owner]?.S !== token) return standing(item);
    }
    return { kind: 'claimed', token };
  }

  complete(key: string, token: string, result: StoredResult, ttl: number): Promise<boolean> {
    const expiryTimestamp = Math.ceil(Date.now() / 1000 + ttl);
    const parts = { idempotencyKey: key, status: COMPLETED, expiryTimestamp } as const;
    return unlessLost(this._updateRecord(new OwnedRecord(parts, token, result)));
  }

  release(key: string, token: string): Promise<boolean> {
    return unlessLost(
      this._deleteRecord(new OwnedRecord({ idempotencyKey: key, status: IN_PROGRESS }, token)),
    );
  }

  /** Takes a key that is free, or expired, or left behind by an owner whose lease has ended. */
  protected override async _putRecord(record: OwnedRecord, signal?: AbortSignal): Promise<void> {
    const { idempotencyKey, expiryTimestamp, inProgressExpiryTimestamp, payloadHash, owner } = record;
    const now = Date.now();
    const item: Item = {
      ...this.getKey(idempotencyKey),
      [attribute.status]: { S: IN_PROGRESS },
      [this.#expiration]: { N: String(expiryTimestamp) },
      [attribute.lease]: { N: String(inProgressExpiryTimestamp) },
      [attribute.owner]: { S: owner },
    };
    if (payloadHash !== undefined) item[attribute.validation] = { S: payloadHash };
    const command = new PutItemCommand({
      TableName: this.#table,
      Item: item,
      ConditionExpression:
        'attribute_not_exists(#key) OR #expiration < :seconds OR (#status = :inProgress AND #lease < :now)',
      ExpressionAttributeNames: {
        '#key': this.#key,
        '#expiration': this.#expiration,
        '#status': attribute.status,
        '#lease': attribute.lease,
      },
      ExpressionAttributeValues: {
        ':seconds': { N: String(now / 1000) },
        ':now': { N: String(now) },
        ':inProgress': { S: IN_PROGRESS },
      },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    await this.#client.send(command, signal === undefined ? {} : { abortSignal: signal });
  }

  /** Only the owner's own claim: Powertools' update overwrites whatever is there. */
  protected override async _updateRecord({
    idempotencyKey,
    expiryTimestamp,
    owner,
    result,
  }: OwnedRecord): Promise<void> {
    const changes = ['#status = :status', '#expiration = :expiration'];
    const names: Record<string, string> = {
      '#status': attribute.status,
      '#expiration': this.#expiration,
      '#owner': attribute.owner,
    };
    const values: Item = {
      ':status': { S: COMPLETED },
      ':expiration': { N: String(expiryTimestamp) },
      ':owner': { S: owner },
    };
    if (result?.kind === 'value') {
      changes.push('#data = :data');
      names['#data'] = attribute.data;
      values[':data'] = { S: result.json };
    } else if (result?.kind === 'unavailable') {
      changes.push('#unavailable = :unavailable');
      names['#unavailable'] = attribute.unavailable;
      values[':unavailable'] = { BOOL: true };
    }
    await this.#client.send(
      new UpdateItemCommand({
        TableName: this.#table,
        Key: this.getKey(idempotencyKey),
        UpdateExpression: `SET ${changes.join(', ')}`,
        ConditionExpression: '#owner = :owner',
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: values,
      }),
    );
  }

  /** Only the owner's own claim, and only while it is one: Powertools' delete takes the record of a winner too. */
  protected override async _deleteRecord({ idempotencyKey, owner }: OwnedRecord): Promise<void> {
    await this.#client.send(
      new DeleteItemCommand({
        TableName: this.#table,
        Key: this.getKey(idempotencyKey),
        ConditionExpression: '#owner = :owner AND #status = :inProgress',
        ExpressionAttributeNames: { '#owner': attribute.owner, '#status': attribute.status },
        ExpressionAttributeValues: { ':owner': { S: owner }, ':inProgress': { S: IN_PROGRESS } },
      }),
    );
  }
}

/**
 * The caller's client, seen through an object with a middleware stack of its own: Powertools adds its user agent to
 * the client it is given, and this one belongs to somebody else.
 */
function ownView(client: DynamoClient): DynamoDBClient {
  const given = client as unknown as DynamoDBClient; // what the option asks for
  return Object.create(given, {
    middlewareStack: { value: given.middlewareStack.clone() },
  }) as DynamoDBClient;
}

async function unlessLost(write: Promise<void>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (lostTo(error) === undefined) throw error;
    return false;
  }
}

/** What a record says to whoever comes second. */
function standing(item: Item): Claim {
  const fingerprint = item[attribute.validation]?.S;
  if (item[attribute.status]?.S === COMPLETED) {
    return { kind: 'done', result: resultIn(item), fingerprint };
  }
  const endsAt = Number(item[attribute.lease]?.N ?? Date.now() + LONGEST_RUN_MS);
  return { kind: 'inProgress', retryAfter: Math.max(0, endsAt - Date.now()), fingerprint };
}

function resultIn(item: Item): StoredResult {
  const json = item[attribute.data]?.S;
  if (json !== undefined) return { kind: 'value', json };
  return { kind: item[attribute.unavailable]?.BOOL === true ? 'unavailable' : 'nothing' };
}
