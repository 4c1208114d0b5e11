/**
 * Tumbling windows: a state that goes from batch to batch.
 *
 * @module
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-windows.html
 */
import type { Invocation } from '../handler/invocation.ts';
import type { Outcome } from '../records/outcome.ts';
import type { WindowEvent } from './event.ts';

/** The tumbling window that a batch belongs to. */
export interface StreamWindow {
  readonly start: Date;
  readonly end: Date;
  readonly shardId: string;
  /** Whether it ends with this batch. */
  readonly final: boolean;
  /** Whether it ends before its time, because its state grew too large. */
  readonly early: boolean;
}

/** The most that Lambda keeps of a state, in bytes of JSON. */
const MOST_STATE_BYTES = 1024 * 1024;

/** A window as `run` gets it. */
export function streamWindow({ start, end, shardId, final, early }: WindowEvent): StreamWindow {
  return { start: new Date(start), end: new Date(end), shardId, final, early };
}

/**
 * The state after a batch: what the last of the records that are finished gave. Taken from the outcomes, not from
 * what ran last: a record that is reported failed comes again and must not count twice.
 *
 * @param finished - how many records, from the first, will not come again
 */
export function stateAfter(before: object, outcomes: readonly Outcome[], finished: number): object {
  let state = before;
  for (let index = 0; index < finished; index++) {
    const outcome = outcomes[index];
    // A record that nobody listens to has no result.
    if (outcome?.status === 'done' && outcome.result !== undefined) state = outcome.result as object; // checked when it was returned
  }
  return state;
}

/**
 * Looks at what a function returned for the next state.
 *
 * @throws TypeError where it is none
 */
export function nextState(returned: unknown): object {
  if (typeof returned === 'object' && returned !== null) return returned;
  const came = returned === null ? 'null' : typeof returned;
  throw new TypeError(
    `With the option "window" a function must return the next state, an object; got ${came}`,
  );
}

/**
 * Makes sure that Lambda can keep a state.
 *
 * @throws RangeError where it is too large: Lambda would end the window early
 * @throws TypeError where it is not JSON
 */
export function checkState(state: object): void {
  let bytes: number;
  try {
    bytes = Buffer.byteLength(JSON.stringify(state));
  } catch (error) {
    throw new TypeError('The state of the window is not JSON', { cause: error });
  }
  if (bytes > MOST_STATE_BYTES)
    throw new RangeError(
      `The state of the window is ${bytes} bytes of JSON, and Lambda keeps ${MOST_STATE_BYTES} at most: shorten the window or keep less`,
    );
}

/** What `close` gets: the state at the end, and what every function gets. */
export function closing(invocation: Invocation, state: object, window: StreamWindow): object {
  const { context, logger, tracer, signal, remaining, resources } = invocation;
  return { state, window, context, logger, tracer, signal, remaining, resources };
}
