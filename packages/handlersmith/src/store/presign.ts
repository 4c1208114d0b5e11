/**
 * The URL that a client puts its bytes to.
 *
 * @module
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/PresignedUrlUploadObject.html
 */
import type * as Presigner from '@aws-sdk/s3-request-presigner';

import type { Attempt } from './attempt.ts';
import type { BlobReference } from './types.ts';

/** A signed request, for the client to send. */
export interface SignedPut {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly expiresAt: Date;
}

/**
 * Signs a put of one blob: of this key, if it is not there, of this length and this checksum. All of them are headers
 * that are part of the signature: left in the query, as the SDK would have them, nobody says that S3 looks at them.
 *
 * @param expiresIn - seconds
 * @throws Error that says what to install where it is not
 */
export async function presignPut(
  { settings }: Attempt,
  { bucket, key, size, sha256, contentType }: BlobReference,
  expiresIn: number,
): Promise<SignedPut> {
  const [{ client, sdk }, { getSignedUrl }] = await Promise.all([settings.s3(), loadPresigner()]);
  const checksum = Buffer.from(sha256, 'hex').toString('base64');
  const headers = {
    'if-none-match': '*',
    'x-amz-checksum-sha256': checksum,
    ...(contentType === undefined ? {} : { 'content-type': contentType }),
  };
  const input = {
    Bucket: bucket,
    Key: key,
    ContentLength: size,
    ContentType: contentType,
    IfNoneMatch: '*',
    ChecksumSHA256: checksum,
  };
  const signed = new Set([...Object.keys(headers), 'content-length', 'host']);
  const signingDate = new Date(); // S3 looks at its own clock
  const url = await getSignedUrl(client, new sdk.PutObjectCommand(input), {
    expiresIn,
    signingDate,
    signableHeaders: signed,
    unhoistableHeaders: signed,
  });
  return { url, headers, expiresAt: new Date(signingDate.getTime() + expiresIn * 1000) };
}

async function loadPresigner(): Promise<typeof Presigner> {
  try {
    return await import('@aws-sdk/s3-request-presigner');
  } catch (error) {
    throw new Error(
      'beginUpload needs the package @aws-sdk/s3-request-presigner: npm install @aws-sdk/s3-request-presigner',
      { cause: error },
    );
  }
}
