/**
 * From a body to a draft: what the row and the answer will say is looked at before anything is sent, where it can be.
 *
 * @module
 */
import type { Content } from './content.ts';
import { alsoOf, attributesOf, type Drafting, responseText } from './draft.ts';
import type { Draft, RowChange } from './transaction.ts';
import type { BlobBody, BlobReference, WriteRequest } from './types.ts';
import type { Write } from './write.ts';

/** A request that brings a body. */
export interface BodyRequest extends WriteRequest, Drafting {
  readonly id?: string;
  readonly body: BlobBody;
  readonly contentType?: string | undefined;
}

/** What is known of a draft before its blob is. */
export interface Draftable {
  readonly write: Write;
  readonly request: BodyRequest;
  readonly content: Content;
  readonly generation: number;
  readonly round: number;
  readonly change: (attributes: object) => RowChange;
}

/** A draft whose blob has been staged. */
export type StagedDraft = Draft & { readonly blob: BlobReference };

/** W2, and the draft that goes with it. */
export async function stageDraft(draftable: Draftable): Promise<StagedDraft> {
  const { write, content, generation } = draftable;
  const { attempt, name, rowKey, contentType } = write;
  const place = { attempt, write: name, rowKey, contentType };
  const foreseen = content.foresee(place, generation);
  const early = foreseen === undefined ? undefined : draftOf(draftable, foreseen);
  const blob = await content.stage(place, generation);
  return early !== undefined && isSame(early.blob, blob) ? early : draftOf(draftable, blob);
}

function isSame(one: BlobReference, other: BlobReference): boolean {
  return one.key === other.key && one.versionId === other.versionId;
}

/** A draft for a blob: asks the team's functions. */
export function draftOf(
  {
    write,
    request,
    generation,
    round,
    change,
  }: Omit<Draftable, 'content' | 'request'> & { readonly request: Drafting },
  blob: BlobReference,
): StagedDraft {
  const { attempt, settings, name, id, rowKey } = write;
  const { operation } = attempt;
  const context = { id, startedAt: new Date(attempt.startedAt) };
  const attributes = attributesOf(operation, request.row, blob, context, rowKey);
  const row = { ...attributes, ...rowKey, blob };
  return {
    write: name,
    id,
    rowKey,
    generation,
    round,
    fingerprint: write.fingerprint(blob.sha256),
    blob,
    response: responseText(settings, operation, request.respond, row),
    change: change(attributes),
    also: alsoOf(operation, request.also, row),
  };
}
