/**
 * What an S3 does that S3 would not.
 *
 * @module
 */
import { randomUUID } from 'node:crypto';

import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { PutObjectCommandInput, S3Client } from '@aws-sdk/client-s3';

import { statusOf } from './status.ts';

/** @returns one line for each finding */
export async function laxnessOfS3(client: S3Client, bucket: string): Promise<readonly string[]> {
  const at = { Bucket: bucket, Key: `handlersmith-strict/${randomUUID()}` };
  const put = (extra: Partial<PutObjectCommandInput>): Promise<unknown> =>
    client.send(new PutObjectCommand({ ...at, Body: 'first', ...extra }));
  try {
    return [
      ...(await refuses('a wrong x-amz-checksum-sha256', 400, () =>
        put({ ChecksumSHA256: `${'A'.repeat(43)}=` }),
      )),
      ...(await refuses('a wrong x-amz-checksum-crc32', 400, () => put({ ChecksumCRC32: 'AAAAAA==' }))),
      ...(await refuses('a wrong Content-MD5', 400, () => put({ ContentMD5: `${'A'.repeat(22)}==` }))),
      ...(await refuses('to read what it refused to store', 404, () =>
        client.send(new GetObjectCommand(at)),
      )),
      // Whatever the lax one stored above must not be in the way of the next question.
      ...(await client.send(new DeleteObjectCommand(at)).then(() => [])),
      ...(await put({ IfNoneMatch: '*' }).then(() => [])),
      ...(await refuses('a second write with If-None-Match: *', 412, () =>
        put({ Body: 'second', IfNoneMatch: '*' }),
      )),
      ...(await refuses('an upload completed with If-None-Match: * where there is an object', 412, () =>
        upload(client, at),
      )),
      ...(await refuses('a write with If-Match of another object', 412, () =>
        put({ Body: 'second', IfMatch: '"other"' }),
      )),
      ...(await tagging(client, at)),
    ];
  } finally {
    await client.send(new DeleteObjectCommand(at));
  }
}

async function refuses(
  what: string,
  status: number,
  ask: () => Promise<unknown>,
): Promise<readonly string[]> {
  const got = await statusOf(ask);
  return got === status ? [] : [`S3: ${what} must be refused with ${status}; this server gave ${got}`];
}

async function upload(client: S3Client, at: { Bucket: string; Key: string }): Promise<void> {
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(at));
  const { ETag } = await client.send(
    new UploadPartCommand({ ...at, UploadId, PartNumber: 1, Body: 'second' }),
  );
  const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
  try {
    await client.send(
      new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload, IfNoneMatch: '*' }),
    );
  } catch (error) {
    await client.send(new AbortMultipartUploadCommand({ ...at, UploadId }));
    throw error;
  }
}

/** Some servers take tags for the object's new bytes. Not to have tags at all is no laxness. */
async function tagging(client: S3Client, at: { Bucket: string; Key: string }): Promise<readonly string[]> {
  const body = async (): Promise<string | undefined> =>
    (await client.send(new GetObjectCommand(at))).Body?.transformToString();
  const before = await body();
  await statusOf(() =>
    client.send(new PutObjectTaggingCommand({ ...at, Tagging: { TagSet: [{ Key: 'a', Value: 'b' }] } })),
  );
  return (await body()) === before
    ? []
    : ['S3: tags of an object must not touch its bytes; this server replaced them'];
}
