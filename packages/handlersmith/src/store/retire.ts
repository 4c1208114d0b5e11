/**
 * The retire worker: deletes the blobs of rows that were replaced or removed, when those who were reading are done.
 *
 * @module
 */
import { checkOptions, type OptionRules } from '../handler/options.ts';
import { Attempt } from './attempt.ts';
import { OutcomeUnknown } from './errors.ts';
import type { Item } from './item.ts';
import { dueBefore, RETIRED_LISTS, retiredBlob, retiredPartition } from './retired.ts';
import type { RecordTable, Settings } from './settings.ts';
import { count, ofInvocation } from './sweep-options.ts';
import type { BlobReference, WriteRequest } from './types.ts';

/** How far the worker goes. */
export interface RetireOptions extends Pick<WriteRequest, 'signal' | 'remaining' | 'logger'> {
  /** Blobs deleted at most. Default: all that are due. */
  readonly limit?: number;
}

/** What the worker did. */
export interface RetireReport {
  /** Blobs deleted. */
  readonly deleted: number;
  /** Whether all that was due is gone. `false`: time, or the limit, was reached; the next run goes on. */
  readonly complete: boolean;
}

const rules: OptionRules = { limit: count, ...ofInvocation };

/** Entries read with one request. */
const PAGE = 100;

/**
 * Goes through the lists. Any number of workers may run at a time, and each may end anywhere: an entry goes only after
 * its blob, and a blob that is gone already is no fault. No row refers to a retired blob, and none ever will: its key
 * belongs to one write, which is done.
 *
 * @throws TypeError naming a wrong option
 * @throws what a service refuses for good, such as missing rights, once all others are gone
 */
export async function retire(
  settings: Settings,
  records: RecordTable,
  options: RetireOptions,
): Promise<RetireReport> {
  checkOptions('retire', options, rules);
  const { limit = Infinity } = options;
  const attempt = new Attempt(settings, 'retire', options);
  const failures: Error[] = [];
  let deleted = 0;
  try {
    for (const list of RETIRED_LISTS) {
      // oxlint-disable-next-line no-await-in-loop -- in order: the deadline may end it anywhere
      for await (const item of due(attempt, records, list)) {
        if (deleted >= limit) return { deleted, complete: false };
        const failure = await retireOne(attempt, records, item);
        if (failure === undefined) {
          deleted += 1;
          continue;
        }
        failures.push(failure);
        options.logger?.warn('A retired blob is refused, and stays', failure);
      }
    }
  } catch (error) {
    if (!(error instanceof OutcomeUnknown)) throw error;
    options.logger?.warn('The retire worker ended early; the next run goes on', error);
    return { deleted, complete: false };
  }
  const [failure] = failures;
  if (failure !== undefined) throw failure;
  return { deleted, complete: true };
}

/**
 * The blob, then its entry.
 *
 * @returns why a service refuses it for good: it stays, and does not keep the others
 * @throws OutcomeUnknown
 */
async function retireOne(attempt: Attempt, records: RecordTable, item: Item): Promise<Error | undefined> {
  try {
    const blob = retiredBlob(item);
    if (blob !== undefined) await deleteBlob(attempt, blob);
    await deleteEntry(attempt, records, item);
    return undefined;
  } catch (error) {
    if (error instanceof OutcomeUnknown || !(error instanceof Error)) throw error;
    return error;
  }
}

/** R0: the entries of a list that are due, oldest first. */
async function* due(attempt: Attempt, records: RecordTable, list: string): AsyncGenerator<Item> {
  const { client, sdk } = await attempt.settings.dynamodb();
  let from: Item | undefined;
  do {
    const input = {
      TableName: records.table,
      KeyConditionExpression: '#list = :list AND #due < :due',
      ExpressionAttributeNames: { '#list': records.partitionKey, '#due': records.sortKey },
      ExpressionAttributeValues: {
        ':list': { S: retiredPartition(list) },
        ':due': { S: dueBefore(attempt.settings.now()) },
      },
      Limit: PAGE,
      ...(from === undefined ? {} : { ExclusiveStartKey: from }),
    };
    // oxlint-disable-next-line no-await-in-loop -- one page after the other
    const page = await attempt.send('R0', (options) => client.send(new sdk.QueryCommand(input), options));
    yield* page.Items ?? [];
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
}

/** R1: an object that is not there counts as deleted. */
async function deleteBlob(attempt: Attempt, { bucket, key, versionId }: BlobReference): Promise<void> {
  const { client, sdk } = await attempt.settings.s3();
  const input = {
    Bucket: bucket,
    Key: key,
    ...(versionId === undefined ? {} : { VersionId: versionId }),
  };
  await attempt.send('R1', (options) => client.send(new sdk.DeleteObjectCommand(input), options));
}

/** R2. */
async function deleteEntry(attempt: Attempt, records: RecordTable, item: Item): Promise<void> {
  const { client, sdk } = await attempt.settings.dynamodb();
  const names = new Set([records.partitionKey, records.sortKey]);
  const input = {
    TableName: records.table,
    Key: Object.fromEntries(Object.entries(item).filter(([name]) => names.has(name))),
  };
  await attempt.send('R2', (options) => client.send(new sdk.DeleteItemCommand(input), options));
}
