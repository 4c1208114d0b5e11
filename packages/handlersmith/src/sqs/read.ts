/**
 * From a record's body to the message that `run` gets.
 *
 * @module
 */
import { type Check, type Checked, checkOf } from '../handler/schema.ts';
import { inWords, refused } from '../records/refusal.ts';
import type { Message } from './input.ts';
import { unwrapped } from './notification.ts';
import type { ReadOptions } from './options.ts';

/**
 * Fills a message in. A promise only where a schema is asynchronous.
 *
 * @throws PermanentFailure for a body that cannot be read or does not match
 */
export type Read = (message: Message) => Promise<void> | undefined;

/** Makes the reader of a handler, once. */
export function readerOf(factory: string, options: ReadOptions): Read {
  const { format = 'json', envelope } = options;
  const checkMessage = checkFor(factory, 'message', options);
  const checkAttributes = checkFor(factory, 'attributes', options);

  return (message) => {
    const { body } = message.record;
    if (typeof (body as unknown) !== 'string') throw refused('The message has no body');
    const inner = envelope === undefined ? undefined : unwrapped(body);
    if (inner !== undefined) message.inner = inner;
    const text = inner?.text ?? body;
    message.message = format === 'text' ? text : parsed(text);

    if (checkMessage === undefined && checkAttributes === undefined) return undefined;
    const checked = accept(checkMessage, message, 'message');
    return checked === undefined
      ? accept(checkAttributes, message, 'attributes')
      : acceptLater(checked, checkAttributes, message);
  };
}

/** A function of its own, as is the one below: a closure beside them would cost each message that is checked at once. */
async function acceptLater(
  checking: Promise<void>,
  checkAttributes: Check | undefined,
  message: Message,
): Promise<void> {
  await checking;
  await accept(checkAttributes, message, 'attributes');
}

function checkFor(factory: string, name: 'message' | 'attributes', options: ReadOptions): Check | undefined {
  const schema = options[name];
  return schema === undefined ? undefined : checkOf(`${factory}: option "${name}"`, schema);
}

/** Puts what a schema made of a part of the message in its place. */
function accept(
  check: Check | undefined,
  message: Message,
  part: 'message' | 'attributes',
): Promise<void> | undefined {
  if (check === undefined) return undefined;
  const checked = check(message[part]);
  if (checked instanceof Promise) return takeLater(checked, message, part);
  take(checked, message, part);
  return undefined;
}

async function takeLater(
  checking: Promise<Checked>,
  message: Message,
  part: 'message' | 'attributes',
): Promise<void> {
  take(await checking, message, part);
}

function take(checked: Checked, message: Message, part: 'message' | 'attributes'): void {
  if (checked.issues !== undefined)
    throw refused(`The ${part} did not match the schema: ${inWords(checked.issues)}`);
  message[part] = checked.value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the body.
    throw refused(`The message is not JSON (${text.length} characters). For text set format: 'text'`);
  }
}
