/**
 * Requests with up to ten entries, each of which succeeds or fails by itself.
 *
 * @module
 */
import { notImplemented, SqsError } from './errors.ts';
import { inputs, text } from './input.ts';
import type { Input } from './input.ts';

const MOST_ENTRIES = 10;

/**
 * The entries of a batch.
 *
 * @param parameters - what an entry may have
 * @throws SqsError for a batch that is refused as a whole
 */
export function batchOf(input: Input, parameters: readonly string[]): readonly Input[] {
  const entries = inputs(input, 'Entries');
  if (entries.length === 0) {
    throw new SqsError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  }
  if (entries.length > MOST_ENTRIES) {
    throw new SqsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${MOST_ENTRIES}. You have sent ${entries.length}.`,
    );
  }
  const seen = new Set<string>();
  for (const entry of entries) {
    const id = idOf(entry);
    if (!/^[\w-]{1,80}$/u.test(id)) {
      throw new SqsError(
        'InvalidBatchEntryId',
        'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
      );
    }
    if (seen.has(id)) throw new SqsError('BatchEntryIdsNotDistinct', `Id ${id} repeated.`);
    seen.add(id);
    const unknown = Object.keys(entry).find((name) => !parameters.includes(name));
    if (unknown !== undefined) throw notImplemented(`the parameter ${unknown} in an entry`);
  }
  return entries;
}

/** Does what is to be done with each entry, and says what became of them. */
export function eachEntry(
  entries: readonly Input[],
  run: (entry: Input) => object,
): { Successful: readonly object[]; Failed?: readonly object[] } {
  const successful: object[] = [];
  const failed: object[] = [];
  for (const entry of entries) {
    const Id = idOf(entry);
    try {
      successful.push({ Id, ...run(entry) });
    } catch (error) {
      if (!(error instanceof SqsError)) throw error;
      failed.push({ Id, SenderFault: true, Code: error.queryCode, Message: error.message });
    }
  }
  return { Successful: successful, ...(failed.length > 0 && { Failed: failed }) };
}

function idOf(entry: Input): string {
  return text(entry, 'Id') ?? '';
}
