/**
 * The one error of an event whose records failed.
 *
 * @module
 */
import type { Outcome } from './outcome.ts';

/** Records of an event failed. Thrown so that Lambda tries the whole event again; what is done is not done again where `idempotency` is set. */
export class RecordsFailed extends AggregateError {}

/**
 * Gathers what failed.
 *
 * @param service - whose records they are, for the message
 * @returns `undefined` when nothing did
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export function failureOf(service: string, outcomes: readonly Outcome[]): RecordsFailed | undefined {
  const errors = outcomes.flatMap((outcome) => {
    if (outcome.status === 'retry' || outcome.status === 'permanent') return [outcome.error];
    return outcome.status === 'unstarted' ? [new Error('Not started: the time was up')] : [];
  });
  if (errors.length === 0) return undefined;
  const [first] = errors;
  const told = first instanceof Error ? `: ${first.name}: ${first.message}` : '';
  return new RecordsFailed(errors, `${errors.length} of ${outcomes.length} ${service} records failed${told}`);
}
