/**
 * The event that a source makes of a request.
 *
 * @module
 */
import { albEvent, albMultiEvent } from './alb.ts';
import type { HttpRequest } from './request.ts';
import { restEvent } from './rest.ts';
import type { HttpEvents, HttpSource } from './source.ts';
import { functionUrlEvent, httpApiEvent } from './v2.ts';
import { wireRequest, type WireRequest } from './wire.ts';

const builders: { readonly [Source in HttpSource]: (wire: WireRequest) => HttpEvents[Source] } = {
  rest: restEvent,
  httpApi: httpApiEvent,
  functionUrl: functionUrlEvent,
  alb: albEvent,
  albMulti: albMultiEvent,
};

/**
 * Builds the event that AWS sends for a request. What a real event says twice (raw and parsed query, single and
 * multi-value headers, paths with and without the stage) is computed from what the test states once.
 *
 * @param source - service that sends the event
 * @param request - the request as a client sends it; a `GET /` if nothing is stated
 * @returns a fresh event, typed by its source
 * @throws TypeError when no such event can come from that source
 * @example
 * const event = httpEvent('httpApi', { method: 'POST', path: '/items', query: { tag: ['a', 'b'] }, body: { name: 'lamp' } });
 * event.rawQueryString; // 'tag=a&tag=b'
 * event.queryStringParameters; // { tag: 'a,b' }
 * event.headers['content-type']; // 'application/json'
 */
export function httpEvent<Source extends HttpSource>(
  source: Source,
  request: HttpRequest = {},
): HttpEvents[Source] {
  const event = builders[source](wireRequest(source, request));
  // An event reaches a function as JSON: no key holds `undefined`, and nothing is shared with the request.
  // The cast is right because the builders make plain data.
  return JSON.parse(JSON.stringify(event)) as HttpEvents[Source];
}
