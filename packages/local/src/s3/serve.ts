/**
 * Requests in, answers out.
 *
 * @module
 */
import type { IncomingMessage, ServerResponse } from 'node:http';

import { refusal, send } from './answer.ts';
import type { Answer } from './answer.ts';
import type { Authorize } from './authorize.ts';
import { bodyOf } from './body.ts';
import { internalError, S3Error } from './errors.ts';
import { newRequestId } from './ids.ts';
import { readRequest } from './request.ts';
import type { S3Request } from './request.ts';
import { routed } from './route.ts';
import type { Service } from './service.ts';

/**
 * Answers requests. Never throws: what goes wrong is an answer.
 *
 * @param expectsContinue - whether the client waits for a `100 Continue`
 */
export type Serve = (
  request: IncomingMessage,
  response: ServerResponse,
  expectsContinue: boolean,
) => Promise<void>;

export function server(service: Service, authorize: Authorize): Serve {
  return async (incoming, response, expectsContinue) => {
    const id = newRequestId();
    const body = bodyOf(incoming, response, expectsContinue);
    let request: S3Request | undefined;
    let answer: Answer;
    try {
      request = readRequest(incoming, id, body);
      authorize(request);
      answer = await routed(request).run(request, service);
    } catch (thrown) {
      answer = refusal(thrown instanceof S3Error ? thrown : internalError(thrown), request, id);
    }
    await body.drain();
    if (body.unasked) response.setHeader('connection', 'close');
    await send(response, answer, id, incoming.method === 'HEAD');
  };
}
