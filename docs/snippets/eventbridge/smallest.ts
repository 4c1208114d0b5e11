import { eventBridgeHandler, on } from 'handlersmith/eventbridge';
import * as z from 'zod';

const OrderPlaced = z.object({ id: z.string(), total: z.number() });

export const handler = eventBridgeHandler({ service: 'invoices' }, [
  on({ source: 'shop.orders', detailType: 'Order Placed', detail: OrderPlaced }, ({ detail, logger }) => {
    logger.info('an order', { order: detail.id, total: detail.total });
  }),
]);
