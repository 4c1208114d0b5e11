/**
 * What an event says of a tumbling window.
 *
 * @module
 */

/** A tumbling window, as a test states it. */
export interface TestWindow {
  /** What the invocation before gave. Nothing if not given: the first of a window. */
  readonly state?: object;
  /** Seconds the window lasts. 60 if not given. */
  readonly seconds?: number;
  /** Whether it ends with this invocation. `false` if not given. */
  readonly final?: boolean;
  /** Whether it ends before its time. `false` if not given. */
  readonly early?: boolean;
}

/** The members that a window adds to an event. */
export interface WindowMembers {
  readonly window: { readonly start: string; readonly end: string };
  readonly state: Record<string, unknown>;
  readonly shardId: string;
  readonly eventSourceARN: string;
  readonly isFinalInvokeForWindow: boolean;
  readonly isWindowTerminatedEarly: boolean;
}

/** @param at - a moment within the window; it begins at a multiple of its length, as Lambda's do */
export function windowMembers(
  { state = {}, seconds = 60, final = false, early = false }: TestWindow,
  at: Date,
  shardId: string,
  eventSourceARN: string,
): WindowMembers {
  const length = seconds * 1000;
  const start = Math.floor(at.getTime() / length) * length;
  return {
    window: { start: iso(start), end: iso(start + length) },
    // As JSON: what a function gave is not what the next one gets.
    state: JSON.parse(JSON.stringify(state)) as Record<string, unknown>,
    shardId,
    eventSourceARN,
    isFinalInvokeForWindow: final,
    isWindowTerminatedEarly: early,
  };
}

function iso(time: number): string {
  return new Date(time).toISOString().replace(/\.000Z$/, 'Z');
}
