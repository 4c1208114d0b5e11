/**
 * Reading and setting attributes of queues.
 *
 * @module
 */
import { ATTRIBUTE_NAMES, checkedAttributes, checkTogether, effective } from '../attributes.ts';
import { SqsError } from '../errors.ts';
import { textMap, texts } from '../input.ts';
import type { Queue } from '../queue.ts';
import { checkPolicies } from '../redrive.ts';
import { arnOf, queueOf } from '../service.ts';
import type { Operations, SqsService } from '../service.ts';

export const attributeOperations: Operations = {
  GetQueueAttributes: {
    parameters: ['QueueUrl', 'AttributeNames'],
    run(service, input) {
      const queue = queueOf(service, input);
      const wanted = texts(input, 'AttributeNames');
      const unknown = wanted.find((name) => name !== 'All' && !ATTRIBUTE_NAMES.has(name));
      if (unknown !== undefined) throw new SqsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
      const found = Object.entries(attributesOf(service, queue)).filter(
        ([name]) => wanted.includes('All') || wanted.includes(name),
      );
      return found.length === 0 ? {} : { Attributes: Object.fromEntries(found) };
    },
  },
  SetQueueAttributes: {
    parameters: ['QueueUrl', 'Attributes'],
    run(service, input) {
      const { record, fifo } = queueOf(service, input);
      const checked = checkedAttributes(fifo, textMap(input, 'Attributes'));
      const attributes = Object.fromEntries(
        Object.entries({ ...record.attributes, ...checked }).filter(([, value]) => value !== ''),
      );
      checkTogether(attributes);
      checkPolicies(service, record.name, checked);
      const modifiedAt = service.store.clock.now();
      service.store.commit([
        { did: 'set', queue: record.name, record: { ...record, attributes, modifiedAt } },
      ]);
      return {};
    },
  },
};

function attributesOf(service: SqsService, queue: Queue): Record<string, string> {
  const { record } = queue;
  return {
    ...effective(record),
    QueueArn: arnOf(service, record.name),
    ApproximateNumberOfMessages: String(queue.count('visible')),
    ApproximateNumberOfMessagesNotVisible: String(queue.count('in flight')),
    ApproximateNumberOfMessagesDelayed: String(queue.count('delayed')),
    CreatedTimestamp: String(Math.floor(record.createdAt / 1_000)),
    LastModifiedTimestamp: String(Math.floor(record.modifiedAt / 1_000)),
  };
}
