/**
 * Which function or schedule is meant.
 *
 * @module
 */
import type { App, ScheduleTrigger } from '@handlersmith/local';

import { didYouMean } from '../nearest.ts';
import { WrongUse } from '../problem.ts';

/** A schedule, and what the runner calls it. */
export interface ChosenSchedule {
  readonly trigger: ScheduleTrigger;
  readonly key: string;
}

/**
 * The logical id of a function, by that id or its name.
 *
 * @throws WrongUse that says which there are
 */
export function functionId({ functions }: Pick<App, 'functions'>, wanted: string): string {
  const found = functions.find(({ id, name }) => id === wanted || name === wanted);
  if (found !== undefined) return found.id;
  throw unknown(
    'function',
    wanted,
    functions.map(({ id }) => id),
  );
}

/**
 * A schedule, by its id with or without its function's before it, its name, or the function it invokes where that has
 * one alone.
 *
 * @throws WrongUse that says which there are
 */
export function scheduleOf({ triggers }: Pick<App, 'triggers'>, wanted: string): ChosenSchedule {
  const schedules = triggers.filter((trigger) => trigger.type === 'schedule');
  // The first of a name has it to itself.
  const keyOf = (one: ScheduleTrigger): string =>
    schedules.find(({ id }) => id === one.id) === one ? one.id : one.function + one.id;
  const named = schedules.filter((one) => [one.id, one.function + one.id, one.name].includes(wanted));
  const [found, second] = named.length > 0 ? named : schedules.filter((one) => one.function === wanted);
  if (found === undefined) throw unknown('schedule', wanted, schedules.map(keyOf));
  if (second !== undefined) {
    const ids = schedules.map((one) => one.function + one.id);
    throw new WrongUse(`${wanted} stands for several schedules. There are: ${ids.join(', ')}.`);
  }
  return { trigger: found, key: keyOf(found) };
}

function unknown(what: string, wanted: string, ids: readonly string[]): WrongUse {
  const there = ids.length === 0 ? `The template has no ${what}.` : `There are: ${ids.join(', ')}.`;
  return new WrongUse(`There is no ${what} ${wanted}.${didYouMean(wanted, ids)} ${there}`);
}
