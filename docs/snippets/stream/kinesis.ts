import { kinesisHandler } from 'handlersmith/stream';
import * as z from 'zod';

const Click = z.object({ page: z.string() });

export const handler = kinesisHandler(
  { data: Click, concurrency: 4 },
  ({ data, partitionKey, arrivedAt, logger }) => {
    logger.info('click', { page: data.page, user: partitionKey, at: arrivedAt.toISOString() });
  },
);
