import { httpRouter, route } from 'handlersmith/http';
import * as z from 'zod';

const Contact = z.object({ email: z.email(), message: z.string().max(2000) });

export const handler = httpRouter(
  { bodyLimit: 64 * 1024 },
  {
    'POST /contact': route({ consumes: 'form', body: Contact }, ({ body }) => ({ from: body.email })),
    'PUT /note': route({ consumes: 'text' }, ({ body }) => ({ characters: body?.length ?? 0 })),
    'PUT /photo': route({ consumes: 'bytes', bodyLimit: 4 * 1024 * 1024 }, ({ body }) => ({
      bytes: body?.byteLength ?? 0,
    })),
    'POST /anything': route(({ body }) => ({ got: body ?? null })),
  },
);
