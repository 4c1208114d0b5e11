import { eventBridgeHandler, on, permanent, skipped } from 'handlersmith/eventbridge';
import * as z from 'zod';

const Order = z.object({ id: z.string() });
const Created = z.object({ bucket: z.object({ name: z.string() }), object: z.object({ key: z.string() }) });

export const work: string[] = [];

export const handler = eventBridgeHandler(
  { unknown: 'ignore', onPermanent: 'drop', resources: () => ({ region: process.env['AWS_REGION'] }) },
  [
    on({ source: 'shop.orders', detailType: 'Order Placed', detail: Order }, ({ detail, resources }) => {
      if (detail.id === 'sold-out') throw permanent('sold out');
      work.push(`ship ${detail.id} in ${resources.region ?? 'any region'}`);
    }),
    on({ source: 'shop.orders', detailType: 'Order Cancelled', detail: Order }, ({ detail, replay }) => {
      if (replay !== undefined) return skipped('money went back the first time');
      return work.push(`refund ${detail.id}`);
    }),
    on({ source: 'aws.s3', detailType: 'Object Created', detail: Created }, ({ detail, time }) => {
      work.push(`${detail.bucket.name}/${detail.object.key} at ${time.toISOString()}`);
    }),
  ],
);
