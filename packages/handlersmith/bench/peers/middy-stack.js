// Peers are plain JavaScript: their types are there only once they are installed.
import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import cors from '@middy/http-cors';
import httpErrorHandler from '@middy/http-error-handler';
import jsonBodyParser from '@middy/http-json-body-parser';
import validator from '@middy/validator';
import validateEvent from 'bench:validate-event';

import { createItem } from '../job/item.ts';

export function middyStack(...outermost) {
  const logger = new Logger({ serviceName: 'items' });
  return middy()
    .use([
      ...outermost,
      injectLambdaContext(logger),
      cors({ origin: '*' }),
      httpErrorHandler({ logger: false, fallbackMessage: '{"message":"Internal Server Error"}' }),
      { onError: (request) => describe(request.error, logger) },
      jsonBodyParser(),
      validator({ eventSchema: validateEvent }),
    ])
    .handler(async (event) => {
      const item = createItem(event.body);
      logger.info('item created', { itemId: item.id });
      return {
        statusCode: 201,
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(item),
      };
    });
}

// The error handler answers text/plain, and drops the field errors, unless the message is JSON.
function describe(error, logger) {
  const status = error.statusCode ?? 500;
  if (status >= 500) {
    logger.error('unhandled', error);
    return;
  }
  logger.warn('request refused', { status });
  const data = error.cause?.data;
  error.message = JSON.stringify({ message: error.message, ...(Array.isArray(data) && { errors: data }) });
}
