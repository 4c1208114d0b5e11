/**
 * The routes.
 *
 * @module
 */
import {
  badRequest,
  created,
  type HttpProblem,
  httpRouter,
  noContent,
  notFound,
  notModified,
  ok,
  preconditionFailed,
  preconditionRequired,
  route,
} from 'handlersmith/http';

import { cursorAfter } from './cursor.ts';
import { etagOf, isKnown, versionsIn } from './etag.ts';
import * as items from './items.ts';
import { Item, ItemPage, NewItem, Page } from './schemas.ts';

export const handler = httpRouter(
  {
    service: 'items-api',
    cors: {
      origins: [process.env['ALLOWED_ORIGIN'] ?? 'https://app.example.com'],
      exposeHeaders: ['etag', 'location'],
      maxAge: 600,
    },
    bodyLimit: 16_384,
  },
  {
    'GET /items': route(
      { summary: 'List items in the order they were made', query: Page, response: { 200: ItemPage } },
      async ({ query, signal }) => {
        const page = await items.list({ limit: query.limit, after: query.cursor }, { signal });
        const last = page.items.at(-1);
        return { items: page.items, ...(page.more && last && { cursor: cursorAfter(last.id) }) };
      },
    ),

    'POST /items': route(
      { summary: 'Make an item', body: NewItem, response: { 201: Item } },
      async ({ body, signal }) => {
        const item = await items.create(body, { signal });
        return created(item, { location: `/items/${item.id}`, headers: { etag: etagOf(item) } });
      },
    ),

    'GET /items/{id}': route(
      { summary: 'Read an item', response: { 200: Item } },
      async ({ path, headers, signal }) => {
        const item = await items.get(path.id, { signal });
        if (item === undefined) return noItem(path.id);
        const etag = etagOf(item);
        if (isKnown(etag, headers['if-none-match'])) return notModified({ headers: { etag } });
        return ok(item, { headers: { etag } });
      },
    ),

    'PUT /items/{id}': route(
      { summary: 'Replace an item that nobody else has changed', body: NewItem, response: { 200: Item } },
      async ({ path, headers, body, signal }) => {
        const ifMatch = headers['if-match'];
        if (ifMatch === undefined) {
          return preconditionRequired('Say which version you replace: If-Match with the ETag you read, or *');
        }
        const result = await items.replace(path.id, body, expectedBy(ifMatch), { signal });
        if (result.outcome !== 'replaced') return refusal(path.id, result);
        return ok(result.item, { headers: { etag: etagOf(result.item) } });
      },
    ),

    'DELETE /items/{id}': route({ summary: 'Delete an item' }, async ({ path, headers, signal }) => {
      const result = await items.remove(path.id, expectedBy(headers['if-match'] ?? '*'), { signal });
      return result.outcome === 'removed' ? noContent() : refusal(path.id, result);
    }),
  },
);

function expectedBy(ifMatch: string): items.Expected {
  const expected = versionsIn(ifMatch);
  if (expected === undefined) throw badRequest('If-Match must be *, or up to 10 ETags in double quotes');
  return expected;
}

function refusal(id: string, refused: items.Refused): HttpProblem {
  if (refused.outcome === 'missing') return noItem(id);
  return preconditionFailed(`Item ${id} has changed: it is at version ${refused.version} now`);
}

function noItem(id: string): HttpProblem {
  return notFound(`No item ${id}`);
}
