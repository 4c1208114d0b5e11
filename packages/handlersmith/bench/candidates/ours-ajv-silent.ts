import validateItem from 'bench:validate-item';
import { created, httpHandler } from 'handlersmith/http';

import { createItem } from '../job/item.ts';

export const handler = httpHandler(
  { service: 'items', body: validateItem, cors: { origins: ['*'] }, accessLog: false, logger: false },
  ({ body }) => created(createItem(body)),
);
