import { created, httpRouter, notFound, route } from 'handlersmith/http';
import * as z from 'zod';

const NewItem = z.object({ name: z.string().min(1).max(100), price: z.number().min(0) });
const items = new Map<string, z.infer<typeof NewItem>>();

export const handler = httpRouter(
  { service: 'items', cors: { origins: ['https://app.example.com'] } },
  {
    'POST /items': route({ body: NewItem }, ({ body, logger }) => {
      const id = crypto.randomUUID();
      items.set(id, body);
      logger.info('item made', { id });
      return created({ id, ...body }, { location: `/items/${id}` });
    }),
    'GET /items/{id}': route(({ path }) => items.get(path.id) ?? notFound(`No item ${path.id}`)),
  },
);
