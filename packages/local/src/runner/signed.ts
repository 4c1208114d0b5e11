/**
 * Signed requests to the S3 of this machine, for what the runner does there itself.
 *
 * @module
 */
import { createHash } from 'node:crypto';

import { signatureOf } from '../s3/signature.ts';
import type { LocalS3 } from '../s3/start.ts';
import { readXml, textOf } from '../s3/xml-read.ts';

export interface S3Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
}

/** A request to S3: path and query as they are on the wire. */
export type CallS3 = (
  method: string,
  path: string,
  more?: {
    readonly query?: Readonly<Record<string, string>>;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: Uint8Array<ArrayBuffer> | string;
  },
) => Promise<S3Answer>;

/** Path of an object: its key encoded, but for its slashes. */
export function objectPath(bucket: string, key: string): string {
  return `/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;
}

/** @throws Error with S3's own message where it refuses */
export function s3Caller(s3: Pick<LocalS3, 'endpoint' | 'clientConfig'>): CallS3 {
  const { region, credentials } = s3.clientConfig;
  return async (method, path, { query = {}, headers = {}, body = '' } = {}) => {
    const date = new Date().toISOString().replaceAll(/[-:]|\.\d+/gu, '');
    const scope = `${date.slice(0, 8)}/${region}/s3/aws4_request`;
    const payload = createHash('sha256').update(body).digest('hex');
    const sent = new Map([
      ...Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const),
      ['host', new URL(s3.endpoint).host],
      ['x-amz-content-sha256', payload],
      ['x-amz-date', date],
    ]);
    const signedHeaders = [...sent.keys()].toSorted();
    const parameters = new Map(Object.entries(query));
    const signature = signatureOf(
      { method, path, query: parameters, headers: sent },
      { date, scope, signedHeaders, payload },
      credentials.secretAccessKey,
    );
    const url = new URL(path, s3.endpoint);
    url.search = [...parameters]
      .map(([name, value]) =>
        value === '' ? name : `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
      )
      .join('&');
    sent.delete('host');
    const answer = await fetch(url, {
      method,
      headers: {
        ...Object.fromEntries(sent),
        authorization: `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${signedHeaders.join(';')}, Signature=${signature}`,
      },
      ...(method !== 'GET' && method !== 'HEAD' && { body }),
    });
    const received = Buffer.from(await answer.arrayBuffer());
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${messageOf(received)}`);
    return { status: answer.status, headers: answer.headers, body: received };
  };
}

/** Answers to HEAD have no body. */
function messageOf(body: Buffer): string {
  return body.length === 0 ? '' : (textOf(readXml(body.toString()), 'Message') ?? '');
}
