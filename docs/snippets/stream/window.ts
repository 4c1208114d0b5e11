import { streamHandler } from 'handlersmith/stream';
import * as z from 'zod';

const Order = z.object({ id: z.string(), total: z.number() });

export const handler = streamHandler(
  { item: Order, window: { initial: () => ({ orders: 0, total: 0 }) } },
  {
    insert: ({ state, after }) => ({ orders: state.orders + 1, total: state.total + after.total }),
    close: ({ state, window, logger }) =>
      logger.info('window', { until: window.end.toISOString(), ...state }),
  },
);
