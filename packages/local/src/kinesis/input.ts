/**
 * Reading what a request says.
 *
 * @module
 */
import { KinesisError, notImplemented, validation } from './errors.ts';

export type Input = Readonly<Record<string, unknown>>;

export function nameOf(input: Input): string {
  if (input['StreamId'] !== undefined) throw notImplemented('the parameter StreamId');
  const arn = input['StreamARN'];
  if (typeof arn === 'string') return arn.replace(/^.*:stream\//u, '');
  return textOf(input, 'StreamName');
}

export function textOf(input: Input, name: string): string {
  const value = input[name];
  if (typeof value !== 'string') throw validation(`${name} is missing or no text.`);
  return value;
}

export function wholeOf(input: Input, name: string, least: number, most: number): number {
  const value = input[name];
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw validation(`${name} is a whole number from ${least} to ${most}.`);
}

export function objectOf(value: unknown): Input {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Input; // checked just now
  throw new KinesisError('SerializationException', 'The request is no JSON object.');
}
