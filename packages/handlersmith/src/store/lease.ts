/**
 * L1: who comes second waits, where bodies are expensive to send twice.
 *
 * An efficiency lock and nothing more. Whether a write takes effect is decided by the commit alone: a lease that
 * expires under its holder, or is taken away by the sweep, changes nothing of it.
 *
 * @module
 */
import type { Attempt } from './attempt.ts';
import { InProgress } from './errors.ts';
import type { Item } from './item.ts';
import { expirationOf, readRecord, recordKey, recordOf, type WriteRecord } from './record.ts';
import type { RecordTable } from './settings.ts';
import { errorName } from './transient.ts';
import type { RowKey } from './types.ts';

/** Seconds after which another look makes sense: most writes are done long before their lease ends. */
const LONGEST_WAIT_SECONDS = 5;

/** A write that asks for the lease. */
export interface Leased {
  readonly attempt: Attempt;
  readonly records: RecordTable;
  readonly write: string;
  readonly rowKey: RowKey;
  /** Milliseconds. */
  readonly lease: number;
}

/**
 * Takes the lease; in the same request it is the first look.
 *
 * @returns the record: committed by another, or the one that now holds the lease
 * @throws InProgress when another holds it
 */
export async function takeLease(leased: Leased): Promise<WriteRecord | undefined> {
  const { attempt, records, write, rowKey, lease } = leased;
  const { settings } = attempt;
  const { client, sdk } = await settings.dynamodb();
  const now = settings.now();
  const input = {
    TableName: records.table,
    Key: recordKey(records, write),
    // The generation stays what it is: it belongs to the sweep.
    UpdateExpression:
      'SET #state = :leased, #attempt = :attempt, #until = :until, #expiration = :expiration, #generation = if_not_exists(#generation, :none)',
    // Not done yet, and free: never leased, run out, or this very attempt's, whose first answer was lost.
    ConditionExpression:
      'attribute_not_exists(#key) OR (#state <> :committed AND (attribute_not_exists(#until) OR #until <= :now OR #attempt = :attempt))',
    ExpressionAttributeNames: {
      '#key': records.partitionKey,
      '#expiration': records.expiration,
      '#state': 'state',
      '#attempt': 'attempt',
      '#until': 'leaseUntil',
      '#generation': 'generation',
    },
    ExpressionAttributeValues: {
      ':leased': { S: 'L' },
      ':committed': { S: 'C' },
      ':attempt': { S: attempt.id },
      ':now': { N: String(now) },
      ':until': { N: String(now + lease) },
      ':expiration': { N: String(expirationOf(settings)) },
      ':none': { N: '0' },
    },
    ReturnValues: 'ALL_NEW' as const,
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
  };
  try {
    const { Attributes: item } = await attempt.send('L1', (options) =>
      client.send(new sdk.UpdateItemCommand(input), options),
    );
    return item === undefined ? undefined : recordOf(item);
  } catch (error) {
    if (errorName(error) !== 'ConditionalCheckFailedException') throw error;
    const item = Reflect.get(error as object, 'Item') as Item | undefined; // of ReturnValuesOnConditionCheckFailure
    const record = item === undefined ? await readRecord(attempt, 'L1', write, rowKey) : recordOf(item);
    if (record?.state === 'C') return record;
    throw new InProgress(attempt.operation, waitOf((record?.leaseUntil ?? now) - now));
  }
}

function waitOf(milliseconds: number): number {
  return Math.max(1, Math.min(LONGEST_WAIT_SECONDS, Math.ceil(milliseconds / 1000)));
}

/** Gives the lease back after a failure, so that a retry need not wait for its end. Does its best, and no more. */
export async function giveLeaseBack({ attempt, records, write }: Leased): Promise<void> {
  const { client, sdk } = await attempt.settings.dynamodb();
  const input = {
    TableName: records.table,
    Key: recordKey(records, write),
    UpdateExpression: 'SET #until = :none',
    ConditionExpression: '#state = :leased AND #attempt = :attempt',
    ExpressionAttributeNames: { '#state': 'state', '#attempt': 'attempt', '#until': 'leaseUntil' },
    ExpressionAttributeValues: {
      ':none': { N: '0' },
      ':leased': { S: 'L' },
      ':attempt': { S: attempt.id },
    },
  };
  await attempt.tidy('L1', (options) => client.send(new sdk.UpdateItemCommand(input), options));
}
