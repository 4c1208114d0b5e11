/**
 * The journal without what may be large: a list of thousands of invocations shows no events, answers and logs.
 *
 * @module
 */
import type { FunctionFailure } from '../function/function.ts';
import type { JournalChange, JournalEntry } from '../runner/journal.ts';

/** What a list shows of an invocation. The whole of it is at `/api/journal/{requestId}`. */
export interface BriefEntry extends Omit<JournalEntry, 'event' | 'logs' | 'result'> {
  /** Unset while it runs. */
  readonly result?: BriefResult;
}

export interface BriefResult {
  readonly ok: boolean;
  /** Milliseconds the handler ran. */
  readonly duration: number;
  /** Milliseconds the environment took to start, on a cold start. */
  readonly initDuration?: number;
  readonly reason?: FunctionFailure['reason'];
  readonly errorType?: string;
}

export type BriefChange =
  | { readonly change: 'begin' | 'end'; readonly entry: BriefEntry }
  | Exclude<JournalChange, { readonly change: 'begin' | 'end' }>;

export function briefEntry(entry: JournalEntry): BriefEntry {
  const { event: _event, logs: _logs, result, ...rest } = entry;
  if (result === undefined) return rest;
  const { ok, duration, initDuration } = result;
  return {
    ...rest,
    result: {
      ok,
      duration,
      ...(initDuration !== undefined && { initDuration }),
      ...(!result.ok && { reason: result.reason, errorType: result.error.errorType }),
    },
  };
}

export function briefChange(change: JournalChange): BriefChange {
  return change.change === 'begin' || change.change === 'end'
    ? { change: change.change, entry: briefEntry(change.entry) }
    : change;
}
