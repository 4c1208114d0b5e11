import { created, httpHandler } from 'handlersmith/http';

import { createItem } from '../job/item.ts';
import { NewItem } from './schema-mini.ts';

export const handler = httpHandler(
  { service: 'items', body: NewItem, cors: { origins: ['*'] } },
  ({ body }) => created(createItem(body)),
);
