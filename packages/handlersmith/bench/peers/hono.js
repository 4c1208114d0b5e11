import { zValidator } from '@hono/zod-validator';
import { Hono } from 'hono';
import { handle } from 'hono/aws-lambda';
import { cors } from 'hono/cors';
import { HTTPException } from 'hono/http-exception';

import { createItem } from '../job/item.ts';
import { logLine } from '../job/log-line.ts';
import { NewItem } from './schema.js';

const app = new Hono();
const requestId = (c) => c.env.lambdaContext.awsRequestId;

app.use(cors({ origin: '*' }));

app.onError((error, c) => {
  if (error instanceof HTTPException) {
    logLine('WARN', 'request refused', requestId(c), { status: error.status });
    return c.json({ message: error.message }, error.status);
  }
  logLine('ERROR', 'unhandled', requestId(c), { error: { message: error.message, stack: error.stack } });
  return c.json({ message: 'Internal Server Error' }, 500);
});

const validated = zValidator('json', NewItem, (result, c) => {
  if (result.success) return undefined;
  logLine('WARN', 'request refused', requestId(c), { status: 400 });
  return c.json({ message: 'Validation failed', errors: result.error.issues }, 400);
});

app.post('/items', validated, (c) => {
  const item = createItem(c.req.valid('json'));
  logLine('INFO', 'item created', requestId(c), { itemId: item.id });
  return c.json(item, 201);
});

export const handler = handle(app);
