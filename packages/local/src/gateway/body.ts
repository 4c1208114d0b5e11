/**
 * The body of a request, and how events hold it.
 *
 * @module
 */
import type { IncomingMessage } from 'node:http';

/** The only media types an HTTP API passes on as text. A form, JSON with a suffix, no type at all: base64. */
const TEXT = /^\s*(?:text\/[^;]+|application\/(?:json|javascript|xml))\s*(?:;|$)/iu;

export interface EventBody {
  readonly body?: string;
  readonly isBase64Encoded: boolean;
}

/**
 * Reads the whole body. What is too large is read to its end all the same: a client that is still sending does not
 * look for an answer.
 *
 * @param limit - bytes
 * @returns undefined where it is larger than the limit
 * @throws Error where the client goes away before the end
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
    else chunks.length = 0;
  }
  return size <= limit ? Buffer.concat(chunks) : undefined;
}

/** As the sources with a fixed list of text types hand it over. Without a body there is no `body` key. */
export function encodeBody(body: Buffer, contentType: string | undefined): EventBody {
  return eventBody(body, TEXT.test(contentType ?? ''));
}

export function eventBody(body: Buffer, asText: boolean): EventBody {
  if (body.length === 0) return { isBase64Encoded: false };
  return { body: body.toString(asText ? 'utf8' : 'base64'), isBase64Encoded: !asText };
}
