/**
 * From what is said of an event to the event.
 *
 * @module
 */
import {
  cognitoEvent,
  dynamoStreamEvent,
  eventBridgeEvent,
  httpEvent,
  type HttpRequest,
  type HttpSource,
  kinesisEvent,
  publication,
  s3BridgeEvent,
  s3Event,
  scheduledEvent,
  schedulerEvent,
  snsEvent,
  sqsEvent,
} from '@handlersmith/testing';

import type { Statement } from './state.ts';

interface Builder {
  /** What is said where nothing else is. */
  readonly defaults: Statement;
  readonly build: (statement: Statement) => unknown;
}

const item = { id: '1', name: 'Lamp', price: 25 };

const nothing: Statement = { records: [], whole: {} };

/**
 * Builders by the trigger's name. What was said has been checked against the trigger's fields, which are those of the
 * builder, hence the casts; what stands in nested JSON is the builder's to refuse.
 */
export const builders: Readonly<Record<string, Builder>> = {
  rest: http('rest'),
  'http-api': http('httpApi'),
  'function-url': http('functionUrl'),
  alb: http('alb'),
  'alb-multi': http('albMulti'),
  s3: {
    defaults: { records: [{ key: 'uploads/lamp.jpg' }], whole: { bucket: 'photos' } },
    build: ({ records, whole }) => s3Event(records as never, whole),
  },
  's3-eventbridge': {
    defaults: { records: [], whole: { key: 'uploads/lamp.jpg', bucket: 'photos' } },
    build: ({ whole }) => s3BridgeEvent(whole as never, whole),
  },
  sqs: {
    defaults: { records: [{ body: item }], whole: {} },
    build: ({ records, whole }) => sqsEvent(records, whole),
  },
  sns: {
    defaults: { records: [{ message: item }], whole: {} },
    build: ({ records, whole: { topic } }) =>
      snsEvent(
        records.map((record) => publication(record as never)),
        topic as never,
      ),
  },
  dynamodb: {
    defaults: { records: [{ type: 'insert' }], whole: {} },
    build: ({ records, whole }) =>
      dynamoStreamEvent(records.map((record) => change(record, whole['keys'])) as never, whole),
  },
  kinesis: {
    defaults: { records: [{ data: item }], whole: {} },
    build: ({ records, whole }) => kinesisEvent(records as never, whole),
  },
  eventbridge: {
    defaults: { records: [], whole: { detail: item } },
    build: ({ whole }) => eventBridgeEvent(whole),
  },
  schedule: {
    defaults: nothing,
    build: ({ whole }) => scheduledEvent(whole),
  },
  scheduler: {
    defaults: {
      records: [],
      whole: {
        input: {
          slot: '<aws.scheduler.scheduled-time>',
          schedule: '<aws.scheduler.schedule-arn>',
          attempt: '<aws.scheduler.attempt-number>',
        },
      },
    },
    build: ({ whole: { input, ...occasion } }) => schedulerEvent(JSON.stringify(input), occasion),
  },
  cognito: {
    defaults: { records: [], whole: { userAttributes: { email: 'ada@example.com' } } },
    build: ({ whole: { triggerSource = 'PreSignUp_SignUp', ...occasion } }) =>
      cognitoEvent(triggerSource as never, occasion),
  },
};

function http(source: HttpSource): Builder {
  return {
    defaults: nothing,
    build({ whole }) {
      const stated = whole as HttpRequest;
      return httpEvent(source, { method: stated.body === undefined ? 'GET' : 'POST', ...stated });
    },
  };
}

/** A change with the images that its type has, and with the table's keys in them. */
function change(record: Readonly<Record<string, unknown>>, keys: unknown): Readonly<Record<string, unknown>> {
  const { type, before, after, expired } = record;
  if (type !== 'insert' && type !== 'modify' && type !== 'remove')
    throw new TypeError(`type is insert, modify or remove, not "${String(type)}"`);
  const names = Array.isArray(keys) ? keys.map(String) : ['id'];
  const keyed = (image: unknown): object => ({
    ...Object.fromEntries(names.map((name) => [name, '1'])),
    ...(image as object),
  });
  if (type === 'insert') return { type, after: keyed({ ...item, ...(after as object) }) };
  if (type === 'remove') return { type, before: keyed({ ...item, ...(before as object) }), expired };
  return {
    type,
    before: keyed({ ...item, ...(before as object) }),
    after: keyed({ ...item, ...(before as object), ...(after as object) }),
  };
}
