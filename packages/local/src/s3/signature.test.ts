/** Who may ask: signatures in headers and in presigned URLs. */
import { once } from 'node:events';
import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';

import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { answerOf, Bucket, refusal, serve } from './client.fixture.ts';
import type { Served } from './client.fixture.ts';

const Key = "a b+ü'()*&=/~!.txt";
let served: Served;
let presigner: S3Client;

beforeAll(async () => {
  served = await serve();
  presigner = new S3Client({ ...served.s3.clientConfig, requestChecksumCalculation: 'WHEN_REQUIRED' });
  await served.client.send(new PutObjectCommand({ Bucket, Key, Body: 'hello' }));
});
afterAll(async () => {
  presigner.destroy();
  await served[Symbol.asyncDispose]();
});

const other = (config: object): Promise<string> => {
  const client = new S3Client({ ...served.s3.clientConfig, maxAttempts: 1, ...config });
  return refusal(client.send(new ListObjectsV2Command({ Bucket }))).finally(() => client.destroy());
};

describe('in headers', () => {
  test('another secret, key, region or token is refused', async () => {
    const { credentials } = served.s3.clientConfig;
    expect(await other({ credentials: { ...credentials, secretAccessKey: 'x' } })).toBe(
      '403 SignatureDoesNotMatch',
    );
    expect(await other({ credentials: { ...credentials, accessKeyId: 'x' } })).toBe('403 InvalidAccessKeyId');
    expect(await other({ credentials: { ...credentials, sessionToken: 'x' } })).toBe('400 InvalidToken');
    expect(await other({ region: 'eu-central-1' })).toBe('400 AuthorizationHeaderMalformed');
    expect(await other({ systemClockOffset: 0 })).toBe('not refused');
  });

  test('a clock that is off by more than 15 minutes is refused', async () => {
    const url = `${served.s3.endpoint}/${Bucket}`;
    const scope = '20200101/us-east-1/s3/aws4_request';
    const headers = {
      authorization: `AWS4-HMAC-SHA256 Credential=local/${scope}, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`,
      'x-amz-content-sha256': 'UNSIGNED-PAYLOAD',
      'x-amz-date': '20200101T000000Z',
    };
    expect(await answerOf(url, { headers })).toBe('403 RequestTimeTooSkewed');
    expect(await answerOf(url, { headers: { ...headers, 'x-amz-date': 'nonsense' } })).toBe(
      '403 RequestTimeTooSkewed',
    );
    expect(await answerOf(url, { headers: { authorization: 'AWS local:abc' } })).toBe('400 InvalidRequest');
    expect(await answerOf(url, { headers: { authorization: 'AWS4-HMAC-SHA256 x' } })).toBe(
      '400 AuthorizationHeaderMalformed',
    );
  });

  test('nobody is served without a signature, unless the server is open', async () => {
    expect(await answerOf(`${served.s3.endpoint}/${Bucket}`)).toBe('403 AccessDenied');
    expect(await answerOf(served.s3.endpoint)).toBe('403 AccessDenied');
    expect(await answerOf(`${served.s3.endpoint}/new-bucket`, { method: 'PUT' })).toBe('403 AccessDenied');
    await using open = await serve({ anonymous: true });
    expect(await answerOf(`${open.s3.endpoint}/${Bucket}`)).toBe('200');
    // A web page whose own name was made to point here sends that name. `fetch` lets nobody set it.
    const { port } = new URL(open.s3.endpoint);
    const rebound = get({
      port,
      host: '127.0.0.1',
      path: `/${Bucket}`,
      headers: { host: `evil.example:${port}` },
    });
    const [{ statusCode }] = (await once(rebound, 'response')) as [IncomingMessage];
    expect(statusCode).toBe(403);
    rebound.destroy();
  });

  test('a body that is not the one that was signed is refused', async () => {
    const config = {
      ...served.s3.clientConfig,
      maxAttempts: 1,
      requestChecksumCalculation: 'WHEN_REQUIRED',
    } as const;
    const client = new S3Client(config);
    client.middlewareStack.add(
      (next) => (parameters) => {
        // The request as it goes out, behind the signature.
        const { request } = parameters as unknown as { request: { body: unknown } };
        request.body = 'HELLO';
        return next(parameters);
      },
      { step: 'finalizeRequest', priority: 'low' },
    );
    const signed = new PutObjectCommand({ Bucket, Key: 'signed', Body: 'hello' });
    expect(await refusal(client.send(signed))).toBe('400 XAmzContentSHA256Mismatch');
    client.destroy();
  });
});

const presigned = (expiresIn: number, signingDate = new Date()): Promise<string> =>
  getSignedUrl(presigner, new GetObjectCommand({ Bucket, Key }), { expiresIn, signingDate });

describe('in URLs', () => {
  test('expired, changed, not yet valid or good for too long: refused', async () => {
    const url = await presigned(60);
    const minutes = 60_000;
    expect(await answerOf(await presigned(60, new Date(Date.now() - 2 * minutes)))).toBe('403 AccessDenied');
    expect(await answerOf(await presigned(60, new Date(Date.now() + 20 * minutes)))).toBe('403 AccessDenied');
    expect(await answerOf(url.replace('X-Amz-Expires=60', 'X-Amz-Expires=61'))).toBe(
      '403 SignatureDoesNotMatch',
    );
    expect(await answerOf(url.replace('X-Amz-Expires=60', 'X-Amz-Expires=604801'))).toBe(
      '400 AuthorizationQueryParametersError',
    );
    expect(await answerOf(url.replace('/a%20b', '/other'))).toBe('403 SignatureDoesNotMatch');
    expect(await answerOf(url, { method: 'PUT', body: 'x' })).toBe('403 SignatureDoesNotMatch');
    expect(await answerOf(url, { headers: { 'x-amz-expected-bucket-owner': '000000000000' } })).toBe(
      '403 AccessDenied',
    );
    expect(await answerOf(url.replace(/&X-Amz-Date=[^&]*/u, ''))).toBe(
      '400 AuthorizationQueryParametersError',
    );
  });

  test('a read, with the headers that the URL says', async () => {
    const url = await getSignedUrl(
      presigner,
      new GetObjectCommand({
        Bucket,
        Key,
        ResponseContentType: 'x/y',
        ResponseContentDisposition: 'attachment',
      }),
    );
    const answer = await fetch(url);
    expect(answer.headers.get('content-type')).toBe('x/y');
    expect(answer.headers.get('content-disposition')).toBe('attachment');
    expect(await answer.text()).toBe('hello');
  });

  test('a write on a condition works once', async () => {
    const url = await getSignedUrl(
      presigner,
      new PutObjectCommand({ Bucket, Key: 'presigned', IfNoneMatch: '*' }),
      {
        unhoistableHeaders: new Set(['if-none-match']),
      },
    );
    const write = (headers: Record<string, string>): Promise<string> =>
      answerOf(url, { method: 'PUT', headers, body: 'x' });
    expect(await write({})).toBe('403 SignatureDoesNotMatch');
    expect(await write({ 'if-none-match': '*' })).toBe('200');
    expect(await write({ 'if-none-match': '*' })).toBe('412 PreconditionFailed');
  });

  test('a checksum that the SDK signed of no body is refused, and the answer says how to sign instead', async () => {
    const url = await getSignedUrl(served.client, new PutObjectCommand({ Bucket, Key: 'hoisted' }));
    const answer = await fetch(url, { method: 'PUT', body: 'x' });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toMatch(/<Code>BadDigest.*WHEN_REQUIRED/u);
  });
});
