/** Behind gateways: an app as one writes it, and answers that no library lets through. */
import { setTimeout as pause } from 'node:timers/promises';

import { badRequest, binary, type HttpHandler, httpRouter, noContent, ok, route } from 'handlersmith/http';

export const app: HttpHandler = httpRouter(
  { service: 'conformance', bodyLimit: 16 * 1024 * 1024 },
  {
    'GET /items/{id}': route(({ path, query, headers, cookies }) =>
      ok(
        { id: path.id, query, tag: headers['x-tag'], flavour: cookies['flavour'] },
        {
          headers: { etag: '"1"' },
          cookies: [{ name: 'seen', value: 'yes', expires: new Date('2030-01-02T00:00:00Z') }],
        },
      ),
    ),
    'GET /two-cookies': route(() =>
      ok(
        {},
        {
          cookies: [
            { name: 'a', value: '1' },
            { name: 'b', value: '2' },
          ],
        },
      ),
    ),
    'POST /items': route({ consumes: 'json' }, ({ body }) => ok({ got: body })),
    'POST /bytes': route({ consumes: 'bytes' }, ({ body }) => binary(body ?? new Uint8Array())),
    'POST /size': route({ consumes: 'bytes' }, ({ body }) => ok({ bytes: body?.length ?? 0 })),
    'DELETE /items/{id}': route(() => noContent()),
    'GET /refused': route(() => badRequest('not so')),
  },
);

/** Answers what the variable says, as it is. */
export async function raw(): Promise<unknown> {
  return JSON.parse(process.env['ANSWER'] ?? 'null');
}

/** Answers text of as many bytes as the body of the request asks for. */
export async function large({ body }: { body: string }): Promise<object> {
  return { statusCode: 200, headers: { 'content-type': 'text/plain' }, body: 'x'.repeat(Number(body)) };
}

/** Longer than any gateway of an API waits. */
export async function slow(): Promise<object> {
  await pause(32_000);
  return { statusCode: 200, headers: {}, body: 'late' };
}

export async function throws(): Promise<never> {
  throw new Error('a secret of the function');
}
