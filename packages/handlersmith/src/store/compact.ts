/**
 * W3 where a row carries the record of its write: one item, no transaction.
 *
 * @module
 */
import type { Attempt } from './attempt.ts';
import { type CommitOutcome, sendCommit } from './commit.ts';
import { guarded } from './guard.ts';
import { type Item, toItem } from './item.ts';
import { recordInRow } from './record.ts';
import { ATTRIBUTE, readRow, rowOf, signatureOf } from './row.ts';
import { type CreateRow, type Draft, openAt } from './transaction.ts';
import { errorName } from './transient.ts';

/**
 * Commits the creation of a row. What stands there already is either another attempt's work, or what the sweep left
 * to fence this one: a row of somebody else is refused by the same condition, since it has no generation.
 *
 * @throws OutcomeUnknown when it may have been committed or not. Whoever catches it must not delete the blob
 */
export async function commitRow(
  attempt: Attempt,
  draft: Draft & { readonly change: CreateRow },
): Promise<CommitOutcome> {
  const { client, sdk } = await attempt.settings.dynamodb();
  const { rowKey, write, generation, fingerprint, id, response, blob, change } = draft;
  const [attribute = ''] = Object.keys(rowKey);
  const input = {
    TableName: attempt.settings.table,
    Item: toItem('row()', {
      ...change.attributes,
      ...rowKey,
      [ATTRIBUTE.blob]: blob,
      [ATTRIBUTE.writtenBy]: signatureOf(write, fingerprint),
      [ATTRIBUTE.record]: { state: 'C', attempt: attempt.id, generation, fingerprint, id, response },
    }),
    ...openAt(generation, attribute, [ATTRIBUTE.record, 'state'], [ATTRIBUTE.record, 'generation']),
  };
  return sendCommit(
    attempt,
    (options) => client.send(guarded(new sdk.PutItemCommand(input), attempt), options),
    (error) => refusalOf(attempt, draft, error),
  );
}

async function refusalOf(
  attempt: Attempt,
  { rowKey, write }: Draft,
  error: unknown,
): Promise<CommitOutcome | undefined> {
  if (errorName(error) !== 'ConditionalCheckFailedException') return undefined;
  const item = Reflect.get(error as object, 'Item') as Item | undefined; // of ReturnValuesOnConditionCheckFailure
  const row = item === undefined ? await readRow(attempt, 'W3', rowKey) : rowOf(item);
  const record = row === undefined ? undefined : recordInRow(row, write);
  return row !== undefined && record === undefined
    ? { kind: 'rowRefused', row, cause: error }
    : { kind: 'recordRefused', record };
}
