import { created, httpHandler } from 'handlersmith/http';
import * as z from 'zod';

const NewItem = z.object({ name: z.string().min(1).max(100), price: z.number().nonnegative() });

export const handler = httpHandler(
  { service: 'items', body: NewItem, cors: { origins: ['https://app.example.com'] } },
  ({ body, logger }) => {
    logger.info('item created', { price: body.price });
    return created({ id: crypto.randomUUID(), ...body });
  },
);
