import { httpRouter, ok, route } from 'handlersmith/http';

import { photos } from './store.ts';

export const handler = httpRouter(
  { service: 'photos' },
  {
    'PUT /photos/{id}': route(
      { consumes: 'bytes' },
      async ({ rawBody, headers, path, signal, remaining, logger }) => {
        const { response, headers: told } = await photos.replace({
          scope: 'tenant-1',
          idempotencyKey: headers['idempotency-key'],
          id: path.id,
          body: rawBody,
          // What the caller has seen; without it the last writer wins.
          expect: headers['if-match'] === undefined ? undefined : { blobKey: headers['if-match'] },
          row: (blob) => ({ size: blob.size }),
          respond: ({ id, size }) => ({ id, size }),
          signal,
          remaining,
          logger,
        });
        return ok(response, { headers: told });
      },
    ),
    'DELETE /photos/{id}': route(async ({ headers, path, signal, remaining, logger }) => {
      const { response, headers: told } = await photos.remove({
        scope: 'tenant-1',
        idempotencyKey: headers['idempotency-key'],
        id: path.id,
        respond: ({ id }) => ({ removed: id }),
        signal,
        remaining,
        logger,
      });
      return ok(response, { headers: told });
    }),
  },
);
