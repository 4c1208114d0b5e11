/**
 * How an error looks in the log: everything that helps, in Powertools' names.
 *
 * @module
 */
import { boundedText, put, read } from './loggable.ts';
import { REDACTED } from './redaction.ts';
import type { Redactor } from './redaction.ts';

/** Properties with a place of their own; others are the error's own fields. */
const STANDARD = new Set(['name', 'message', 'stack', 'cause', 'errors']);

/** `file:line` at the end of a line of a stack trace. */
const PLACE = /(?:\(|at )((?:[a-z]+:\/\/)?[^\s()]+:\d+):\d+\)?$/im;

type Copy = (value: unknown) => unknown;

/** Text of a property that ought to be one. */
function textOf(error: Error, name: string): string {
  const value = read(error, name);
  return typeof value === 'string' ? boundedText(value) : '';
}

/** The file and line that made the error, as `file:///var/task/index.mjs:12`; empty where the stack does not tell. */
function location(stack: string): string {
  return PLACE.exec(stack)?.[1] ?? '';
}

/** Fields somebody hung on the error, without those that have a place of their own. */
function ownFields(error: Error, copy: Copy, redacts: Redactor, into: Record<string, unknown>): void {
  for (const name of Object.keys(error)) {
    if (!STANDARD.has(name)) put(into, name, redacts(name) ? REDACTED : copy(read(error, name)));
  }
}

/** An error as data: name, place, message, stack, causes, the errors it gathers, and its own fields. */
export function errorAsData(error: Error, copy: Copy, redacts: Redactor): Record<string, unknown> {
  const stack = textOf(error, 'stack');
  const data: Record<string, unknown> = {
    name: textOf(error, 'name'),
    location: location(stack),
    message: textOf(error, 'message'),
    stack,
  };
  if ('cause' in error) data['cause'] = copy(read(error, 'cause'));
  if ('errors' in error) data['errors'] = copy(read(error, 'errors'));
  ownFields(error, copy, redacts, data);
  return data;
}

/**
 * An error as an error again, of the same class, whose parts are safe to print: for a logger with a formatter of its own.
 * What an error gathers (`AggregateError.errors`) becomes an ordinary field, because formatters print those.
 */
export function errorAsError(error: Error, copy: Copy, redacts: Redactor): Error {
  // an object with the error's prototype is an instance of its class, made without running a constructor we do not know
  const stand = Object.create(Object.getPrototypeOf(error) as object) as Error;
  const define = (name: string, value: unknown, enumerable: boolean): void => {
    Object.defineProperty(stand, name, { value, enumerable, configurable: true, writable: true });
  };
  define('name', textOf(error, 'name'), false);
  define('message', textOf(error, 'message'), false);
  define('stack', textOf(error, 'stack'), false);
  if ('cause' in error) define('cause', copy(read(error, 'cause')), false);
  if ('errors' in error) define('errors', copy(read(error, 'errors')), true);
  const fields: Record<string, unknown> = {};
  ownFields(error, copy, redacts, fields);
  for (const [name, value] of Object.entries(fields)) define(name, value, true);
  return stand;
}
