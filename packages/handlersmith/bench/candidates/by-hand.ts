/**
 * The job by hand, without a library: what every other candidate is compared with.
 *
 * @module
 */
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';

import type { Answer, CandidateHandler } from '../job/handler.ts';
import { createItem, type NewItem } from '../job/item.ts';
import type { logLine } from '../job/log-line.ts';

const headers = { 'Content-Type': 'application/json', 'Access-Control-Allow-Origin': '*' };

/**
 * @param log - writes the log line; a function that does nothing for the silent row
 * @returns the handler
 */
export function byHand(log: typeof logLine): CandidateHandler {
  return async (event, context) => {
    let body: unknown;
    try {
      body = JSON.parse(bodyText(event));
    } catch {
      return refuse(context, { message: 'The body is not JSON' });
    }
    const errors = fieldErrors(body);
    if (errors.length > 0) return refuse(context, { message: 'Validation failed', errors });
    try {
      // fieldErrors() has just held the body against NewItem.
      const item = createItem(body as NewItem);
      log('INFO', 'item created', context.awsRequestId, { itemId: item.id });
      return answer(201, item);
    } catch (error) {
      log('ERROR', 'unhandled', context.awsRequestId, {
        error: error instanceof Error ? error.stack : error,
      });
      return answer(500, { message: 'Internal Server Error' });
    }
  };

  function refuse(context: Context, payload: object): Answer {
    log('WARN', 'request refused', context.awsRequestId, { status: 400 });
    return answer(400, payload);
  }
}

function bodyText(event: APIGatewayProxyEventV2): string {
  const body = event.body ?? '';
  return event.isBase64Encoded ? Buffer.from(body, 'base64').toString() : body;
}

function fieldErrors(body: unknown): { path: string; message: string }[] {
  if (body === null || typeof body !== 'object') return [{ path: '', message: 'must be an object' }];
  const { name, price } = body as Partial<Record<keyof NewItem, unknown>>;
  const errors = [];
  if (typeof name !== 'string' || name.length < 1 || name.length > 100) {
    errors.push({ path: '/name', message: 'must be a string of 1 to 100 characters' });
  }
  if (typeof price !== 'number' || !(price >= 0)) {
    errors.push({ path: '/price', message: 'must be a number of 0 or more' });
  }
  return errors;
}

const answer = (statusCode: number, payload: object): Answer => ({
  statusCode,
  headers,
  body: JSON.stringify(payload),
});
