/**
 * From a record's body to the message that `run` gets.
 *
 * @module
 */
import { type Check, type Checked, checkOf } from '../handler/schema.ts';
import { isThenable } from '../handler/thenable.ts';
import { inWords, refused } from '../records/refusal.ts';
import type { Message } from './input.ts';
import { unwrapped } from './notification.ts';
import type { ReadOptions } from './options.ts';

/**
 * Fills a message in. A promise only where a schema is asynchronous.
 *
 * @throws PermanentFailure for a body that cannot be read or does not match
 */
export type Read = (message: Message) => void | PromiseLike<void>;

/** Makes the reader of a handler, once. */
export function readerOf(factory: string, options: ReadOptions): Read {
  const { format = 'json', envelope } = options;
  const checkMessage = checkFor(factory, 'message', options);
  const checkAttributes = checkFor(factory, 'attributes', options);

  return (message) => {
    const { body } = message.record;
    if (typeof (body as unknown) !== 'string') throw refused('The message has no body');
    const inner = envelope === undefined ? undefined : unwrapped(body);
    if (inner !== undefined) {
      message.notification = inner.notification;
      message.given = inner.attributes;
    }
    const text = inner?.text ?? body;
    message.message = format === 'text' ? text : parsed(text);

    const checked = accept(checkMessage, message.message, 'message', (value) => {
      message.message = value;
    });
    if (checkAttributes === undefined) return checked;
    const rest = (): void | PromiseLike<void> =>
      accept(checkAttributes, message.attributes, 'attributes', (value) => {
        message.attributes = value;
      });
    return isThenable(checked) ? Promise.resolve(checked).then(rest) : rest();
  };
}

function checkFor(factory: string, name: 'message' | 'attributes', options: ReadOptions): Check | undefined {
  const schema = options[name];
  return schema === undefined ? undefined : checkOf(`${factory}: option "${name}"`, schema);
}

function accept(
  check: Check | undefined,
  value: unknown,
  what: string,
  take: (value: unknown) => void,
): void | PromiseLike<void> {
  if (check === undefined) return undefined;
  const settle = (checked: Checked): void => {
    if (checked.issues !== undefined)
      throw refused(`The ${what} did not match the schema: ${inWords(checked.issues)}`);
    take(checked.value);
  };
  const checked = check(value);
  return checked instanceof Promise ? checked.then(settle) : settle(checked);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the body.
    throw refused(`The message is not JSON (${text.length} characters). For text set format: 'text'`);
  }
}
