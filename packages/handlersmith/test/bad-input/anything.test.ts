import { httpEvent, httpSources, invoke, readAnswer } from '@handlersmith/testing';
import {
  array,
  assert as hold,
  asyncProperty,
  boolean,
  constant,
  constantFrom,
  dictionary,
  integer,
  json,
  oneof,
  record,
  string,
  stringMatching,
  tuple,
  uint8Array,
} from 'fast-check';
import { httpRouter, route } from 'handlersmith/http';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { origin } from './send.ts';

const Item = z.strictObject({
  name: z.string().max(50),
  count: z.number().int(),
  tags: z.array(z.string()).optional(),
});
describe('anything at all', () => {
  const anything = httpRouter(
    { logger: false, cors: { origins: [origin] } },
    {
      'POST /items': route({ body: Item }, ({ body }) => body),
      'POST /any/{name}': route((input) => ({
        body: input.body,
        query: input.query,
        path: input.path,
        cookies: input.cookies,
        headers: input.headers,
        raw: input.rawBody.length,
      })),
      'GET /{rest+}': route(
        { query: z.object({ n: z.number().optional() }) },
        ({ path, query, cookies }) => ({ path, query, cookies }),
      ),
    },
  );
  const text = string({ unit: 'binary', maxLength: 40 });
  const contentType = constantFrom(
    'application/json',
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/json; charset=latin1',
    '',
  );

  it.each(httpSources)('%s: a request never rejects and always gets a well-formed answer', async (source) => {
    await hold(
      asyncProperty(
        record({
          method: constantFrom('GET', 'POST', 'HEAD', 'OPTIONS', 'DELETE'),
          path: oneof(
            constantFrom('/items', '/any/x'),
            text.map((part) => `/any/${encodeURIComponent(part.toWellFormed())}`),
            text.map((part) => `/${part.replaceAll('?', '')}`),
          ),
          query: oneof(
            text.map((part) => part.replaceAll('#', '')),
            array(
              tuple(
                text.map((name) => name.toWellFormed()),
                text.map((value) => value.toWellFormed()),
              ),
            ),
          ),
          cookies: array(text),
          headers: dictionary(stringMatching(/^[a-z-]{1,12}$/), text),
          contentType,
          base64: boolean(),
          body: oneof(text, json(), uint8Array(), constant(undefined)),
        }),
        async (request) => {
          const event = httpEvent(source, { ...request, headers: { ...request.headers, origin } });
          const answer = readAnswer(source, await invoke(anything, event), { method: request.method });
          expect(answer.status).toBeLessThan(500);
          expect(answer.header('access-control-allow-origin')).toBe(origin);
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each(httpSources)(
    '%s: an event whose parts are anything is answered, or refused by name',
    async (source) => {
      const part = oneof(
        constant(undefined),
        constant(null),
        text,
        dictionary(text, text),
        dictionary(text, array(text)),
        array(text),
        integer(),
      );
      const names = [
        'headers',
        'multiValueHeaders',
        'queryStringParameters',
        'multiValueQueryStringParameters',
        'pathParameters',
        'cookies',
        'body',
        'isBase64Encoded',
        'rawQueryString',
        'stageVariables',
        'resource',
        'routeKey',
      ];
      await hold(
        asyncProperty(constantFrom(...names), part, async (name, value) => {
          const event: Record<string, unknown> = {
            ...httpEvent(source, { method: 'POST', path: '/any/x', query: 'n=1' }),
            [name]: value,
          };
          const answer = await invoke(anything, event);
          // Which source it is may hang on the part that was changed.
          expect(answer.statusCode).toBeGreaterThanOrEqual(200);
          expect(typeof answer.body).toBe('string');
        }),
        { numRuns: 300 },
      );
    },
  );
});
