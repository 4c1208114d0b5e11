/**
 * Changing a row that is there: what `replace` and `remove` have in common.
 *
 * @module
 */
import { type AnyResult, replay, written } from './answer.ts';
import { commit } from './commit.ts';
import { RowConflict, RowMissing } from './errors.ts';
import { checkExpectation, problemOf } from './expectation.ts';
import { type Answering, answerOf } from './found.ts';
import { readRecord } from './record.ts';
import { isMadeBy, readRow, type ReadRow } from './row.ts';
import type { RecordTable } from './settings.ts';
import type { Draft, Previous } from './transaction.ts';
import type { BlobReference, RowExpectation } from './types.ts';
import { firstLook, MOST_ROUNDS, tellFenced, type Write } from './write.ts';

/** A change of a row. */
export interface Change {
  readonly write: Write;
  readonly records: RecordTable;
  readonly expect: RowExpectation | undefined;
  /** The checksum of the request's body; `undefined` where it has none. */
  readonly sha256: () => Promise<string | undefined>;
  /** Say again what was answered, from the row; `undefined` where what is done leaves none. */
  readonly answering: Answering | undefined;
  /** The draft for a row as it was read; stages what there is to be staged. */
  readonly draft: (round: Round) => Promise<Draft>;
}

/** What a draft is made from. */
export interface Round {
  readonly row: ReadRow;
  readonly previous: Previous;
  readonly generation: number;
  readonly round: number;
}

/**
 * Look, read the row, stage, commit under the condition that the row is still the one that was read. When it is not,
 * and the caller expects nothing of it, the same again from the row as it is now. A row that this write has changed
 * already answers for a record that has expired.
 *
 * @throws TypeError for an expectation that makes no sense, and a row whose blob is none of the store's
 */
export async function changeRow(change: Change): Promise<AnyResult> {
  const { write, records, expect } = change;
  const { attempt, rowKey } = write;
  checkExpectation(attempt.operation, expect);
  const record = await firstLook(write);
  if (record?.state === 'C') return replay(write, record, await change.sha256());

  let generation = record?.generation ?? 0;
  let row = await readRow(attempt, 'W1', rowKey);
  let staged: BlobReference | undefined;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    // Before what the caller expects of the row: it is so no more, by this very write.
    if (row !== undefined && isMadeBy(row, write.name)) {
      const { answering } = change;
      // oxlint-disable-next-line no-await-in-loop -- the way out
      return answerOf(write, { row, sha256: await change.sha256(), staged, answering });
    }
    const problem = problemOf(attempt.operation, row, expect);
    // oxlint-disable-next-line no-await-in-loop -- the way out
    if (problem !== undefined || row === undefined) return finalLook(change, problem);
    const previous = { blob: row.blob, expected: expect?.attributes ?? {} };
    // oxlint-disable-next-line no-await-in-loop -- one round after the other
    const draft = await change.draft({ row, previous, generation, round });
    // oxlint-disable-next-line no-await-in-loop -- as above
    const outcome = await commit(attempt, records, draft);
    staged = draft.change.kind === 'replace' ? draft.blob : undefined;
    switch (outcome.kind) {
      case 'committed':
        return written(write, draft.blob, draft.response);
      case 'recordRefused':
        if (outcome.record?.state === 'C')
          // oxlint-disable-next-line no-await-in-loop -- the way out
          return replay(write, outcome.record, staged?.sha256 ?? (await change.sha256()), staged);
        generation = outcome.record?.generation ?? 0;
        tellFenced(write, generation);
        continue;
      case 'rowRefused':
        row = outcome.row;
        continue;
      case 'alsoRefused':
        throw new RowConflict(attempt.operation, 412, outcome.cause);
      default:
        throw new TypeError('every kind has its case');
    }
  }
  throw attempt.unknown('W3', new Error(`the row changed, or was fenced, ${MOST_ROUNDS} times in a row`));
}

/**
 * A row that is gone, or is not as expected, may be so because another attempt at this very write was faster: the
 * record was looked at before the row.
 */
async function finalLook(
  { write, sha256 }: Change,
  problem: RowConflict | RowMissing | undefined,
): Promise<AnyResult> {
  const record = await readRecord(write.attempt, 'W1', write.name, write.rowKey);
  if (record?.state === 'C') return replay(write, record, await sha256());
  throw problem ?? new RowMissing(write.attempt.operation);
}
