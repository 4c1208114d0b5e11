/**
 * Records of a batch, each done once: what the triggers call.
 *
 * @module
 */
import type { Invocation } from '../handler/invocation.ts';
import type { Logger } from '../observability/logger.ts';
import { permanent, Skipped, skipped } from '../records/outcome.ts';
import { checkIdempotency, type IdempotencyOptions, leaseOf, termsOf } from './options.ts';

/** The record's own view of its invocation. */
export interface RecordScope {
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/**
 * Runs the work of one record, or skips it when it was done before.
 *
 * @param input - what `key` and `payload` are asked with: what `run` of the team gets
 */
export type RunOnce<Input> = (
  input: Input,
  invocation: Invocation,
  scope: RecordScope,
  run: () => unknown,
) => unknown;

/**
 * Makes the work of a trigger's records run once per key. A duplicate of finished work is skipped; of work under way,
 * a transient failure; a record without a key, or one whose key was used with another payload, a permanent one. A
 * record whose work fails is free to be tried again.
 *
 * @param owner - the factory, for messages
 * @param trigger - part of the default namespace of keys: `sqs`, `stream`…
 * @param options - as given; `undefined` for work that is not to be idempotent
 * @throws TypeError naming the wrong option
 */
export function runOnce<Input>(
  owner: string,
  trigger: string,
  options: IdempotencyOptions<Input> | undefined,
): RunOnce<Input> {
  if (options === undefined) return (_input, _invocation, _scope, run) => run();
  checkIdempotency(`${owner}: idempotency`, options);
  return async (input, invocation, scope, run) => {
    let returned: unknown;
    const outcome = await options.store.once<unknown>({
      operation: options.operation ?? `${invocation.context.functionName ?? 'handler'}:${trigger}`,
      ...termsOf(options),
      key: options.key(input),
      payload: options.payload?.(input),
      lease: leaseOf(options.lease, invocation.timeLeft),
      signal: scope.signal,
      run: async () => {
        returned = await run();
        return returned;
      },
      keep: (value) => !(value instanceof Skipped),
      // Nobody reads what a record's work returned: that it is done is all there is to keep.
      write: () => undefined,
      read: () => undefined,
      warn: (message, fields) => scope.logger.warn(message, fields),
    });
    const { kind } = outcome;
    if (kind === 'executed') return returned;
    if (kind === 'replayed' || kind === 'unavailable') return skipped('done before');
    throw kind === 'mismatch' || kind === 'keyless' ? permanent(outcome.error.message) : outcome.error;
  };
}
