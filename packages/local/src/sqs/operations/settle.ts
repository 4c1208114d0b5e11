/**
 * What a consumer says of messages it received: done, or give me more time.
 *
 * @module
 */
import { batchOf, eachEntry } from '../batch.ts';
import { invalid, invalidValue, missing, SqsError } from '../errors.ts';
import { whole } from '../input.ts';
import type { Input } from '../input.ts';
import type { Queue } from '../queue.ts';
import { receiptOf } from '../receipt.ts';
import { queueOf } from '../service.ts';
import type { Operations, SqsService } from '../service.ts';

/** Seconds a message can be invisible for, all extensions together. */
export const LONGEST_VISIBILITY = 43_200;

export const settleOperations: Operations = {
  DeleteMessage: {
    parameters: ['QueueUrl', 'ReceiptHandle'],
    run: (service, input) => deleteMessage(service, queueOf(service, input), input),
  },
  DeleteMessageBatch: {
    parameters: ['QueueUrl', 'Entries'],
    run(service, input) {
      const queue = queueOf(service, input);
      return eachEntry(batchOf(input, ['Id', 'ReceiptHandle']), (entry) =>
        deleteMessage(service, queue, entry),
      );
    },
  },
  ChangeMessageVisibility: {
    parameters: ['QueueUrl', 'ReceiptHandle', 'VisibilityTimeout'],
    run: (service, input) => changeVisibility(service, queueOf(service, input), input),
  },
  ChangeMessageVisibilityBatch: {
    parameters: ['QueueUrl', 'Entries'],
    run(service, input) {
      const queue = queueOf(service, input);
      const entries = batchOf(input, ['Id', 'ReceiptHandle', 'VisibilityTimeout']);
      return eachEntry(entries, (entry) => changeVisibility(service, queue, entry));
    },
  },
};

function deleteMessage({ store }: SqsService, queue: Queue, input: Input): object {
  const { handle, id, held, latest } = receiptOf(queue, input);
  // Deleted before: as good as deleted now.
  if (held === undefined) return {};
  if (queue.fifo && !(latest && held.state === 'in flight')) {
    throw invalidValue('ReceiptHandle', handle, 'The receipt handle has expired');
  }
  // Somebody else received it since: the message is theirs. AWS answers so too, and may or may not delete.
  if (!latest) return {};
  store.commit([{ did: 'remove', queue: queue.record.name, ids: [id] }]);
  return {};
}

function changeVisibility({ store }: SqsService, queue: Queue, input: Input): object {
  const { handle, id, held, latest } = receiptOf(queue, input);
  const seconds = whole(
    input,
    'VisibilityTimeout',
    0,
    LONGEST_VISIBILITY,
    `VisibilityTimeout must be >= 0 and <= ${LONGEST_VISIBILITY}`,
  );
  if (seconds === undefined) throw missing('VisibilityTimeout');
  if (held === undefined || !latest) {
    throw invalidValue(
      'ReceiptHandle',
      handle,
      'Message does not exist or is not available for visibility timeout change',
    );
  }
  if (held.state !== 'in flight') {
    throw new SqsError('MessageNotInflight', 'The specified message is not in flight.');
  }
  const visibleAt = store.clock.now() + seconds * 1_000;
  if (visibleAt - (held.record.receivedAt ?? 0) > LONGEST_VISIBILITY * 1_000) {
    throw invalid(
      `Value ${seconds} for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [${LONGEST_VISIBILITY} seconds].`,
    );
  }
  store.commit([{ did: 'update', queue: queue.record.name, id, to: { visibleAt } }]);
  return {};
}
