import { httpRouter, route } from 'handlersmith/http';
import * as z from 'zod';

const Order = z.object({ lines: z.array(z.object({ sku: z.string() })) });

export const handler = httpRouter(
  { service: 'orders' },
  {
    'POST /orders': route({ body: Order }, ({ body, logger }) => {
      logger.appendKeys({ order: 'o1' }); // on all further lines of this request, and of no other
      for (const line of body.lines) {
        const ofLine = logger.child({ sku: line.sku });
        ofLine.info('line taken');
      }
      logger.info('order taken', { lines: body.lines.length, apiKey: 'k-123' });
      return { order: 'o1' };
    }),
  },
);
