import { created, httpRouter, route } from 'handlersmith/http';
import * as z from 'zod';

const items = [{ name: 'lamp', tags: ['light'] }];

export const handler = httpRouter(
  { service: 'items' },
  {
    'GET /items': route({ query: z.object({ tag: z.string().optional() }) }, ({ query }) =>
      items.filter(({ tags }) => query.tag === undefined || tags.includes(query.tag)),
    ),
    'POST /items': route({ body: z.object({ name: z.string() }) }, ({ body }) => created(body)),
  },
);
