/**
 * Who decides what comes next: a seed, or a plan.
 *
 * @module
 */
import { type Fault, faultNamed, faults } from './faults.ts';
import type { Random } from './random.ts';
import type { Director, Parked, Postponed } from './simulation.ts';
import type { SimulatedRequest } from './task.ts';

/** Faults by the number of the request that meets them, from 1. */
export type Plan = ReadonlyMap<number, Fault>;

/** What a plan's requests were, so that a run knows whether its plan was met. */
export interface PlannedDirector extends Director {
  /** The requests, in order. */
  readonly seen: Pick<SimulatedRequest, 'service' | 'command'>[];
  /** Faults that were met. */
  met: number;
}

/** Tasks in the order they began; what is due comes before them. */
export function planned(plan: Plan): PlannedDirector {
  const director: PlannedDirector = {
    seen: [],
    met: 0,
    choose: inOrder,
    fault: (request) => {
      director.seen.push(request);
      const fault = plan.get(director.seen.length);
      if (fault === undefined || !fault.applies(request)) return undefined;
      director.met += 1;
      return fault;
    },
  };
  return director;
}

const inOrder: Director['choose'] = (waiting, postponed) => {
  const due = postponed.findIndex((each) => each.due);
  return due === -1 ? 0 : waiting.length + due;
};

/** How often each kind of fault is met, in thousandths. What is not named is met never. */
export type Rates = Readonly<Record<string, number>>;

/** About one request in four meets something; the worst of it often enough to be met in pairs. */
const ROUGH: Rates = {
  'not sent': 25,
  'connection refused': 10,
  'answer lost': 40,
  'sent twice': 10,
  'late by 1': 40,
  throttled: 20,
  'throttled otherwise': 10,
  500: 10,
  '500, yet applied': 10,
  '409 conflict': 25,
  'bad digest': 5,
  '412 of its own': 5,
  'transaction conflict': 25,
  'transaction throttled': 10,
  'in progress': 5,
  'parameter mismatch': 5,
  'expired credentials': 3,
  'crash before': 8,
  'crash after': 12,
  'crash, request in flight': 12,
  'frozen for 2 requests': 15,
  aborted: 5,
  'aborted, yet applied': 5,
  'no time left': 5,
  'clock jumps on': 2,
  'clock jumps back': 2,
};

/** A seed decides: who goes on, what is late comes when, and what is met. */
export function seeded(random: Random, rates: Rates = ROUGH): Director {
  const known = faults.filter(({ name }) => Object.hasOwn(rates, name));
  return {
    choose: (waiting: readonly Parked[], postponed: readonly Postponed[]) =>
      random.below(waiting.length + postponed.length),
    fault: (request) => {
      let left = random.next() * 1000;
      for (const fault of known) {
        if (!fault.applies(request)) continue;
        left -= rates[fault.name] ?? 0;
        if (left < 0) return fault;
      }
      return undefined;
    },
  };
}

/**
 * A schedule, request by request: `A PutObject`, with a fault `A PutObject ! answer lost`, or `late A` for what was put
 * off. After its end, what is
 * due comes first, then tasks in the order they began.
 *
 * @throws Error when nobody waits to do what comes next: the schedule fits the code no more
 */
export function scripted(script: readonly string[]): Director & { readonly left: readonly string[] } {
  const left = [...script];
  let fault: Fault | undefined;
  return {
    left,
    choose: (waiting, postponed) => {
      fault = undefined;
      const beginning = waiting.findIndex(({ what }) => what === 'begins');
      const step = beginning === -1 ? left.shift() : undefined;
      if (step === undefined) return beginning === -1 ? inOrder(waiting, postponed) : beginning;
      const [request = '', met] = step.split(' ! ');
      if (met !== undefined) fault = faultNamed(met);
      const index = request.startsWith('late ')
        ? waiting.length + postponed.findIndex(({ what }) => what.startsWith(request.slice('late '.length)))
        : waiting.findIndex(({ task, what }) => `${task.name} ${what} `.startsWith(`${request} `));
      if (
        index >= 0 &&
        index < waiting.length + postponed.length &&
        !(request.startsWith('late ') && index < waiting.length)
      )
        return index;
      const there = [
        ...waiting.map(({ task, what }) => `${task.name} ${what}`),
        ...postponed.map(({ what }) => `late ${what}`),
      ];
      throw new Error(`The schedule says "${step}", and there is: ${there.join('; ')}`);
    },
    fault: () => fault,
  };
}
