import type { Context, SQSBatchResponse, SQSEvent, SQSHandler } from 'aws-lambda';
import { describe, expectTypeOf, it } from 'vitest';
import { z } from 'zod';

import { memoryStore } from '../idempotency/memory.ts';
import { type MessageAttributes, queue, redriveHandler, sqsHandler, type SqsOptions } from './index.ts';

const Order = z.object({ id: z.string(), total: z.number().default(0) });

describe('sqsHandler', () => {
  it('A8 gives a handler as Lambda knows it', () => {
    const handler = sqsHandler({ message: Order }, () => {});
    expectTypeOf(handler).toExtend<SQSHandler>();
    expectTypeOf(handler).toBeCallableWith({} as SQSEvent, {} as Context);
    expectTypeOf(handler).returns.resolves.toEqualTypeOf<SQSBatchResponse>();
  });

  it('types the message by its schema, or by its format', () => {
    sqsHandler({ message: Order }, ({ message, attempt, groupId }) => {
      expectTypeOf(message).toEqualTypeOf<{ id: string; total: number }>();
      expectTypeOf(attempt).toEqualTypeOf<number>();
      expectTypeOf(groupId).toEqualTypeOf<string | undefined>();
    });
    sqsHandler({}, ({ message, attributes, resources }) => {
      expectTypeOf(message).toEqualTypeOf<unknown>();
      expectTypeOf(attributes).toEqualTypeOf<MessageAttributes>();
      expectTypeOf(resources).toEqualTypeOf<undefined>();
    });
    sqsHandler({ format: 'text' }, ({ message }) => expectTypeOf(message).toEqualTypeOf<string>());
  });

  it('types attributes, resources and what middlewares add', () => {
    const options = {
      attributes: z.object({ tenant: z.string() }),
      resources: async () => ({ pool: 1 }),
      use: [{ before: (_request: { context: { user: string } }) => {} }],
    } as const;
    sqsHandler(options, ({ attributes, resources, context }) => {
      expectTypeOf(attributes.tenant).toEqualTypeOf<string>();
      expectTypeOf(resources).toEqualTypeOf<{ pool: number }>();
      expectTypeOf(context.user).toEqualTypeOf<string>();
    });
  });

  it('types the idempotency key by the same message', () => {
    sqsHandler(
      {
        message: Order,
        idempotency: {
          store: memoryStore(),
          key: ({ message, messageId }) => {
            expectTypeOf(message).toEqualTypeOf<{ id: string; total: number }>();
            expectTypeOf(messageId).toEqualTypeOf<string>();
            return message.id;
          },
        },
      },
      ({ message }) => expectTypeOf(message.total).toEqualTypeOf<number>(),
    );
    sqsHandler(
      // @ts-expect-error -- a whole message is no key
      { message: Order, idempotency: { store: memoryStore(), key: ({ message }) => message } },
      () => {},
    );
  });

  it('A6 refuses what it does not know', () => {
    expectTypeOf<SqsOptions['format']>().toEqualTypeOf<'json' | 'text' | undefined>();
    // @ts-expect-error -- no such format
    sqsHandler({ format: 'xml' }, () => {});
    // @ts-expect-error -- no such choice
    sqsHandler({ onPermanent: 'ignore' }, () => {});
  });

  it('keeps the types of team defaults', () => {
    const team = sqsHandler.extend({ resources: () => ({ pool: 1 }), message: Order });
    team({}, ({ message, resources }) => {
      expectTypeOf(message.id).toEqualTypeOf<string>();
      expectTypeOf(resources.pool).toEqualTypeOf<number>();
    });
  });

  it('takes idempotency as a team default, with a key that any message has', () => {
    const team = sqsHandler.extend({
      idempotency: {
        store: memoryStore(),
        key: ({ messageId, message }) => {
          expectTypeOf(messageId).toEqualTypeOf<string>();
          expectTypeOf(message).toEqualTypeOf<unknown>();
          return messageId;
        },
      },
    });
    team({ message: Order }, ({ message }) => expectTypeOf(message.total).toEqualTypeOf<number>());
    const stated: SqsOptions = { idempotency: { store: memoryStore(), key: ({ groupId }) => groupId } };
    sqsHandler(stated, () => {});
  });
});

describe('queue', () => {
  it('takes what its schema takes and gives what it gives', () => {
    const orders = queue(Order, { url: 'u' });
    expectTypeOf<Parameters<typeof orders.send>[0]>().toEqualTypeOf<{
      id: string;
      total?: number | undefined;
    }>();
    orders.handler({}, ({ message }) => expectTypeOf(message).toEqualTypeOf<{ id: string; total: number }>());
    // @ts-expect-error -- a standard queue has no deduplication
    void orders.send({ id: 'x' }, { deduplicationId: 'x' });
    // @ts-expect-error -- the definition has the schema
    orders.handler({ message: Order }, () => {});
  });

  it('of FIFO kind must say the group, and has no delay per message', () => {
    const orders = queue(Order, {
      url: 'u.fifo',
      fifo: {
        group: (order) => {
          expectTypeOf(order.id).toEqualTypeOf<string>();
          return order.id;
        },
      },
    });
    // @ts-expect-error -- a FIFO queue has one delay for all
    void orders.send({ id: 'x' }, { delaySeconds: 1 });
    // @ts-expect-error -- a group is a text
    queue(Order, { fifo: { group: (order) => order.total } });
  });
});

describe('redriveHandler', () => {
  it('types the message and knows three decisions', () => {
    redriveHandler({ to: 'u', message: Order }, ({ message, reason, redrives }) => {
      expectTypeOf(message.id).toEqualTypeOf<string>();
      expectTypeOf(reason?.time).toEqualTypeOf<Date | undefined>();
      return redrives > 1 ? 'keep' : 'redrive';
    });
    // @ts-expect-error -- no such decision
    redriveHandler({ to: 'u' }, () => 'delete');
  });
});
