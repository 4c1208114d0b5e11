/**
 * Stands in for the compiled part of Lambda's runtime client, which takes minutes to build: it only posts answers and
 * errors to the Runtime API. Everything else that runs is the client's own code.
 *
 * @module
 */
import { Agent, request as httpRequest } from 'node:http';
import Module from 'node:module';

const [hostname, port] = (process.env['AWS_LAMBDA_RUNTIME_API'] ?? '').split(':');
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

function post(path: string, body: string, headers: Readonly<Record<string, string>> = {}): void {
  const request = httpRequest({
    agent,
    hostname,
    port,
    method: 'POST',
    path: `/2018-06-01/runtime/invocation/${path}`,
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      ...headers,
    },
  });
  request.on('response', (response) => response.resume());
  request.end(body);
}

const compiled = {
  initializeClient(): void {},
  next: (): Promise<never> => Promise.reject(new Error('The client polls by itself here')),
  done: (id: string, body: string): void => post(`${id}/response`, body),
  error: (id: string, body: string): void =>
    post(`${id}/error`, body, {
      // The client's own format.
      'lambda-runtime-function-error-type': (JSON.parse(body) as { errorType: string }).errorType,
    }),
};

/* oxlint-disable no-underscore-dangle -- Node.js calls its hook so */
const hooks = Module as unknown as { _load: (request: string, ...rest: unknown[]) => unknown }; // not in its types
const load = hooks._load;
hooks._load = function loadOrStandIn(this: unknown, request: string, ...rest: unknown[]): unknown {
  return request.endsWith('rapid-client.node') ? compiled : load.call(this, request, ...rest);
};
