/**
 * From a record's text to the message that `run` gets.
 *
 * @module
 */
import { type Check, type Checked, checkOf, type Schema } from '../handler/schema.ts';
import { inWords, refused } from '../records/refusal.ts';
import type { Notification } from './input.ts';
import type { SnsOptions } from './options.ts';

/**
 * Fills a message in.
 *
 * @throws PermanentFailure for a text that cannot be read or does not match
 */
export type Read = (notification: Notification) => Promise<void>;

/** Makes the reader of a handler, once. */
export function readerOf(factory: string, options: SnsOptions): Read {
  const { format = 'json' } = options;
  const checkMessage = checkFor(factory, 'message', options.message);
  const checkAttributes = checkFor(factory, 'attributes', options.attributes);

  return async (notification) => {
    const text: unknown = notification.record.Sns.Message;
    if (typeof text !== 'string') throw refused('The message has no text');
    const message = format === 'text' ? text : parsed(text);
    notification.message =
      checkMessage === undefined ? message : accepted('message', await checkMessage(message));
    if (checkAttributes !== undefined)
      notification.attributes = accepted('attributes', await checkAttributes(notification.attributes));
  };
}

function checkFor(factory: string, name: string, schema: Schema | undefined): Check | undefined {
  return schema === undefined ? undefined : checkOf(`${factory}: option "${name}"`, schema);
}

function accepted(what: string, checked: Checked): unknown {
  if (checked.issues !== undefined)
    throw refused(`The ${what} did not match the schema: ${inWords(checked.issues)}`);
  return checked.value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the text.
    throw refused(`The message is not JSON (${text.length} characters). For text set format: 'text'`);
  }
}
