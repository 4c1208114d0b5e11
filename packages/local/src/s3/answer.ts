/**
 * What is answered, and how it is sent.
 *
 * @module
 */
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import type { S3Error } from './errors.ts';
import type { S3Request } from './request.ts';
import { writeError, writeXml } from './xml-write.ts';
import type { Tree } from './xml-write.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | Bytes;
}

/** The bytes of an object, read while they are sent. */
export interface Bytes {
  readonly length: number;
  read(): AsyncGenerator<Uint8Array>;
  /** Called once they are sent, or not. */
  end(): void;
}

/** An answer without a body. */
export function done(status: 200 | 204 | 304, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers };
}

/** A document of S3's. */
export function document(
  root: string,
  content: Tree | string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return {
    status: 200,
    headers: { 'content-type': 'application/xml', ...headers },
    body: writeXml(root, content),
  };
}

/** @param request - undefined where it could not even be read */
export function refusal(error: S3Error, request: S3Request | undefined, id: string): Answer {
  return {
    status: error.status,
    headers: { 'content-type': 'application/xml', ...error.headers },
    body: writeError({
      Code: error.code,
      Message: error.message,
      ...error.details,
      Resource: request?.path ?? '/',
      RequestId: id,
      HostId: HOST_ID,
    }),
  };
}

/** S3 names the machine that answered. There is only one. */
export const HOST_ID = 'handlersmith-local';

/** Resolves once the answer is sent, or the client is gone. */
export async function send(
  response: ServerResponse,
  { status, headers, body }: Answer,
  id: string,
  isHead: boolean,
): Promise<void> {
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body?.length;
  const hasBody = status !== 204 && status !== 304;
  response.writeHead(status, {
    'x-amz-request-id': id,
    'x-amz-id-2': HOST_ID,
    server: 'AmazonS3',
    ...(hasBody && { 'content-length': length ?? 0 }),
    ...headers,
  });
  if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) {
    response.end(isHead ? undefined : body);
    return;
  }
  if (isHead) {
    response.end();
    body.end();
    return;
  }
  try {
    await pipeline(Readable.from(body.read(), { objectMode: false }), response);
  } catch {
    // Too late to say so otherwise: the client sees fewer bytes than were announced.
    response.destroy();
  } finally {
    body.end();
  }
}
