/**
 * An event bus: what is put on it goes to the functions whose patterns it matches.
 *
 * @module
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html
 */
import type { AppFunction, EventTrigger } from '../template/app.ts';
import { isRecord } from './answer.ts';
import type { Asynchronous } from './asynchronous.ts';
import { eventPattern } from './pattern.ts';

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

/** @throws TypeError for a pattern that makes no sense, naming its rule */
export function eventBus(
  rules: readonly { readonly trigger: EventTrigger; readonly declared: AppFunction }[],
  asynchronous: Asynchronous,
): EventBus {
  const prepared = rules
    .filter(({ trigger }) => trigger.enabled)
    .map(({ trigger, declared }) => ({ trigger, declared, matches: patternOf(trigger) }));
  return {
    put(bus, event, traces) {
      const wanted = prepared.filter(({ trigger, matches }) => trigger.bus === bus && matches(event));
      for (const { trigger, declared } of wanted) {
        // Whoever puts an event does not wait for what becomes of it.
        void asynchronous.accept(declared, {
          trigger: {
            type: 'eventbridge',
            id: trigger.id,
            summary: `${event['detail-type']} of ${event.source}`,
          },
          event: inputOf(trigger, event),
          traces,
        });
      }
      return wanted.length;
    },
  };
}

function patternOf(trigger: EventTrigger): ReturnType<typeof eventPattern> {
  try {
    return eventPattern(trigger.pattern);
  } catch (cause) {
    throw new TypeError(
      `The pattern of ${trigger.id}, line ${trigger.place.line}: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}

function inputOf(trigger: EventTrigger, event: BusEvent): unknown {
  if (trigger.input !== undefined) return JSON.parse(trigger.input) as unknown;
  if (trigger.inputPath === undefined) return event;
  let value: unknown = event;
  for (const name of trigger.inputPath.replace(/^\$\.?/u, '').split('.'))
    if (name !== '') value = isRecord(value) ? value[name] : undefined;
  return value ?? null;
}
