/**
 * An event bus: what is put on it goes to the functions whose patterns it matches.
 *
 * @module
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html
 */
import type { Clock } from '../clock/clock.ts';
import type { AppFunction, EventTrigger } from '../template/app.ts';
import type { Asynchronous } from './asynchronous.ts';
import type { Tell } from './invoke.ts';
import { eventPattern } from './pattern.ts';
import { targetInput } from './target-input.ts';

/** An event as rules see it. */
export interface BusEvent {
  readonly 'detail-type': string;
  readonly source: string;
  readonly detail: unknown;
  readonly [name: string]: unknown;
}

export interface EventBus {
  /** Hands an event to every rule that it matches, and says how many there were. */
  readonly put: (bus: string, event: BusEvent, traces: readonly string[]) => number;
}

export interface EventBusOptions {
  readonly rules: readonly { readonly trigger: EventTrigger; readonly declared: AppFunction }[];
  readonly asynchronous: Asynchronous;
  readonly clock: Pick<Clock, 'now'>;
  readonly tell: Tell;
}

/** @throws TypeError for a pattern or an input that makes no sense, naming its rule */
export function eventBus({ rules, asynchronous, clock, tell }: EventBusOptions): EventBus {
  const prepared = rules
    .filter(({ trigger }) => trigger.enabled)
    .map(({ trigger, declared }) => ({
      trigger,
      declared,
      matches: prepare(trigger, 'pattern', () => eventPattern(trigger.pattern)),
      inputOf: prepare(trigger, 'input', () => targetInput(trigger)),
    }));
  const invoke = (
    { trigger, declared, inputOf }: (typeof prepared)[number],
    event: BusEvent,
    traces: readonly string[],
  ): void => {
    try {
      const input = inputOf(event, clock.now());
      // Whoever puts an event does not wait for what becomes of it.
      void asynchronous.accept(declared, {
        trigger: {
          type: 'eventbridge',
          id: trigger.id,
          summary: `${event['detail-type']} of ${event.source}`,
        },
        event: input,
        traces,
      });
    } catch (error) {
      tell({
        kind: 'dropped',
        text: `${trigger.id}, line ${trigger.place.line}: ${reasonOf(error)}`,
        traces,
      });
    }
  };
  return {
    put(bus, event, traces) {
      const wanted = prepared.filter(({ trigger, matches }) => trigger.bus === bus && matches(event));
      for (const rule of wanted) invoke(rule, event, traces);
      return wanted.length;
    },
  };
}

function prepare<T>(trigger: EventTrigger, what: string, make: () => T): T {
  try {
    return make();
  } catch (cause) {
    throw new TypeError(`The ${what} of ${trigger.id}, line ${trigger.place.line}: ${reasonOf(cause)}`, {
      cause,
    });
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
