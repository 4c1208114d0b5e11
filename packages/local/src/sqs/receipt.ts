/**
 * Receipt handles: which receive of which message somebody speaks of.
 *
 * @module
 */
import { SqsError } from './errors.ts';
import { requiredText } from './input.ts';
import type { Input } from './input.ts';
import type { Held } from './message.ts';
import type { Queue } from './queue.ts';

const HANDLE = /^([\w.-]+) ([\da-f-]{36}) ([\da-f-]{36})$/u;

export function receiptHandle(queue: Queue, id: string, receipt: string): string {
  return Buffer.from(`${queue.record.name} ${id} ${receipt}`).toString('base64');
}

/** What a handle of a request stands for. */
export interface Receipt {
  readonly handle: string;
  readonly id: string;
  /** Unset where the message is gone. */
  readonly held: Held | undefined;
  /** Whether nobody received the message since. */
  readonly latest: boolean;
}

/** @throws SqsError for what is no handle of this queue */
export function receiptOf(queue: Queue, input: Input): Receipt {
  const handle = requiredText(input, 'ReceiptHandle');
  const [, name, id, receipt] = HANDLE.exec(Buffer.from(handle, 'base64').toString()) ?? [];
  if (id === undefined || name !== queue.record.name) {
    throw new SqsError(
      'ReceiptHandleIsInvalid',
      `The input receipt handle "${handle}" is not a valid receipt handle.`,
    );
  }
  const held = queue.message(id);
  return { handle, id, held, latest: held?.record.receipt === receipt };
}
