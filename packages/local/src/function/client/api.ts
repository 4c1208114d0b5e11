/**
 * Lambda's Runtime API for one environment.
 *
 * @module
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { isLoopback } from '../../service/listen.ts';
import type { Events, Outcome } from '../channel.ts';
import { ANSWER_LIMIT, type InvocationHead, type ReportedError } from '../protocol.ts';
import { preludeReader } from './prelude.ts';

/** Milliseconds between an answer and the question for more work, after which the answer is taken for the end. */
const NEXT_PATIENCE_MS = 200;

const PATH = /^\/2018-06-01\/runtime\/(?:invocation\/(?:(next)|[^/]+\/(response|error))|init\/(error))$/;

export interface RuntimeApi {
  /** Host and port. */
  readonly address: string;
  readonly invoke: (head: InvocationHead, event: string) => void;
  close(): Promise<void>;
}

/** Listens on loopback. */
export async function startRuntimeApi(events: Events): Promise<RuntimeApi> {
  let poll: ServerResponse | undefined;
  let next: { readonly head: InvocationHead; readonly event: string } | undefined;
  let begun = false;
  let outcome: Outcome | undefined;
  let patience: NodeJS.Timeout | undefined;

  const settle = (): void => {
    clearTimeout(patience);
    if (outcome !== undefined) events.settled(outcome, undefined);
    outcome = undefined;
  };
  const hand = (): void => {
    if (poll === undefined || next === undefined) return;
    const { head, event } = next;
    poll.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': head.requestId,
      'lambda-runtime-deadline-ms': String(head.deadline),
      'lambda-runtime-invoked-function-arn': head.arn,
      'lambda-runtime-trace-id': head.trace,
      ...(head.clientContext !== undefined && { 'lambda-runtime-client-context': head.clientContext }),
    });
    poll.end(event);
    poll = undefined;
    next = undefined;
  };
  const asked = (response: ServerResponse): void => {
    poll = response;
    // A function that asks for work has done what it had.
    settle();
    if (!begun) events.ready();
    begun = true;
    hand();
  };
  const receive = async (request: IncomingMessage, [, , kind, init]: RegExpExecArray): Promise<void> => {
    if (request.headers['lambda-runtime-function-response-mode'] === 'streaming') {
      outcome = await receiveStream(request, events);
    } else {
      const body = await bodyOf(request);
      if (init !== undefined) events.initFailed(errorOf(body));
      else if (kind === 'error') outcome = { kind: 'failed', error: errorOf(body) };
      else if (body.length > ANSWER_LIMIT) outcome = { kind: 'too-large' };
      else outcome = { kind: 'answer', text: body.toString() };
    }
    patience = setTimeout(settle, NEXT_PATIENCE_MS);
  };

  const server = createServer((request, response) => {
    const match = PATH.exec(request.url ?? '');
    // A web page that asked for work would get it instead of the function: browsers say where a request comes from.
    const isPage = request.headers['sec-fetch-site'] !== undefined || request.headers.origin !== undefined;
    if (match === null || isPage || !isLoopback(request.headers.host)) response.writeHead(404).end();
    else if (match[1] !== undefined) asked(response);
    else {
      void receive(request, match).then(() =>
        response.writeHead(202, { 'content-type': 'application/json' }).end('{"status":"OK"}'),
      );
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // listening on TCP: it is one
  return {
    address: `127.0.0.1:${port}`,
    invoke(head, event) {
      next = { head, event };
      hand();
    },
    async close() {
      settle();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function receiveStream(request: IncomingMessage, events: Events): Promise<Outcome> {
  const withHead = request.headers['content-type'] === 'application/vnd.awslambda.http-integration-response';
  const add = withHead ? preludeReader(events) : undefined;
  let begun = false;
  try {
    for await (const chunk of request) {
      const bytes = chunk as Buffer; // no encoding is set: chunks are buffers
      if (add !== undefined) add(bytes);
      else {
        if (!begun) events.begin(undefined);
        begun = true;
        events.chunk(bytes);
      }
    }
  } catch {
    return {
      kind: 'failed',
      error: { errorType: 'Runtime.StreamError', errorMessage: 'The stream broke off', trace: [] },
    };
  }
  const error = request.trailers['lambda-runtime-function-error-body'];
  if (error === undefined) return { kind: 'streamed' };
  return { kind: 'failed', error: errorOf(Buffer.from(error, 'base64')) };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer); // no encoding is set: chunks are buffers
  } catch {
    // The process ended in the middle of its answer, which its end tells too.
  }
  return Buffer.concat(chunks);
}

function errorOf(body: Buffer): ReportedError {
  try {
    const { errorType, errorMessage, trace } = JSON.parse(body.toString()) as Partial<ReportedError>; // the client's format, each member looked at
    return { errorType: errorType ?? 'Error', errorMessage: errorMessage ?? '', trace: trace ?? [] };
  } catch {
    return { errorType: 'Runtime.Unknown', errorMessage: body.toString(), trace: [] };
  }
}
