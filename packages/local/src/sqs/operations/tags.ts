/**
 * Tags of queues.
 *
 * @module
 */
import { invalid, missing } from '../errors.ts';
import { textMap, texts } from '../input.ts';
import type { Queue } from '../queue.ts';
import { queueOf } from '../service.ts';
import type { Operations, SqsService } from '../service.ts';

const MOST_TAGS = 50;

type Tags = Readonly<Record<string, string>>;

export const tagOperations: Operations = {
  TagQueue: {
    parameters: ['QueueUrl', 'Tags'],
    run(service, input) {
      const queue = queueOf(service, input);
      const tags = textMap(input, 'Tags');
      if (Object.keys(tags).length === 0) throw missing('Tags');
      return setTags(service, queue, { ...queue.record.tags, ...tags });
    },
  },
  UntagQueue: {
    parameters: ['QueueUrl', 'TagKeys'],
    run(service, input) {
      const queue = queueOf(service, input);
      const gone = texts(input, 'TagKeys');
      if (gone.length === 0) throw missing('TagKeys');
      const kept = Object.entries(queue.record.tags).filter(([key]) => !gone.includes(key));
      return setTags(service, queue, Object.fromEntries(kept));
    },
  },
  ListQueueTags: {
    parameters: ['QueueUrl'],
    run(service, input) {
      const { tags } = queueOf(service, input).record;
      return Object.keys(tags).length === 0 ? {} : { Tags: tags };
    },
  },
};

/** @throws SqsError for tags that cannot be */
export function checkedTags(tags: Tags): Tags {
  if (Object.keys(tags).length > MOST_TAGS)
    throw invalid(`Too many tags added for queue. Maximum number of tags allowed is ${MOST_TAGS}.`);
  for (const [key, value] of Object.entries(tags)) {
    if (key.length < 1 || key.length > 128)
      throw invalid(`Tag keys must be between 1 and 128 characters in length.`);
    if (value.length > 256) throw invalid('Tag values must be between 0 and 256 characters in length.');
    if (key.toLowerCase().startsWith('aws:')) throw invalid('Tag keys must not start with aws:.');
  }
  return tags;
}

function setTags(service: SqsService, { record }: Queue, tags: Tags): object {
  service.store.commit([{ did: 'set', queue: record.name, record: { ...record, tags: checkedTags(tags) } }]);
  return {};
}
