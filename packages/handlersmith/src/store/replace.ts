/**
 * Giving a row another blob.
 *
 * @module
 */
import type { AnyResult } from './answer.ts';
import { changeRow } from './change.ts';
import { contentOf } from './content.ts';
import { type BodyRequest, draftOf, stageDraft, type StagedDraft } from './prepare.ts';
import type { RecordTable, Settings } from './settings.ts';
import type { RowExpectation } from './types.ts';
import { beginWrite, concluding } from './write.ts';

/** A request to replace. */
export interface ReplaceRequest extends BodyRequest {
  readonly id: string;
  readonly expect?: RowExpectation | undefined;
}

/** Stages the new blob, then puts it into the row and the old one on the list of retired blobs, in one transaction. */
export async function replace(
  settings: Settings,
  records: RecordTable,
  request: ReplaceRequest,
): Promise<AnyResult> {
  const write = beginWrite(settings, 'replace', request, request.id);
  const content = contentOf(write.attempt.operation, request.body, settings.limits.maxBytes);
  let staged: StagedDraft | undefined;

  return concluding(write, () =>
    changeRow({
      write,
      records,
      expect: request.expect,
      sha256: () => content.digest(write.attempt),
      answering: request,
      draft: async ({ previous, generation, round }) => {
        const change = (attributes: object) => ({ kind: 'replace' as const, attributes, previous });
        const draftable = { write, request, content, generation, round, change };
        // The row has changed since: what was staged for it is as good for the row as it is now.
        staged =
          staged?.generation === generation ? draftOf(draftable, staged.blob) : await stageDraft(draftable);
        return staged;
      },
    }),
  );
}
