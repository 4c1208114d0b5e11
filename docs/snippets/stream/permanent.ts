import { permanent, streamHandler } from 'handlersmith/stream';
import * as z from 'zod';

const Order = z.object({ id: z.string(), total: z.number() });

export const handler = streamHandler(
  { item: Order, onPermanent: 'drop' },
  {
    insert: ({ after, logger }) => {
      if (after.total < 0) throw permanent('the total is negative');
      logger.info('billed', { id: after.id });
    },
  },
);
