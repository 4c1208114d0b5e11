/**
 * Making, finding and emptying queues.
 *
 * @module
 */
import { checkedAttributes, checkTogether, effective } from '../attributes.ts';
import { invalid, invalidValue, SqsError } from '../errors.ts';
import { requiredText, text, textMap, whole } from '../input.ts';
import type { Input } from '../input.ts';
import { checkPolicies, sourcesOf } from '../redrive.ts';
import { queueOf, urlOf } from '../service.ts';
import type { Operations, SqsService } from '../service.ts';
import { checkedTags } from './tags.ts';

/** Milliseconds for which the name of a deleted queue cannot be used again, and between two purges. */
const MINUTE = 60_000;
const MOST_RESULTS = 1_000;

export const queueOperations: Operations = {
  CreateQueue: { parameters: ['QueueName', 'Attributes', 'tags'], run: createQueue },
  GetQueueUrl: {
    parameters: ['QueueName', 'QueueOwnerAWSAccountId'],
    run(service, input) {
      const { record } = service.store.queue(requiredText(input, 'QueueName'));
      return { QueueUrl: urlOf(service, record.name) };
    },
  },
  ListQueues: {
    parameters: ['QueueNamePrefix', 'MaxResults', 'NextToken'],
    run(service, input) {
      const prefix = text(input, 'QueueNamePrefix') ?? '';
      const names = service.store.queues().map(({ record }) => record.name);
      const { page, token } = paged(
        input,
        names.filter((name) => name.startsWith(prefix)),
      );
      return { ...(page.length > 0 && { QueueUrls: page.map((name) => urlOf(service, name)) }), ...token };
    },
  },
  ListDeadLetterSourceQueues: {
    parameters: ['QueueUrl', 'MaxResults', 'NextToken'],
    run(service, input) {
      const names = sourcesOf(service, queueOf(service, input)).map(({ record }) => record.name);
      const { page, token } = paged(input, names);
      return { queueUrls: page.map((name) => urlOf(service, name)), ...token };
    },
  },
  DeleteQueue: {
    parameters: ['QueueUrl'],
    run(service, input) {
      const { name } = queueOf(service, input).record;
      service.store.commit([{ did: 'delete', queue: name, at: service.store.clock.now() }]);
      return {};
    },
  },
  PurgeQueue: {
    parameters: ['QueueUrl'],
    run(service, input) {
      const { record, purgedAt = -Infinity } = queueOf(service, input);
      const now = service.store.clock.now();
      if (now < purgedAt + MINUTE) {
        throw new SqsError(
          'PurgeQueueInProgress',
          `Only one PurgeQueue operation on ${record.name} is allowed every 60 seconds.`,
        );
      }
      service.store.commit([{ did: 'purge', queue: record.name, at: now }]);
      return {};
    },
  },
};

function createQueue(service: SqsService, input: Input): object {
  const name = requiredText(input, 'QueueName');
  const given = textMap(input, 'Attributes');
  const fifo = given['FifoQueue'] === 'true';
  checkName(name, fifo);
  const attributes = withoutEmpty(checkedAttributes(fifo, given));
  const tags = checkedTags(textMap(input, 'tags'));

  const existing = service.store.find(name);
  if (existing !== undefined) {
    const has = effective(existing.record);
    const other = Object.keys(attributes).find((attribute) => attributes[attribute] !== has[attribute]);
    if (other !== undefined) {
      throw new SqsError(
        'QueueNameExists',
        `A queue already exists with the same name and a different value for attribute ${other}`,
      );
    }
    return { QueueUrl: urlOf(service, name) };
  }
  const now = service.store.clock.now();
  if (now < (service.store.deletedAt(name) ?? -Infinity) + MINUTE) {
    throw new SqsError(
      'QueueDeletedRecently',
      'You must wait 60 seconds after deleting a queue before you can create another with the same name.',
    );
  }
  checkTogether(attributes);
  checkPolicies(service, name, attributes);
  const record = { name, attributes, tags, createdAt: now, modifiedAt: now };
  service.store.commit([{ did: 'set', queue: name, record }]);
  return { QueueUrl: urlOf(service, name) };
}

function checkName(name: string, fifo: boolean): void {
  if (fifo && !name.endsWith('.fifo')) {
    throw invalid(
      'The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length',
    );
  }
  const plain = fifo ? name.slice(0, -'.fifo'.length) : name;
  if (name.length > 80 || !/^[\w-]+$/u.test(plain)) {
    throw invalid('Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length');
  }
}

function withoutEmpty(attributes: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== ''));
}

/** The part of a list that was asked for. Lists are in the order of names: the token is the last name given. */
function paged(
  input: Input,
  names: readonly string[],
): { page: readonly string[]; token: { NextToken?: string } } {
  const limit = whole(input, 'MaxResults', 1, MOST_RESULTS);
  const after = text(input, 'NextToken');
  if (after !== undefined && limit === undefined) {
    throw invalidValue('NextToken', after, 'MaxResults must be set with it');
  }
  const rest = after === undefined ? names : names.filter((name) => name > decode(after));
  const page = rest.slice(0, limit ?? MOST_RESULTS);
  const last = page.at(-1);
  return {
    page,
    token:
      limit !== undefined && last !== undefined && page.length < rest.length
        ? { NextToken: encode(last) }
        : {},
  };
}

function encode(name: string): string {
  return Buffer.from(name).toString('base64');
}

function decode(token: string): string {
  return Buffer.from(token, 'base64').toString();
}
