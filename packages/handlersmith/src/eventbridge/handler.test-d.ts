import type { EventBridgeHandler as AwsHandler } from 'aws-lambda';
import { expectTypeOf, test } from 'vitest';
import { z } from 'zod';

import type { Logger } from '../observability/logger.ts';
import { eventBridgeHandler, type EventBridgeManifest, type EventBridgeOptions, on } from './index.ts';

const OrderPlaced = z.object({ id: z.string(), total: z.number().default(0) });
const placed = { source: 'shop.orders', detailType: 'Order Placed' } as const;

test('A8 a handler fits the type of @types/aws-lambda', () => {
  const handler = eventBridgeHandler({}, [on(placed, () => {})]);
  expectTypeOf(handler).toExtend<AwsHandler<string, unknown, void>>();
  expectTypeOf(handler).toExtend<AwsHandler<'Order Placed', { id: string }, void>>();
  expectTypeOf(handler.manifest).toEqualTypeOf<EventBridgeManifest>();
});

test('detail, source and detail type follow from the kind', () => {
  eventBridgeHandler({}, [
    on({ source: 'shop.orders', detailType: 'Order Placed', detail: OrderPlaced }, (input) => {
      expectTypeOf(input.detail).toEqualTypeOf<{ id: string; total: number }>();
      expectTypeOf(input.source).toEqualTypeOf<'shop.orders'>();
      expectTypeOf(input.detailType).toEqualTypeOf<'Order Placed'>();
      expectTypeOf(input.time).toEqualTypeOf<Date>();
      expectTypeOf(input.arns).toEqualTypeOf<readonly string[]>();
      expectTypeOf(input.logger).toEqualTypeOf<Logger>();
      expectTypeOf(input.resources).toEqualTypeOf<undefined>();
      // @ts-expect-error the event is not to be written into
      input.event.source = 'x';
    }),
    on(placed, ({ detail }) => expectTypeOf(detail).toEqualTypeOf<unknown>()),
  ]);
});

test('resources and what middlewares add are typed into each function', () => {
  const tenancy = { before: (request: { context: { tenant: string } }) => void request.context.tenant };
  const events = eventBridgeHandler.extend({ resources: async () => ({ table: 'orders' }), use: [tenancy] });
  events({}, [
    on({ ...placed, detail: OrderPlaced }, ({ resources, context, detail }) => {
      expectTypeOf(resources).toEqualTypeOf<{ table: string }>();
      expectTypeOf(context.tenant).toEqualTypeOf<string>();
      expectTypeOf(detail.total).toEqualTypeOf<number>();
    }),
  ]);
});

test('A6 slips are type errors', () => {
  // @ts-expect-error no such choice
  eventBridgeHandler({ unknown: 'drop' }, [on(placed, () => {})]);
  expectTypeOf<EventBridgeOptions>().not.toHaveProperty('detail');
  // @ts-expect-error the detail type is missing
  on({ source: 'shop.orders' }, () => {});
});
