/**
 * The body of a request, and how an HTTP API hands it over.
 *
 * @module
 */
import type { IncomingMessage } from 'node:http';

import { REQUEST_BODY_LIMIT } from './limits.ts';

/** The only media types an HTTP API passes on as text. A form, JSON with a suffix, no type at all: base64. */
const TEXT = /^\s*(?:text\/[^;]+|application\/(?:json|javascript|xml))\s*(?:;|$)/iu;

/**
 * Reads the whole body. What is too large is read to its end all the same: a client that is still sending does not
 * look for an answer.
 *
 * @returns undefined where it is larger than an HTTP API takes
 * @throws Error where the client goes away before the end
 */
export async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= REQUEST_BODY_LIMIT) chunks.push(chunk);
    else chunks.length = 0;
  }
  return size <= REQUEST_BODY_LIMIT ? Buffer.concat(chunks) : undefined;
}

/** The `body` and `isBase64Encoded` of an event. Without a body there is no `body` key. */
export function encodeBody(
  body: Buffer,
  contentType: string | undefined,
): { body?: string; isBase64Encoded: boolean } {
  if (body.length === 0) return { isBase64Encoded: false };
  return TEXT.test(contentType ?? '')
    ? { body: body.toString('utf8'), isBase64Encoded: false }
    : { body: body.toString('base64'), isBase64Encoded: true };
}
