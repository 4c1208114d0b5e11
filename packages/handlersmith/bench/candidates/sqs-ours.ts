import { sqsHandler, type SqsHandler } from 'handlersmith/sqs';

import { handleText } from '../job/record.ts';

export const handler: SqsHandler = sqsHandler(
  { service: 'items', format: 'text', concurrency: 10, logger: false },
  ({ message }) => handleText(message),
);
