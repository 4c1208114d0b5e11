/**
 * Parameters of a request, as JSON brings them.
 *
 * @module
 */
import { invalid, invalidValue, missing, SqsError } from './errors.ts';

/** A JSON object of which nothing is known yet. */
export type Input = Readonly<Record<string, unknown>>;

export function isInput(value: unknown): value is Input {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function text(input: Input, name: string): string | undefined {
  const value = input[name] ?? undefined;
  if (value === undefined || typeof value === 'string') return value;
  throw wrongType(name, 'a string');
}

export function requiredText(input: Input, name: string): string {
  const value = text(input, name);
  if (value === undefined || value === '') throw missing(name);
  return value;
}

export function whole(
  input: Input,
  name: string,
  least: number,
  most: number,
  reason: string = `Must be between ${least} and ${most}, if provided`,
): number | undefined {
  const value = input[name] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value !== 'number') throw wrongType(name, 'a number');
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw invalidValue(name, value, reason);
}

export function texts(input: Input, name: string): readonly string[] {
  const value = input[name] ?? [];
  if (Array.isArray(value) && value.every((item): item is string => typeof item === 'string')) return value;
  throw wrongType(name, 'a list of strings');
}

export function inputs(input: Input, name: string): readonly Input[] {
  const value = input[name] ?? [];
  if (Array.isArray(value) && value.every(isInput)) return value;
  throw wrongType(name, 'a list of objects');
}

export function inputMap(input: Input, name: string): Readonly<Record<string, Input>> {
  const value = input[name] ?? {};
  if (isInput(value) && hasInputs(value)) return value;
  throw wrongType(name, 'a map of objects');
}

export function textMap(input: Input, name: string): Readonly<Record<string, string>> {
  const value = input[name] ?? {};
  if (isInput(value) && hasTexts(value)) return value;
  throw wrongType(name, 'a map of strings');
}

/** Parses JSON text that stands in a parameter. */
export function jsonIn(parameter: string, value: string): Input {
  try {
    const parsed: unknown = JSON.parse(value);
    if (isInput(parsed)) return parsed;
  } catch {
    // What follows says it.
  }
  throw invalid(
    `Value ${value} for parameter ${parameter} is invalid. Reason: Redrive policy is not a valid JSON map.`,
  );
}

function hasInputs(value: Input): value is Readonly<Record<string, Input>> {
  return Object.values(value).every(isInput);
}

function hasTexts(value: Input): value is Readonly<Record<string, string>> {
  return Object.values(value).every((item) => typeof item === 'string');
}

function wrongType(name: string, expected: string): SqsError {
  return new SqsError('SerializationException', `Parameter ${name} must be ${expected}.`);
}
