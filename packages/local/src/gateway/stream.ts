/**
 * A streamed answer on its way to the client.
 *
 * @module
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html
 */
import type { ServerResponse } from 'node:http';

import type { AnswerStream } from '../function/function.ts';
import { commonParts, cookieLines, multiValueLines } from './answer.ts';
import type { Pairs } from './request.ts';

/** Sends what a function streams. `headers` are those of the gateway, put in at the head. */
export function answerStream(response: ServerResponse, apply: (headers: Pairs) => Pairs): AnswerStream {
  return {
    begin(prelude) {
      const { status, headers } = headOf(prelude);
      response.writeHead(status, apply(headers).flat());
      response.flushHeaders();
    },
    write: (chunk) => void response.write(chunk),
  };
}

/** Without a head a stream is a 200 of bytes; with a malformed one it is a 502 that has begun already. */
function headOf(prelude: unknown): { readonly status: number; readonly headers: Pairs } {
  if (prelude === undefined) return { status: 200, headers: [['content-type', 'application/octet-stream']] };
  const parts = commonParts(prelude);
  const lists = multiValueLines(parts?.answer['multiValueHeaders'] ?? null);
  const cookies = cookieLines(parts?.answer['cookies'] ?? []);
  if (parts === undefined || lists === undefined || cookies === undefined)
    return { status: 502, headers: [] };
  return { status: parts.status, headers: [...parts.headers, ...lists, ...cookies] };
}
