import type {
  DynamoDBStreamHandler,
  KinesisStreamHandler,
  KinesisStreamTumblingWindowHandler,
} from 'aws-lambda';
import { describe, expectTypeOf, it } from 'vitest';
import * as z from 'zod';

import { type Image, kinesisHandler, streamHandler } from './index.ts';

const User = z.object({ id: z.string(), age: z.number().default(0) });
type User = z.infer<typeof User>;

describe('streamHandler', () => {
  it('A8 is assignable to the handler type of @types/aws-lambda', () => {
    expectTypeOf(streamHandler({}, () => {})).toExtend<DynamoDBStreamHandler>();
    expectTypeOf(kinesisHandler({}, () => {})).toExtend<KinesisStreamHandler>();
    expectTypeOf(
      kinesisHandler({ window: { initial: () => ({ count: 0 }) } }, ({ state }) => state),
    ).toExtend<KinesisStreamTumblingWindowHandler>();
  });

  it('D2 images follow the type of the change', () => {
    streamHandler(
      { item: User },
      {
        insert: (input) => {
          expectTypeOf(input.after).toEqualTypeOf<User>();
          expectTypeOf(input.before).toEqualTypeOf<undefined>();
        },
        modify: ({ before, after }) => {
          expectTypeOf(before).toEqualTypeOf<User>();
          expectTypeOf(after).toEqualTypeOf<User>();
        },
        remove: (input) => {
          expectTypeOf(input.before).toEqualTypeOf<User>();
          expectTypeOf(input.after).toEqualTypeOf<undefined>();
          expectTypeOf(input.expired).toEqualTypeOf<boolean>();
        },
      },
    );
    streamHandler({}, (change) => {
      if (change.type === 'remove') expectTypeOf(change.before).toEqualTypeOf<Image>();
      else expectTypeOf(change.after).toEqualTypeOf<Image>();
      expectTypeOf(change.keys).toEqualTypeOf<Image>();
    });
  });

  it('D2 images follow the view', () => {
    streamHandler({ view: 'KEYS_ONLY', keys: z.object({ id: z.string() }) }, (change) => {
      expectTypeOf(change.keys.id).toEqualTypeOf<string>();
      expectTypeOf(change.before).toEqualTypeOf<undefined>();
      expectTypeOf(change.after).toEqualTypeOf<undefined>();
    });
    streamHandler(
      { view: 'NEW_IMAGE' },
      {
        modify: ({ before, after }) => {
          expectTypeOf(before).toEqualTypeOf<undefined>();
          expectTypeOf(after).toEqualTypeOf<Image>();
        },
      },
    );
  });

  it('D9 with a window functions get the state and return the next', () => {
    const handler = streamHandler(
      { window: { initial: () => ({ total: 0 }) } },
      {
        insert: ({ state }) => ({ total: state.total + 1 }),
        close: ({ state, window }) => {
          expectTypeOf(state).toEqualTypeOf<{ total: number }>();
          expectTypeOf(window.end).toEqualTypeOf<Date>();
        },
      },
    );
    expectTypeOf<Awaited<ReturnType<typeof handler>>['state']>().toEqualTypeOf<{ total: number }>();
    // @ts-expect-error -- what is no state
    streamHandler({ window: { initial: () => ({ total: 0 }) } }, () => 'three');
    // @ts-expect-error -- nothing to close
    streamHandler({}, { insert: () => {}, close: () => {} });
    // @ts-expect-error -- no state without a window
    streamHandler({}, ({ state }) => state);
  });

  it('knows resources and defaults', () => {
    const ours = streamHandler.extend({ item: User, resources: () => Promise.resolve({ table: 'users' }) });
    ours(
      {},
      {
        insert: ({ after, resources }) => {
          expectTypeOf(after.age).toEqualTypeOf<number>();
          expectTypeOf(resources.table).toEqualTypeOf<string>();
        },
      },
    );
  });
});

describe('kinesisHandler', () => {
  it('D6 data follows schema and format', () => {
    kinesisHandler({ data: User }, ({ data, arrivedAt }) => {
      expectTypeOf(data).toEqualTypeOf<User>();
      expectTypeOf(arrivedAt).toEqualTypeOf<Date>();
    });
    kinesisHandler({}, ({ data }) => expectTypeOf(data).toEqualTypeOf<Uint8Array>());
    kinesisHandler({ format: 'json' }, ({ data }) => expectTypeOf(data).toEqualTypeOf<unknown>());
  });
});
