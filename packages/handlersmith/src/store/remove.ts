/**
 * Removing a row with its blob.
 *
 * @module
 */
import type { AnyResult } from './answer.ts';
import { changeRow } from './change.ts';
import { alsoOf, type Drafting, responseText } from './draft.ts';
import type { RecordTable, Settings } from './settings.ts';
import type { RowExpectation, WriteRequest } from './types.ts';
import { beginWrite, concluding } from './write.ts';

/** A request to remove. */
export interface RemoveRequest extends WriteRequest, Omit<Drafting, 'row'> {
  readonly id: string;
  readonly expect?: RowExpectation | undefined;
}

/** Deletes the row and puts its blob on the list of retired blobs, in one transaction. */
export async function remove(
  settings: Settings,
  records: RecordTable,
  request: RemoveRequest,
): Promise<AnyResult> {
  const write = beginWrite(settings, 'remove', request, request.id);
  const { attempt, name, id, rowKey } = write;
  const { operation } = attempt;

  return concluding(write, () =>
    changeRow({
      write,
      records,
      expect: request.expect,
      sha256: () => Promise.resolve(undefined),
      answering: undefined,
      draft: ({ row, previous, generation, round }) =>
        Promise.resolve({
          write: name,
          id,
          rowKey,
          generation,
          round,
          fingerprint: write.fingerprint(undefined),
          blob: row.blob,
          response: responseText(settings, operation, request.respond, row),
          change: { kind: 'remove' as const, previous },
          also: alsoOf(operation, request.also, row),
        }),
    }),
  );
}
