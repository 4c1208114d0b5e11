/**
 * One invocation as the runtime has it: one event, one context, and the event loop gets its turn afterwards.
 *
 * @module
 */
import type { AnyHandler } from './handler.ts';
import { makeContext } from './lambda.ts';

/**
 * Invokes a handler a number of times, one after the other.
 *
 * @param handler - the candidate
 * @param event - copied for each invocation, one level deep: some candidates write to it
 * @param invocations - how many
 */
export async function invokeInTurns(handler: AnyHandler, event: object, invocations: number): Promise<void> {
  for (let invocation = 0; invocation < invocations; invocation++) {
    // oxlint-disable-next-line no-await-in-loop -- a Lambda environment takes one event at a time
    await handler({ ...event }, makeContext());
    // Without this turn, timers and streams of one invocation pile up and are billed to a later one.
    // oxlint-disable-next-line no-await-in-loop -- as above
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
  }
}
