/**
 * Requests in, answers out.
 *
 * @module
 */
import type { IncomingMessage, ServerResponse } from 'node:http';

import { isLoopback } from '../service/listen.ts';
import { refusal, send } from './answer.ts';
import type { Answer } from './answer.ts';
import type { Authorize } from './authorize.ts';
import { bodyOf } from './body.ts';
import { crossOrigin } from './cors.ts';
import { accessDenied, internalError, S3Error } from './errors.ts';
import { newRequestId } from './ids.ts';
import { checkPolicy } from './policy.ts';
import { isSigned, readRequest } from './request.ts';
import type { S3Request } from './request.ts';
import { routed } from './route.ts';
import type { Operation, Service } from './service.ts';

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

export function server(service: Service, authorize: Authorize, open: boolean): Serve {
  return async (incoming, response, expectsContinue) => {
    const id = newRequestId();
    const body = bodyOf(incoming, response, expectsContinue);
    let request: S3Request | undefined;
    let answer: Answer;
    try {
      request = readRequest(incoming, id, body, open);
      authorize(request);
      // A signature covers the name; without one, a web page that had its own name point here would be let in.
      if (!isSigned(request) && !isLoopback(request.headers.get('host')))
        throw accessDenied('Not called by a name of this machine.');
      const operation = routed(request);
      checkAccess(operation, request, service);
      answer = await operation.run(request, service);
    } catch (thrown) {
      answer = refusal(thrown instanceof S3Error ? thrown : internalError(thrown), request, id);
    }
    answer = crossOrigin(answer, request, service);
    await body.drain();
    if (body.unasked) response.setHeader('connection', 'close');
    await send(response, answer, id, incoming.method === 'HEAD');
  };
}

/** Holds a request against its bucket's policy. Who owns a policy can always change it. */
function checkAccess(operation: Operation, request: S3Request, { store }: Service): void {
  const { name, action, on } = operation;
  if (action === undefined) return;
  if (on === 'service' || name === 'CreateBucket' || name.endsWith('BucketPolicy')) {
    if (request.anonymous) throw accessDenied();
    return;
  }
  const ofVersion = on === 'object' && request.query.has('versionId') ? 'Version' : '';
  checkPolicy(store.bucket(request.bucket), request, actionOf(action, ofVersion), name);
}

/** `s3:GetObject` of a version is `s3:GetObjectVersion`; with its tags, `s3:GetObjectVersionTagging`. */
function actionOf(action: string, version: string): string {
  return action.replace(/^(s3:[A-Z][a-z]+Object)/u, `$1${version}`);
}
