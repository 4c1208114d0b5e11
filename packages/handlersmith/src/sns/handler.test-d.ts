import type { SNSHandler } from 'aws-lambda';
import { expectTypeOf, test } from 'vitest';
import { z } from 'zod';

import { memoryStore } from '../idempotency/memory.ts';
import type { Logger } from '../observability/logger.ts';
import { type MessageAttributes, snsHandler, type SnsManifest, type SnsOptions } from './index.ts';

const Order = z.object({ id: z.string(), total: z.number().default(0) });

test('A8 a handler fits the type of @types/aws-lambda', () => {
  const handler = snsHandler({ message: Order }, () => {});
  expectTypeOf(handler).toExtend<SNSHandler>();
  expectTypeOf(handler.manifest).toEqualTypeOf<SnsManifest>();
});

test('message and attributes follow from the options', () => {
  snsHandler({ message: Order, attributes: z.object({ tenant: z.string() }) }, (input) => {
    expectTypeOf(input.message).toEqualTypeOf<{ id: string; total: number }>();
    expectTypeOf(input.attributes).toEqualTypeOf<{ tenant: string }>();
    expectTypeOf(input.subject).toEqualTypeOf<string | undefined>();
    expectTypeOf(input.timestamp).toEqualTypeOf<Date>();
    expectTypeOf(input.logger).toEqualTypeOf<Logger>();
    expectTypeOf(input.resources).toEqualTypeOf<undefined>();
  });
  snsHandler({ format: 'text' }, ({ message }) => expectTypeOf(message).toEqualTypeOf<string>());
  snsHandler({}, ({ message, attributes }) => {
    expectTypeOf(message).toEqualTypeOf<unknown>();
    expectTypeOf(attributes).toEqualTypeOf<MessageAttributes>();
  });
});

test('the idempotency key is typed by the same message', () => {
  const store = memoryStore();
  snsHandler(
    {
      message: Order,
      idempotency: {
        store,
        key: ({ message, messageId }) => {
          expectTypeOf(message).toEqualTypeOf<{ id: string; total: number }>();
          expectTypeOf(messageId).toEqualTypeOf<string>();
          return message.id;
        },
        payload: ({ message }) => message.total,
      },
    },
    ({ message }) => expectTypeOf(message.total).toEqualTypeOf<number>(),
  );
  snsHandler(
    { idempotency: { store, key: ({ message }) => String(expectTypeOf(message).toEqualTypeOf<unknown>()) } },
    () => {},
  );
  snsHandler({ message: Order, idempotency: { store } }, () => {});
  snsHandler.extend({ message: Order })(
    { idempotency: { store, key: ({ message }) => message.id } },
    () => {},
  );
  snsHandler.extend({ idempotency: { store } })({ message: Order }, ({ message }) => message.id);
  const stated: SnsOptions = { idempotency: { store, key: ({ topicArn }) => topicArn } };
  snsHandler(stated, () => {});
  // @ts-expect-error a whole message is no key
  snsHandler({ message: Order, idempotency: { store, key: ({ message }) => message } }, () => {});
});

test('defaults of extend are typed through', () => {
  const topic = snsHandler.extend({ message: Order, resources: async () => 7 });
  topic({}, ({ message, resources }) => {
    expectTypeOf(message.total).toEqualTypeOf<number>();
    expectTypeOf(resources).toEqualTypeOf<number>();
  });
});

test('A6 slips are type errors', () => {
  // @ts-expect-error no such choice
  snsHandler({ onPermanent: 'quarantine' }, () => {});
  expectTypeOf<SnsOptions>().not.toHaveProperty('envelope');
});
