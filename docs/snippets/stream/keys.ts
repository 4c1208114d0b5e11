import { streamHandler } from 'handlersmith/stream';
import * as z from 'zod';

export const handler = streamHandler(
  { view: 'KEYS_ONLY', keys: z.object({ id: z.string() }) },
  ({ type, keys, logger }) => logger.info('changed', { type, id: keys.id }),
);
