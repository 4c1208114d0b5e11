/**
 * One HTTP request to a handler, from the request line to the response.
 *
 * @module
 */
import type { Context } from 'aws-lambda';

import { readAnswer, type TestResponse } from './answer/read.ts';
import { httpEvent } from './http/event.ts';
import type { HttpRequest } from './http/request.ts';
import type { HttpSource } from './http/source.ts';
import { type AnyHandler, invoke } from './invoke.ts';

/** What a request is besides its method and path. */
export interface RequestOptions extends Omit<HttpRequest, 'method' | 'path'> {
  /** Service that sends the request. `httpApi` if not given. */
  readonly source?: HttpSource | undefined;
  /** Context of the invocation. A new `lambdaContext()` if not given. */
  readonly context?: Context | undefined;
}

/** A `request` whose source is settled. */
export type BoundRequest = (
  handler: AnyHandler,
  line: string,
  options?: Omit<RequestOptions, 'source'>,
) => Promise<TestResponse>;

/**
 * Sends a request to a handler: builds the event, invokes the handler, makes sure that it left the event alone, and
 * reads the answer as strictly as the service would.
 *
 * @param handler - handler under test
 * @param line - method and path with query as on the wire: `GET /items?tag=a%20b`
 * @param options - headers, body, authorizer and the like; `source` says which service sends it
 * @throws TypeError when the line is not a request line, or no such event can come from the source
 * @throws AnswerRefused when the service would not take the answer
 * @example
 * const response = await request(handler, 'POST /items?dry=1', { body: { name: 'lamp' } });
 * expect(response.status).toBe(201);
 * expect(response.json()).toMatchObject({ name: 'lamp' });
 */
export async function request(
  handler: AnyHandler,
  line: string,
  options: RequestOptions = {},
): Promise<TestResponse> {
  const { source = 'httpApi', context, ...rest } = options;
  const { method, path, query } = requestLine(line);
  if (query !== undefined && rest.query !== undefined) {
    throw new TypeError(`The query is stated twice: in the line ${JSON.stringify(line)} and in the options.`);
  }
  const event = httpEvent(source, { ...rest, method, path, query: query ?? rest.query });
  const answer = await invoke(handler, event, context);
  return readAnswer(source, answer, { method });
}

/**
 * A `request` that comes from one source, for suites that run once per source.
 *
 * @param source - service that sends the requests
 * @example
 * describe.each(httpSources)('%s', (source) => {
 *   const request = requestAs(source);
 *   it('answers 404 for an unknown item', async () => {
 *     expect((await request(handler, 'GET /items/none')).status).toBe(404);
 *   });
 * });
 */
export function requestAs(source: HttpSource): BoundRequest {
  return (handler, line, options) => request(handler, line, { ...options, source });
}

function requestLine(line: string): { method: string; path: string; query: string | undefined } {
  const match = /^([A-Z]+) (\/[^?]*)(?:\?(.*))?$/s.exec(line);
  if (match === null) {
    throw new TypeError(`${JSON.stringify(line)} is not a request line. Write it like "GET /items?page=2".`);
  }
  const [, method = '', path = '', query] = match;
  return { method, path, query };
}
