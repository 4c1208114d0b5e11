import { created, httpRouter, route } from 'handlersmith/http';
import * as z from 'zod';

const Page = z.object({
  limit: z.int().min(1).max(100).default(20),
  tags: z.array(z.string()).default([]),
  archived: z.boolean().default(false),
});
const NewItem = z.object({ name: z.string().trim().min(1), price: z.number().min(0) });
const Item = z.object({ id: z.string(), ...NewItem.shape });

export const handler = httpRouter(
  {},
  {
    'GET /items': route({ query: Page }, ({ query }) => query), // limit: number, tags: string[], archived: boolean
    'POST /items': route({ body: NewItem, response: { 201: Item } }, ({ body }) => {
      const row = { id: 'i1', ...body, internalNote: 'not for the caller' };
      return created(row); // the response schema leaves internalNote out
    }),
    'GET /items/{number}': route({ path: z.object({ number: z.int() }) }, ({ path }) => ({
      next: path.number + 1,
    })),
  },
);
