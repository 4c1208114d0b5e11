/**
 * W3: the one step that anybody sees.
 *
 * @module
 */
import type { Attempt, SendOptions } from './attempt.ts';
import { OutcomeUnknown } from './errors.ts';
import { guarded } from './guard.ts';
import type { Item } from './item.ts';
import { readRecord, recordOf, type WriteRecord } from './record.ts';
import { readRow, type ReadRow, rowOf } from './row.ts';
import type { RecordTable } from './settings.ts';
import { type Draft, transactionOf } from './transaction.ts';
import { type CancellationReason, cancellationReasons, errorName, statusOf, triesOf } from './transient.ts';

/** What came of a commit that did not fail. */
export type CommitOutcome =
  | { readonly kind: 'committed' }
  /** The record is not as the commit needs it: done by another, or fenced. */
  | { readonly kind: 'recordRefused'; readonly record: WriteRecord | undefined }
  /** The row is not as the commit needs it. The record is. */
  | { readonly kind: 'rowRefused'; readonly row: ReadRow | undefined; readonly cause: unknown }
  /** A condition of the team's own items does not hold. */
  | { readonly kind: 'alsoRefused'; readonly cause: unknown };

/** A reason of DynamoDB's for which an item was refused for good. */
const REFUSED = 'ConditionalCheckFailed';

/**
 * Commits a draft: record, row and whatever else goes with them, in one transaction.
 *
 * @throws OutcomeUnknown when it may have been committed or not. Whoever catches it must not delete the blob
 * @throws what the service refuses the request with for good, such as missing rights
 */
export async function commit(attempt: Attempt, records: RecordTable, draft: Draft): Promise<CommitOutcome> {
  const { client, sdk } = await attempt.settings.dynamodb();
  const input = transactionOf(attempt, records, draft);
  return sendCommit(
    attempt,
    (options) => client.send(guarded(new sdk.TransactWriteItemsCommand(input), attempt), options),
    (error) => refusalOf(attempt, draft, error),
  );
}

/**
 * Sends a commit until it is known what became of it.
 *
 * @param send - sends the very same request each time
 * @param refusal - what the error says of the record and the row; `undefined` where it does not tell of them
 */
export async function sendCommit(
  attempt: Attempt,
  send: (options: SendOptions) => Promise<unknown>,
  refusal: (error: unknown) => Promise<CommitOutcome | undefined>,
): Promise<CommitOutcome> {
  let sent = 0;
  try {
    await attempt.send('W3', (options) => {
      sent += 1;
      return send(options);
    });
    return { kind: 'committed' };
  } catch (error) {
    if (error instanceof OutcomeUnknown) throw error;
    const refused = await refusal(error);
    if (refused !== undefined) return refused;
    // Refused for a fault of its own, and never sent in another way: it has not taken place, and the fault shows.
    if (sent === 1 && triesOf(error) === 1 && isRefusal(error)) throw error;
    throw attempt.unknown('W3', error);
  }
}

function isRefusal(error: unknown): boolean {
  const status = statusOf(error) ?? 0;
  return status >= 400 && status < 500 && errorName(error) !== 'IdempotentParameterMismatchException';
}

/** Reads a refusal: record, row and the others, in the order they stand in the transaction. */
async function refusalOf(
  attempt: Attempt,
  { write, rowKey }: Draft,
  error: unknown,
): Promise<CommitOutcome | undefined> {
  const [record, row, ...others] = cancellationReasons(error) ?? [];
  if (record?.Code === REFUSED) {
    const item = itemOf(record);
    // Not all servers send the item. Reading it afterwards is as good: a committed record stays as it is.
    return {
      kind: 'recordRefused',
      record: item === undefined ? await readRecord(attempt, 'W3', write, rowKey) : recordOf(item),
    };
  }
  if (row?.Code === REFUSED) {
    const item = itemOf(row);
    return {
      kind: 'rowRefused',
      row: item === undefined ? await readRow(attempt, 'W3', rowKey) : rowOf(item),
      cause: error,
    };
  }
  return others.some(({ Code }) => Code === REFUSED) ? { kind: 'alsoRefused', cause: error } : undefined;
}

function itemOf({ Item: item }: CancellationReason): Item | undefined {
  return item as Item | undefined; // of ReturnValuesOnConditionCheckFailure
}
