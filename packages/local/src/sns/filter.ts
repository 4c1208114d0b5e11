/**
 * Which messages a subscription wants.
 *
 * @module
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
 */
import { eventPattern } from '../mapping/pattern.ts';
import type { Matches } from '../mapping/pattern.ts';
import { invalid } from './errors.ts';
import type { MessageAttributes } from './message.ts';

export type FilterScope = 'MessageAttributes' | 'MessageBody';

const MOST_KEYS = 5;
const MOST_COMBINATIONS = 150;

/**
 * Prepares a filter policy.
 *
 * @throws SnsError for one that AWS would refuse
 */
export function filterPolicy(policy: string, scope: FilterScope): Matches {
  let parsed: unknown;
  try {
    parsed = JSON.parse(policy);
  } catch {
    throw invalid('FilterPolicy: failed to parse JSON.');
  }
  if (!isObject(parsed)) throw invalid('FilterPolicy: failed to parse JSON. A filter policy is an object.');
  const { keys, combinations } = measure(parsed, scope);
  if (keys > MOST_KEYS) throw invalid(`FilterPolicy: Filter policy can not have more than ${MOST_KEYS} keys`);
  if (combinations > MOST_COMBINATIONS) {
    throw invalid('FilterPolicy: Filter policy is too complex');
  }
  try {
    return eventPattern(parsed);
  } catch (error) {
    throw invalid(`FilterPolicy: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** What a policy on attributes is held against; binary attributes cannot be filtered by. */
export function filterable(attributes: MessageAttributes): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([name, { Type, Value }]) => {
      if (Type === 'Number') return [[name, Number(Value)]];
      if (Type === 'String.Array') return [[name, arrayIn(Value)]];
      return Type.startsWith('String') ? [[name, Value]] : [];
    }),
  );
}

/** Whether a policy on bodies matches; a body that is no JSON object is wanted by none. */
export function matchesBody(matches: Matches, body: string): boolean {
  try {
    const parsed: unknown = JSON.parse(body);
    return isObject(parsed) && matches(parsed);
  } catch {
    return false;
  }
}

function arrayIn(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** Keys and combinations of values, as the limits count them. */
function measure(
  policy: Readonly<Record<string, unknown>>,
  scope: FilterScope,
): { keys: number; combinations: number } {
  let keys = 0;
  let combinations = 1;
  const count = (wanted: unknown, name: string): void => {
    if (name === '$or' && Array.isArray(wanted)) {
      for (const alternative of wanted) if (isObject(alternative)) each(alternative);
    } else if (Array.isArray(wanted)) {
      keys += 1;
      combinations *= wanted.length;
    } else if (isObject(wanted)) {
      if (scope === 'MessageAttributes') {
        throw invalid(
          'FilterPolicy: Filter policy scope MessageAttributes does not support nested filter policy',
        );
      }
      each(wanted);
    }
  };
  const each = (object: Readonly<Record<string, unknown>>): void => {
    for (const [name, wanted] of Object.entries(object)) count(wanted, name);
  };
  each(policy);
  return { keys, combinations };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
