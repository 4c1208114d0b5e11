import { RequestValidationError, Router } from '@aws-lambda-powertools/event-handler/http';
import { cors } from '@aws-lambda-powertools/event-handler/http/middleware';
import { Logger } from '@aws-lambda-powertools/logger';

import { createItem } from '../job/item.ts';
import { NewItem } from './schema.js';

const logger = new Logger({ serviceName: 'items' });
const app = new Router({ logger });

app.use(cors({ origin: '*' }));

app.errorHandler(RequestValidationError, async (error) => {
  const statusCode = error.cause ? 422 : 400;
  logger.warn('request refused', { status: statusCode });
  return { statusCode, message: error.message, errors: error.issues ?? error.details?.issues };
});

app.errorHandler(Error, async (error) => {
  logger.error('unhandled', error);
  return { statusCode: 500, message: 'Internal Server Error' };
});

app.post(
  '/items',
  async ({ valid }) => {
    const item = createItem(valid.req.body);
    logger.info('item created', { itemId: item.id });
    return {
      statusCode: 201,
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(item),
    };
  },
  { validation: { req: { body: NewItem } } },
);

export const handler = async (event, context) => {
  logger.addContext(context);
  return app.resolve(event, context);
};
