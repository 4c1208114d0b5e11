/**
 * What `run` gets: one slot.
 *
 * @module
 */
import type { FunctionEnvironment, FunctionInput } from '../handler/environment.ts';
import type { Invocation } from '../handler/invocation.ts';
import { Provided } from '../handler/provided.ts';
import type { OutputOf } from '../handler/schema.ts';
import type { CronEvent, Occasion } from './event.ts';

/** One slot, as a handler sees it. */
export interface CronInput<Options, Env extends FunctionEnvironment> extends FunctionInput<Env> {
  /** The scheduled time, whenever the run begins. */
  readonly slot: Date;
  /** Milliseconds from the slot to the begin of this run. */
  readonly lag: number;
  /** The validated input; without a schema as it came. Rules send none by themselves. */
  readonly input: Options extends { readonly input: infer S } ? OutputOf<S> : unknown;
  /** Scheduler's own count of attempts; Lambda's retries are not in it. `undefined` where the event does not tell. */
  readonly attempt: number | undefined;
  /** ARN of the rule or the schedule; `undefined` when run by hand. */
  readonly scheduleArn: string | undefined;
  /** As it came. */
  readonly event: CronEvent;
}

/** One slot on its way through a handler. */
export class Run extends Provided implements Record<keyof CronInput<object, FunctionEnvironment>, unknown> {
  readonly slot: Date;
  readonly lag: number;
  readonly attempt: number | undefined;
  readonly scheduleArn: string | undefined;
  /** What came, until the schema has looked at it. */
  input: unknown;
  readonly #invocation: Invocation;

  constructor(occasion: Occasion, invocation: Invocation) {
    super(invocation);
    this.#invocation = invocation;
    this.slot = occasion.slot;
    this.lag = Math.max(0, Date.now() - occasion.slot.getTime()); // clocks of two machines differ
    this.attempt = occasion.attempt;
    this.scheduleArn = occasion.scheduleArn;
    this.input = occasion.input;
  }

  get event(): unknown {
    return this.#invocation.event;
  }
}
