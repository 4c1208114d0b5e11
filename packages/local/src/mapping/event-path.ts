/**
 * Paths into an event, of the JSONPath that EventBridge takes.
 *
 * @module
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
import { isRecord } from './answer.ts';

/** Gives what is there; undefined where nothing is. */
export type EventPath = (event: unknown) => unknown;

/** Letters, digits, dashes, underscores, slashes after a dot; an index or all of a list in brackets; `.*`. */
const STEP = /\.(?<name>[\w/-]+|\*)|\[(?<index>\d+|\*)\]/uy;

/**
 * Prepares a path, such as `$.detail.items[0].name`. One with a `*` gives a list of all it finds.
 *
 * @throws TypeError for a path that EventBridge does not take
 */
export function eventPath(path: string): EventPath {
  const steps = stepsOf(path);
  const isMany = steps.includes('*');
  return (event) => {
    const found = steps.reduce((values, step) => values.flatMap((value) => follow(value, step)), [event]);
    return isMany ? found : found[0];
  };
}

function stepsOf(path: string): (string | number)[] {
  const steps: (string | number)[] = [];
  STEP.lastIndex = 1;
  while (path.startsWith('$') && STEP.lastIndex < path.length) {
    const { name, index } = STEP.exec(path)?.groups ?? {};
    const step = name ?? index;
    if (step === undefined) break;
    steps.push(index === undefined || index === '*' ? step : Number(index));
    if (STEP.lastIndex === path.length) return steps;
  }
  if (path === '$') return [];
  throw new TypeError(
    `"${path}" is no path: it takes $.name, names of letters, digits, -, _ and /, and [0], [*] and .* after them`,
  );
}

/** What is at a step, as none, one or many. */
function follow(value: unknown, step: string | number): unknown[] {
  if (step === '*') return Array.isArray(value) || isRecord(value) ? Object.values(value) : [];
  if (typeof step === 'number') return Array.isArray(value) && step in value ? [value[step]] : [];
  return isRecord(value) && Object.hasOwn(value, step) ? [value[step]] : [];
}
