/**
 * Which function or schedule is meant.
 *
 * @module
 */
import type { App, ScheduleTrigger } from '@handlersmith/local';

import { didYouMean } from '../nearest.ts';
import { WrongUse } from '../problem.ts';

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
export function scheduleOf({ triggers }: Pick<App, 'triggers'>, wanted: string): ScheduleTrigger {
  const schedules = triggers.filter((trigger) => trigger.type === 'schedule');
  const named = schedules.filter((one) => [one.id, one.function + one.id, one.name].includes(wanted));
  const [found, second] = named.length > 0 ? named : schedules.filter((one) => one.function === wanted);
  if (found === undefined)
    throw unknown(
      'schedule',
      wanted,
      schedules.map(({ id }) => id),
    );
  if (second !== undefined) {
    const ids = schedules.map((one) => one.function + one.id);
    throw new WrongUse(`${wanted} stands for several schedules. There are: ${ids.join(', ')}.`);
  }
  return found;
}

function unknown(what: string, wanted: string, ids: readonly string[]): WrongUse {
  const there = ids.length === 0 ? `The template has no ${what}.` : `There are: ${ids.join(', ')}.`;
  return new WrongUse(`There is no ${what} ${wanted}.${didYouMean(wanted, ids)} ${there}`);
}
