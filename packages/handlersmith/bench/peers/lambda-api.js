import createAPI from 'lambda-api';

import { createItem } from '../job/item.ts';
import { logLine } from '../job/log-line.ts';
import { NewItem } from './schema.js';

const api = createAPI();

api.use((request, response, next) => {
  response.cors({ origin: '*' });
  next();
});

api.post('/items', (request, response) => {
  const requestId = request.context.awsRequestId;
  // A body that does not parse stays a string.
  if (typeof request.body !== 'object') {
    logLine('WARN', 'request refused', requestId, { status: 400 });
    return response.status(400).json({ message: 'The body is not JSON' });
  }
  const parsed = NewItem.safeParse(request.body);
  if (!parsed.success) {
    logLine('WARN', 'request refused', requestId, { status: 400 });
    return response.status(400).json({ message: 'Validation failed', errors: parsed.error.issues });
  }
  const item = createItem(parsed.data);
  logLine('INFO', 'item created', requestId, { itemId: item.id });
  return response.status(201).json(item);
});

// Four parameters are what makes it an error middleware.
api.use((error, request, response, next) => {
  logLine('ERROR', 'unhandled', request.context.awsRequestId, {
    error: { message: error.message, stack: error.stack },
  });
  response.cors({ origin: '*' }).status(500).json({ message: 'Internal Server Error' });
  next();
});

export const handler = (event, context) => api.run(event, context);
