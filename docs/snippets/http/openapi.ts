import { httpRouter, notFound, route } from 'handlersmith/http';
import { openapi } from 'handlersmith/openapi';
import * as z from 'zod';

const Item = z.object({ id: z.string(), name: z.string() }).meta({ id: 'Item' });

export const handler = httpRouter(
  { service: 'items' },
  {
    'GET /items/{id}': route({ summary: 'Read an item', response: { 200: Item } }, ({ path }) =>
      path.id === 'i1' ? { id: 'i1', name: 'lamp' } : notFound(),
    ),
  },
);

export const document = openapi(handler, { title: 'Items', version: '1.0.0' });
