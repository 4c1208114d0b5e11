/**
 * The APIs by which code asks for invocations: `PutEvents` of EventBridge and `Invoke` of Lambda.
 *
 * @module
 */
import { listen } from '../service/listen.ts';
import type { ServiceAnswer, ServiceRequest } from '../service/listen.ts';
import { refusal } from './answer.ts';
import { invokeFunction } from './invoke.ts';
import type { InvokeOptions } from './invoke.ts';
import { putEvents } from './put.ts';
import type { PutOptions } from './put.ts';

/** Bytes of a request: an event of a synchronous invocation ends at 6 MB. */
const LARGEST_REQUEST = 8 * 1024 * 1024;

export interface StartEventsOptions extends PutOptions, InvokeOptions {
  readonly port?: number;
}

export interface LocalEvents {
  readonly endpoint: string;
  close(): Promise<void>;
}

/** Starts both APIs on one port of loopback. */
export async function startEvents(options: StartEventsOptions): Promise<LocalEvents> {
  const answer = async (request: ServiceRequest): Promise<ServiceAnswer> => {
    // A page in a browser cannot send this header to us without being asked for leave.
    if (request.headers.authorization === undefined)
      return refusal(403, 'MissingAuthenticationToken', 'Missing token');
    try {
      const target = request.headers['x-amz-target'];
      if (target === 'AWSEvents.PutEvents') return putEvents(options, request);
      const [, name] = /^\/2015-03-31\/functions\/([^/?]+)\/invocations/u.exec(request.url) ?? [];
      if (request.method === 'POST' && name !== undefined)
        return await invokeFunction(options, decodeURIComponent(name), request);
      const what = typeof target === 'string' ? target : `${request.method} ${request.url}`;
      return refusal(501, 'NotImplemented', `EventBridge and Lambda on this machine do not know ${what}.`);
    } catch (error) {
      return refusal(400, 'ValidationException', error instanceof Error ? error.message : String(error));
    }
  };
  return listen({ name: 'startEvents', port: options.port, limit: LARGEST_REQUEST, answer });
}
