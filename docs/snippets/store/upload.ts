import { created, httpRouter, ok, route } from 'handlersmith/http';
import { s3Handler } from 'handlersmith/s3';
import type { BlobReference, UploadContext } from 'handlersmith/store';
import * as z from 'zod';

import { photos } from './store.ts';

const Upload = z.object({
  size: z.number(),
  sha256: z.string(),
  contentType: z.string(),
  title: z.string(),
});

/** The same for the client's own call and for the event of S3: whichever comes first creates the row. */
const photo = {
  row: (blob: BlobReference, { fields }: UploadContext) => ({ size: blob.size, about: fields }),
  respond: ({ id, size }: { id: string; size: number }) => ({ id, size }),
};

export const handler = httpRouter(
  { service: 'photos' },
  {
    'POST /uploads': route({ body: Upload }, async ({ body, headers, signal, remaining, logger }) => {
      const { size, sha256, contentType, title } = body;
      const upload = await photos.beginUpload({
        scope: 'tenant-1',
        idempotencyKey: headers['idempotency-key'],
        fields: { title },
        size,
        sha256,
        contentType,
        signal,
        remaining,
        logger,
      });
      return ok(upload); // { status: 'upload', url, method, headers, … } or { status: 'committed', response, … }
    }),
    'POST /uploads/completed': route(async ({ headers, signal, remaining, logger }) => {
      const { response, headers: told } = await photos.completeUpload({
        scope: 'tenant-1',
        idempotencyKey: headers['idempotency-key'],
        ...photo,
        signal,
        remaining,
        logger,
      });
      return created(response, { headers: told });
    }),
  },
);

/** For clients that never come back: a function of its own, for the events of the prefix `blobs/`. */
export const onCreated = s3Handler({ on: 'created' }, async ({ object, signal, remaining, logger }) => {
  await photos.onObjectCreated(object, { ...photo, signal, remaining, logger });
});
