/**
 * What may go wrong, and how often: every interleaving for free, each fault from a budget.
 *
 * A request without an answer is in flight: it may be applied at once, later or never. "Never" needs no step: what is
 * in flight may stay there. So a request lost on the way, one that was applied and lost its answer, and one that comes
 * after its sender has died are the same fault here.
 *
 * @module
 */
import type { Codec } from './engine/codec.ts';
import type { Step } from './engine/model.ts';

/** How many of each fault a run may have. At most 255 of each. */
export interface Budget {
  /** T: requests that get no answer. */
  unanswered: number;
  /** C: invocations or sweepers that die. */
  crashes: number;
  /** S: blobs and retired blobs a sweeper looks at. */
  visits: number;
  /** X: records that expire. */
  expiries: number;
}

export function budget(unanswered: number, crashes: number, visits = 0, expiries = 0): Budget {
  return { unanswered, crashes, visits, expiries };
}

/** What the adversary needs to find in a state. */
export interface Exposed {
  budget: Budget;
  /** Requests sent and not yet applied, each packed into a word. */
  inFlight: number[];
}

/** A request that somebody is about to send, and what a fault makes of its sender. */
export interface Exposure<State> {
  /** Who sends what, for the trace. */
  readonly describe: () => string;
  /** The request as a word, or `undefined` where it changes nothing: then nothing is in flight afterwards. */
  readonly request: number | undefined;
  /** The sender takes the missing answer for a failure. Left out: it would not, it asks again. */
  readonly giveUp?: (next: State) => void;
  /** Whether the sender may send the same again. */
  readonly retries: boolean;
  /** The sender is gone. */
  readonly die: (next: State) => void;
}

/** The faults one request may meet. The step without a fault is the protocol's own. */
export function faults<State extends Exposed>(
  state: State,
  step: Step<State>,
  { describe, request, giveUp, retries, die }: Exposure<State>,
): void {
  const send = (next: State): void => {
    if (request !== undefined) next.inFlight.push(request);
  };
  if (state.budget.unanswered > 0) {
    // Asking again for what changes nothing is no other step than asking once.
    if (retries && request !== undefined)
      step(
        () => `${describe()}: no answer, will ask again`,
        (next) => {
          next.budget.unanswered--;
          send(next);
          return undefined;
        },
      );
    if (giveUp)
      step(
        () => `${describe()}: no answer, gives up`,
        (next) => {
          next.budget.unanswered--;
          send(next);
          giveUp(next);
          return undefined;
        },
      );
  }
  if (state.budget.crashes > 0)
    // Dying before the request left is dying with a request in flight that never arrives.
    step(
      () => `${describe()}: CRASHES, the request may be in flight`,
      (next) => {
        next.budget.crashes--;
        send(next);
        die(next);
        return undefined;
      },
    );
}

/** Orders what is in flight: which was sent first makes no difference. */
export function sortInFlight(state: Exposed): void {
  if (state.inFlight.length > 1) state.inFlight.sort((one, other) => one - other);
}

/** How many requests may be in flight at once: each took a fault to get there. */
export function capacityOf({ unanswered, crashes }: Budget): number {
  return unanswered + crashes;
}

export function budgetLayout(left: Budget, codec: Codec): void {
  left.unanswered = codec.byte(left.unanswered);
  left.crashes = codec.byte(left.crashes);
  left.visits = codec.byte(left.visits);
  left.expiries = codec.byte(left.expiries);
}

/** Nothing arrives any more and nothing more goes wrong. */
export function calm(state: Exposed): void {
  state.inFlight.length = 0;
  state.budget.unanswered = 0;
  state.budget.crashes = 0;
  state.budget.visits = 0;
  state.budget.expiries = 0;
}
