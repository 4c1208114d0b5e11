/**
 * Lambda's Runtime API, as far as the runtime client asks for it.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a function sent back for one invocation, or instead of ever starting. */
export interface Outcome {
  readonly kind: 'response' | 'error' | 'initError';
  readonly body: Buffer;
  readonly contentType: string | undefined;
  readonly streaming: boolean;
  readonly trailers: NodeJS.Dict<string>;
}

interface Invocation {
  readonly id: string;
  readonly event: unknown;
  /** Milliseconds the function has. */
  readonly timeout: number;
  readonly settle: (outcome: Outcome) => void;
}

export interface RuntimeApi {
  readonly address: string;
  invoke(event: unknown, timeout?: number): Promise<Outcome>;
  close(): Promise<void>;
}

export async function startRuntimeApi(): Promise<RuntimeApi> {
  const waiting: Invocation[] = [];
  const polls: ServerResponse[] = [];
  const running = new Map<string, Invocation>();

  const hand = (poll: ServerResponse, invocation: Invocation): void => {
    running.set(invocation.id, invocation);
    poll.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': invocation.id,
      'lambda-runtime-deadline-ms': String(Date.now() + invocation.timeout),
      'lambda-runtime-invoked-function-arn': 'arn:aws:lambda:eu-west-1:123456789012:function:items',
      'lambda-runtime-trace-id': 'Root=1-5e9f0c65-1de4d666d4dd26aced652b6c;Parent=53995c3f42cd8ad8;Sampled=0',
    });
    poll.end(JSON.stringify(invocation.event));
  };
  const match = (): void => {
    while (waiting.length > 0 && polls.length > 0) {
      const poll = polls.shift();
      const invocation = waiting.shift();
      if (poll !== undefined && invocation !== undefined) hand(poll, invocation);
    }
  };
  const receive = async (
    request: IncomingMessage,
    kind: Outcome['kind'],
    id: string | undefined,
  ): Promise<void> => {
    const chunks: Buffer[] = [];
    let broken = false;
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer); // no encoding is set: chunks are buffers
    } catch {
      broken = true; // the function broke the stream off
    }
    const outcome: Outcome = {
      kind: broken ? 'error' : kind,
      body: Buffer.concat(chunks),
      contentType: request.headers['content-type'],
      streaming: request.headers['lambda-runtime-function-response-mode'] === 'streaming',
      trailers: request.trailers,
    };
    if (id === undefined) for (const invocation of waiting.splice(0)) invocation.settle(outcome);
    else running.get(id)?.settle(outcome);
  };

  const server = createServer((request, response) => {
    const [, next, id, kind, init] =
      /^\/2018-06-01\/runtime\/(?:invocation\/(?:(next)|([^/]+)\/(response|error))|(init\/error))$/.exec(
        request.url ?? '',
      ) ?? [];
    if (next !== undefined) {
      polls.push(response);
      match();
      return;
    }
    void receive(request, init === undefined ? (kind as Outcome['kind']) : 'initError', id).then(() =>
      response.writeHead(202, { 'content-type': 'application/json' }).end('{"status":"OK"}'),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // listening on TCP: it is one
  return {
    address: `127.0.0.1:${port}`,
    invoke: (event, timeout = 10_000) =>
      new Promise((settle) => {
        waiting.push({ id: randomUUID(), event, timeout, settle });
        match();
      }),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
