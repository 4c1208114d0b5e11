import { sqsHandler } from 'handlersmith/sqs';
import * as z from 'zod';

import { photos } from './store.ts';

const Import = z.object({ order: z.string(), image: z.base64() });

export const handler = sqsHandler({ message: Import }, async ({ message, signal, remaining, logger }) => {
  await photos.create({
    scope: 'imports',
    idempotencyKey: message.order,
    body: Buffer.from(message.image, 'base64'),
    row: (blob) => ({ size: blob.size, order: message.order }),
    respond: () => null,
    signal,
    remaining,
    logger,
  });
});
