/**
 * Creating a row with its blob.
 *
 * @module
 */
import { type AnyResult, replay, written } from './answer.ts';
import { commit, type CommitOutcome } from './commit.ts';
import { commitRow } from './compact.ts';
import { contentOf } from './content.ts';
import { RowConflict } from './errors.ts';
import { foundRow } from './found.ts';
import { type BodyRequest, stageDraft, type StagedDraft } from './prepare.ts';
import type { Settings } from './settings.ts';
import type { CreateRow, Draft } from './transaction.ts';
import { beginWrite, concluding, firstLook, MOST_ROUNDS, tellFenced, type Write } from './write.ts';

/**
 * Look, stage, commit. Fenced, it stages again under the new generation; refused, it answers with what was there
 * before.
 */
export async function create(settings: Settings, request: BodyRequest): Promise<AnyResult> {
  checkCompact(settings, request);
  const write = beginWrite(settings, 'create', request, request.id);
  const { operation } = write.attempt;
  const content = contentOf(operation, request.body, settings.limits.maxBytes);

  return concluding(write, async () => {
    const record = await firstLook(write);
    if (record?.state === 'C') return replay(write, record, await content.digest(write.attempt));

    let generation = record?.generation ?? 0;
    for (let round = 0; round < MOST_ROUNDS; round++) {
      // oxlint-disable-next-line no-await-in-loop -- one round after the other
      const draft = await stageDraft({ write, request, content, generation, round, change: creation });
      // oxlint-disable-next-line no-await-in-loop -- as above
      const outcome = await commitCreation(write, draft);
      switch (outcome.kind) {
        case 'committed':
          return written(write, draft.blob, draft.response);
        case 'recordRefused':
          if (outcome.record?.state === 'C')
            return replay(write, outcome.record, draft.blob.sha256, draft.blob);
          generation = outcome.record?.generation ?? 0;
          tellFenced(write, generation);
          continue;
        case 'rowRefused':
          return foundRow(write, request, draft.blob, outcome);
        case 'alsoRefused':
          throw new RowConflict(operation, 412, outcome.cause);
        default:
          throw new TypeError('every kind has its case');
      }
    }
    throw write.attempt.unknown('W3', new Error(`fenced ${MOST_ROUNDS} times in a row`));
  });
}

/** The row is to be created. */
export function creation(attributes: object): CreateRow {
  return { kind: 'create', attributes };
}

function checkCompact(settings: Settings, request: BodyRequest): void {
  if (settings.records !== undefined) return;
  if (request.id !== undefined)
    throw new TypeError(
      'create: "id" and the option "compact" contradict each other: a compact row is found by its key',
    );
  if (request.also !== undefined)
    throw new TypeError(
      'create: "also" and the option "compact" contradict each other: there is no transaction',
    );
}

function commitCreation({ attempt, settings }: Write, draft: StagedDraft): Promise<CommitOutcome> {
  if (settings.records !== undefined) return commit(attempt, settings.records, draft);
  return commitRow(attempt, draft as Draft & { change: CreateRow }); // as create() makes them
}
