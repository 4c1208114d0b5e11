import { created, httpHandler } from 'handlersmith/http';

import { photos } from './store.ts';

export const handler = httpHandler(
  { consumes: 'bytes' },
  async ({ rawBody, headers, signal, remaining, logger }) => {
    const { response, headers: told } = await photos.create({
      scope: 'tenant-1', // whose keys these are: from the authorizer
      idempotencyKey: headers['idempotency-key'],
      body: rawBody,
      contentType: headers['content-type'],
      row: (blob, { startedAt }) => ({ size: blob.size, takenAt: startedAt.toISOString() }),
      respond: ({ id, size, takenAt }) => ({ id, size, takenAt }),
      signal,
      remaining,
      logger,
    });
    return created(response, { headers: told });
  },
);
