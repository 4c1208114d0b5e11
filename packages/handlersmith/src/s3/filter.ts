/**
 * Which objects run.
 *
 * @module
 */
import { isNamed } from './names.ts';
import type { ObjectNotification } from './notification.ts';
import { listOf, type On, type S3Options } from './options.ts';

/** @returns why an object does not run; `undefined` when it does */
export type Filter = (notification: ObjectNotification) => string | undefined;

/** Makes the filter of a handler, once. */
export function filterOf(options: S3Options): Filter {
  const { on = 'all', maxBytes = Infinity } = options;
  const prefixes = listOf(options.prefix);
  const suffixes = listOf(options.suffix);
  const outputs = listOf(options.outputPrefix);

  return (notification) => {
    const { key, size = 0 } = notification;
    if (outputs.some((output) => key.startsWith(output)))
      return 'under outputPrefix: written by the function';
    if (!isOn(on, notification)) return `not of interest: ${notification.eventName}`;
    if (prefixes.length > 0 && !prefixes.some((prefix) => key.startsWith(prefix))) return 'not under prefix';
    if (suffixes.length > 0 && !suffixes.some((suffix) => key.endsWith(suffix))) return 'without suffix';
    if (size > maxBytes) return `too large: ${size} bytes, maxBytes is ${maxBytes}`;
    return undefined;
  };
}

function isOn(on: On, { kind, eventName }: ObjectNotification): boolean {
  if (on === 'all') return true;
  if (typeof on === 'string') return kind === on;
  return on.some((pattern) => isNamed(eventName, pattern));
}
