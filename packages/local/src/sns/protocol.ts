/**
 * The protocol SNS clients speak: AWS query, forms in and XML out.
 *
 * @module
 */
import { randomUUID } from 'node:crypto';

import type { ServiceAnswer, ServiceRequest } from '../service/listen.ts';
import { publishActions } from './actions/publish.ts';
import { subscriptionActions } from './actions/subscriptions.ts';
import { topicActions } from './actions/topics.ts';
import { notImplemented, SnsError } from './errors.ts';
import { namesIn, parseQuery } from './query.ts';
import type { Query } from './query.ts';
import type { Actions, SnsService } from './service.ts';
import { errorXml, resultXml } from './xml.ts';

const ACTIONS: Actions = { ...topicActions, ...subscriptionActions, ...publishActions };

/** What people do by following a link in a message: they sign nothing, and name a secret. */
const BY_LINK: ReadonlySet<string> = new Set(['ConfirmSubscription', 'Unsubscribe']);

/** Answers a request. Never rejects. */
export async function answer(service: SnsService, request: ServiceRequest): Promise<ServiceAnswer> {
  const requestId = randomUUID();
  try {
    const query = queryOf(request);
    const name = query.get('Action') ?? '';
    checkSigned(request, name);
    const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
    if (action === undefined) throw notImplemented(`the action ${name}`);
    const unknown = [...namesIn(query)].find(
      (parameter) => !['Action', 'Version', ...action.parameters].includes(parameter),
    );
    if (unknown !== undefined) throw notImplemented(`the parameter ${unknown} of ${name}`);
    const trace = request.headers['x-amzn-trace-id'];
    const output = await action.run(service, query, typeof trace === 'string' ? trace : undefined);
    return reply(200, resultXml(name, output, requestId), requestId);
  } catch (error) {
    const { status, code, message } = error instanceof SnsError ? error : internalError(error);
    const fault = status >= 500 && status !== 501 ? 'Receiver' : 'Sender';
    return reply(status, errorXml(code, message, fault, requestId), requestId);
  }
}

function queryOf({ method, url, body }: ServiceRequest): Query {
  return parseQuery(method === 'GET' ? new URL(url, 'http://localhost').search : body.toString());
}

/** A page in a browser can send forms here without asking, but not this header. */
function checkSigned({ method, headers }: ServiceRequest, action: string): void {
  if (headers.authorization !== undefined || (method === 'GET' && BY_LINK.has(action))) return;
  throw new SnsError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403);
}

function reply(status: number, body: string, requestId: string): ServiceAnswer {
  return { status, headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId }, body };
}

function internalError(cause: unknown): SnsError {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new SnsError('InternalFailure', `The SNS on this machine failed: ${message}`, 500);
}
