import { sqsHandler, type SqsHandler } from 'handlersmith/sqs';

import { handleItem } from '../job/record.ts';
import { NewItem } from './schema-zod.ts';

export const handler: SqsHandler = sqsHandler(
  { service: 'items', message: NewItem, concurrency: 10, logger: false },
  ({ message }) => handleItem(message),
);
