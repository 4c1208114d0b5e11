/**
 * What a rule hands its function: the event, a part of it, what a transformer makes of it, or something else.
 *
 * @module
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_Target.html
 */
import type { RuleInput } from '../template/app.ts';
import { eventPath } from './event-path.ts';
import { inputTransform } from './transform.ts';

/** A rule as its input may speak of it. */
export interface InputRule extends RuleInput {
  readonly name: string;
  readonly arn: string;
}

/**
 * Prepares the input of a rule.
 *
 * @returns gives the input for an event that came at a time (milliseconds); throws a TypeError where none can be made
 * @throws TypeError that says what is wrong with it
 */
export function targetInput(rule: InputRule): (event: unknown, receivedAt: number) => unknown {
  const { input, inputPath, inputTransformer, name, arn } = rule;
  if (input !== undefined) return () => JSON.parse(input) as unknown;
  if (inputTransformer !== undefined) {
    const transform = inputTransform(inputTransformer);
    return (event, receivedAt) => transform(event, { name, arn, receivedAt: inSeconds(receivedAt) });
  }
  if (inputPath === undefined) return (event) => event;
  const path = eventPath(inputPath);
  return (event) => path(event) ?? null;
}

/** A time as EventBridge writes it, without milliseconds. */
export function inSeconds(time: number): string {
  return new Date(time).toISOString().replace(/\.\d+Z$/u, 'Z');
}
