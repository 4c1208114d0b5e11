import { created, httpRouter, route } from 'handlersmith/http';
import * as z from 'zod';

const NewItem = z.object({ name: z.string().min(1) });

export const handler = httpRouter(
  { service: 'items', cors: { origins: ['https://app.example'] }, deadlineMargin: 100 },
  {
    'POST /items': route({ body: NewItem }, ({ body, logger }) => {
      logger.info('creating', { item: body.name });
      return created({ id: 'itm_1', ...body });
    }),
    'GET /slow': route(() => new Promise(() => {})),
    'GET /boom': route(() => {
      throw new Error('the database is away');
    }),
  },
);
