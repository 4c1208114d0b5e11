/**
 * A server with one bucket, and a client of it that tries once.
 *
 * @module
 */
import { S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import type { S3ClientConfig } from '@aws-sdk/client-s3';

import { startS3 } from './start.ts';
import type { LocalS3, StartS3Options } from './start.ts';

export const Bucket = 'contract';

export interface Served extends AsyncDisposable {
  readonly s3: LocalS3;
  readonly client: S3Client;
}

export async function serve(options: StartS3Options = {}, config: S3ClientConfig = {}): Promise<Served> {
  const s3 = await startS3({ buckets: [Bucket], ...options });
  const client = new S3Client({ ...s3.clientConfig, maxAttempts: 1, ...config });
  return {
    s3,
    client,
    async [Symbol.asyncDispose]() {
      client.destroy();
      await s3.close();
    },
  };
}

/** How a request was refused: `412 PreconditionFailed`; or `not refused`. */
export async function refusal(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof S3ServiceException) return `${error.$metadata.httpStatusCode} ${error.name}`;
    throw error;
  }
  return 'not refused';
}

/** How a raw request was answered: `200`, or `400 BadDigest`. */
export async function answerOf(url: string, init: RequestInit = {}): Promise<string> {
  const answer = await fetch(url, init);
  const code = /<Code>(\w+)<\/Code>/u.exec(await answer.text())?.[1];
  return code === undefined ? String(answer.status) : `${answer.status} ${code}`;
}
