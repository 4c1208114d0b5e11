import { created, httpRouter, route } from 'handlersmith/http';

import { createItem } from '../job/item.ts';
import { NewItem } from './schema-mini.ts';

/** The smallest router: what the table of 100 is held against. */
export const handler = httpRouter(
  { service: 'items', cors: { origins: ['*'] }, accessLog: false, logger: false },
  { 'POST /items': route({ body: NewItem }, ({ body }) => created(createItem(body))) },
);
