/**
 * A row that is there already: what it answers for a record that has expired.
 *
 * @module
 */
import { type AnyResult, replay, replayed } from './answer.ts';
import { attributesOf, type Drafting, responseText } from './draft.ts';
import { KeyReused, RowConflict } from './errors.ts';
import { readRecord } from './record.ts';
import { isMadeBy, type ReadRow, signatureOf } from './row.ts';
import type { BlobReference } from './types.ts';
import { giveBack, type Write } from './write.ts';

/** The functions that say again what was answered. */
export type Answering = Pick<Drafting, 'row' | 'respond'>;

/** A row that this very write has made what it is. */
export interface FoundRow {
  readonly row: ReadRow;
  /** Of this request's body. */
  readonly sha256: string | undefined;
  /** What this attempt has staged. */
  readonly staged?: BlobReference | undefined;
  /** Of this request; `undefined` where what it makes leaves no row. */
  readonly answering: Answering | undefined;
}

/**
 * There is a row of the id that is to be created.
 *
 * The blob stays where it is, for the sweep: that the row stood in the way does not end the write. A try of this
 * commit whose answer was lost, or another attempt's, may still go through when the row is removed, and would refer
 * to it.
 *
 * @throws RowConflict when it is somebody else's
 */
export async function foundRow(
  write: Write,
  answering: Answering,
  staged: BlobReference,
  { row, cause }: { readonly row: ReadRow | undefined; readonly cause: unknown },
): Promise<AnyResult> {
  if (row === undefined || !isMadeBy(row, write.name))
    throw new RowConflict(write.attempt.operation, 409, cause);
  return answerOf(write, { row, sha256: staged.sha256, staged, answering });
}

/**
 * The write is done: its record says what it answered. Where that has expired, what it answered is made again from the
 * row, which is still as this write made it.
 *
 * @throws KeyReused when it was done by another request under the same key
 */
export async function answerOf(
  write: Write,
  { row, sha256, staged, answering }: FoundRow,
): Promise<AnyResult> {
  const { attempt, settings, name, rowKey, id } = write;
  const { operation } = attempt;
  const record = await readRecord(attempt, 'W3', name, rowKey);
  if (record?.state === 'C') return replay(write, record, sha256, staged);
  const { blob } = row;
  const isSame = row.writtenBy === signatureOf(name, write.fingerprint(sha256));
  if (!isSame || answering === undefined || blob === undefined) throw new KeyReused(operation);
  // Which attributes were its own, row() says; what they are, the row. Others may have been there, or come since.
  const context = { id, startedAt: new Date(attempt.startedAt) };
  const own = Object.keys(attributesOf(operation, answering.row, blob, context, rowKey));
  const attributes = Object.fromEntries(
    own.filter((each) => Object.hasOwn(row, each)).map((each) => [each, row[each]]),
  );
  const made = { ...attributes, ...rowKey, blob };
  await giveBack(write);
  return replayed(write, blob, responseText(settings, operation, answering.respond, made));
}
