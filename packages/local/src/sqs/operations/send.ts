/**
 * SendMessage, alone and in batches.
 *
 * @module
 */
import { LARGEST_MESSAGE } from '../attributes.ts';
import { batchOf, eachEntry } from '../batch.ts';
import { checkedMessageAttributes, sizeOf } from '../contents.ts';
import { SqsError } from '../errors.ts';
import { text } from '../input.ts';
import { checkedDraft, MESSAGE_PARAMETERS, send } from '../sending.ts';
import { queueOf } from '../service.ts';
import type { Operations } from '../service.ts';

export const sendOperations: Operations = {
  SendMessage: {
    parameters: ['QueueUrl', ...MESSAGE_PARAMETERS],
    run(service, input, { trace }) {
      const queue = queueOf(service, input);
      return send(service, queue, checkedDraft(queue, input, trace));
    },
  },
  SendMessageBatch: {
    parameters: ['QueueUrl', 'Entries'],
    run(service, input, { trace }) {
      const queue = queueOf(service, input);
      const entries = batchOf(input, ['Id', ...MESSAGE_PARAMETERS]);
      const size = entries.reduce(
        (sum, entry) =>
          sum +
          sizeOf(
            text(entry, 'MessageBody') ?? '',
            lenient(() => checkedMessageAttributes(entry)),
          ),
        0,
      );
      if (size > LARGEST_MESSAGE) {
        throw new SqsError(
          'BatchRequestTooLong',
          `Batch requests cannot be longer than ${LARGEST_MESSAGE} bytes. You have sent ${size} bytes.`,
        );
      }
      return eachEntry(entries, (entry) => send(service, queue, checkedDraft(queue, entry, trace)));
    },
  },
};

/** An entry that is wrong fails by itself later; it is no reason to refuse the batch. */
function lenient<Value extends object>(read: () => Value): Value | Record<string, never> {
  try {
    return read();
  } catch {
    return {};
  }
}
