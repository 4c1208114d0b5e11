/** What the S3 documentation promises of multipart uploads. */
import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import type {
  CompletedPart,
  CompleteMultipartUploadCommandInput,
  CompleteMultipartUploadCommandOutput,
  CreateMultipartUploadCommandInput,
  UploadPartCopyCommandOutput,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { Bucket, refusal, serve } from './client.fixture.ts';
import type { Served } from './client.fixture.ts';

const MEGABYTE = 1024 * 1024;
const first = randomBytes(5 * MEGABYTE);
const second = randomBytes(1000);
let served: Served;

beforeAll(async () => {
  // Parts then have a checksum only where a test gives one.
  served = await serve({}, { requestChecksumCalculation: 'WHEN_REQUIRED' });
});
afterAll(() => served[Symbol.asyncDispose]());

type Extra<Input> = Partial<Omit<Input, 'Bucket' | 'Key' | 'UploadId'>>;

async function begin(Key: string, extra: Extra<CreateMultipartUploadCommandInput> = {}): Promise<string> {
  const { UploadId = '' } = await served.client.send(
    new CreateMultipartUploadCommand({ Bucket, Key, ...extra }),
  );
  return UploadId;
}

async function fill(
  Key: string,
  UploadId: string,
  bodies: readonly Uint8Array[],
  extra: (body: Uint8Array) => Partial<CompletedPart> = () => ({}),
): Promise<CompletedPart[]> {
  return Promise.all(
    bodies.map(async (Body, index): Promise<CompletedPart> => {
      const named = { PartNumber: index + 1, ...extra(Body) };
      const { ETag = '' } = await served.client.send(
        new UploadPartCommand({ Bucket, Key, UploadId, Body, ...named }),
      );
      return { ...named, ETag };
    }),
  );
}

const complete = (
  Key: string,
  UploadId: string,
  Parts: CompletedPart[],
  extra: Extra<CompleteMultipartUploadCommandInput> = {},
): Promise<CompleteMultipartUploadCommandOutput> =>
  served.client.send(
    new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts }, ...extra }),
  );

const crc = (...bytes: Uint8Array[]): string => {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(Buffer.concat(bytes)));
  return sum.toString('base64');
};

describe('what is refused', () => {
  test('parts in the wrong order, unknown, twice, with another tag, or none at all', async () => {
    const id = await begin('order');
    const [one, two] = await fill('order', id, [first, second]);
    if (one === undefined || two === undefined) throw new Error('two parts were filled');
    expect(await refusal(complete('order', id, [two, one]))).toBe('400 InvalidPartOrder');
    expect(await refusal(complete('order', id, [one, one]))).toBe('400 InvalidPartOrder');
    expect(await refusal(complete('order', id, [one, { ...two, PartNumber: 3 }]))).toBe('400 InvalidPart');
    expect(await refusal(complete('order', id, [one, { ...two, ETag: '"other"' }]))).toBe('400 InvalidPart');
    expect(await refusal(complete('order', id, []))).toBe('400 MalformedXML');
    await complete('order', id, [one, two]);
    expect(await refusal(complete('order', id, [one, two]))).toBe('404 NoSuchUpload');
  });

  test('a part below 5 MB that is not the last', async () => {
    const id = await begin('small');
    const parts = await fill('small', id, [second, second]);
    expect(await refusal(complete('small', id, parts))).toBe('400 EntityTooSmall');
    await complete('small', id, parts.slice(1));
  });

  test('another size or checksum of the whole than was announced', async () => {
    const id = await begin('whole', { ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' });
    const parts = await fill('whole', id, [first, second], (body) => ({ ChecksumCRC32: crc(body) }));
    const size = first.length + second.length;
    const sum = crc(first, second);
    const whole = { ChecksumType: 'FULL_OBJECT', ChecksumCRC32: sum, MpuObjectSize: size } as const;
    expect(await refusal(complete('whole', id, parts, { ...whole, MpuObjectSize: size + 1 }))).toBe(
      '400 InvalidRequest',
    );
    expect(await refusal(complete('whole', id, parts, { ...whole, ChecksumCRC32: 'AAAAAA==' }))).toBe(
      '400 BadDigest',
    );
    expect(await refusal(complete('whole', id, parts, { ...whole, ChecksumType: 'COMPOSITE' }))).toBe(
      '400 InvalidRequest',
    );
    expect(await complete('whole', id, parts, whole)).toMatchObject({
      ChecksumCRC32: sum,
      ChecksumType: 'FULL_OBJECT',
    });
    const head = await served.client.send(
      new HeadObjectCommand({ Bucket, Key: 'whole', ChecksumMode: 'ENABLED' }),
    );
    expect(head).toMatchObject({ ContentLength: size, ChecksumCRC32: sum, ChecksumType: 'FULL_OBJECT' });
  });

  test('a composite checksum needs that of each part', async () => {
    const id = await begin('composite', { ChecksumAlgorithm: 'CRC32' });
    expect(await refusal(fill('composite', id, [first]))).toBe('400 InvalidRequest');
    const [part] = await fill('composite', id, [first], (body) => ({ ChecksumCRC32: crc(body) }));
    const bare = { PartNumber: 1, ETag: part?.ETag ?? '' };
    expect(await refusal(complete('composite', id, [bare]))).toBe('400 InvalidRequest');
    expect(await refusal(complete('composite', id, [{ ...bare, ChecksumCRC32: 'AAAAAA==' }]))).toBe(
      '400 InvalidPart',
    );
    const { ChecksumCRC32 } = await complete('composite', id, [{ ...bare, ChecksumCRC32: crc(first) }]);
    expect(ChecksumCRC32).toMatch(/=-1$/u);
  });

  test('checksums that cannot be of a whole, or cannot be of parts', async () => {
    expect(await refusal(begin('x', { ChecksumAlgorithm: 'SHA256', ChecksumType: 'FULL_OBJECT' }))).toBe(
      '400 InvalidRequest',
    );
    expect(await refusal(begin('x', { ChecksumAlgorithm: 'CRC64NVME', ChecksumType: 'COMPOSITE' }))).toBe(
      '400 InvalidRequest',
    );
  });

  test('a part of an upload that is given up, or of another key, or with a number that is none', async () => {
    const id = await begin('given up');
    const body = [second];
    expect(await refusal(fill('another', id, body))).toBe('404 NoSuchUpload');
    const number = new UploadPartCommand({
      Bucket,
      Key: 'given up',
      UploadId: id,
      PartNumber: 10_001,
      Body: 'x',
    });
    expect(await refusal(served.client.send(number))).toBe('400 InvalidArgument');
    const abort = new AbortMultipartUploadCommand({ Bucket, Key: 'given up', UploadId: id });
    await served.client.send(abort);
    expect(await refusal(served.client.send(abort))).toBe('404 NoSuchUpload');
    expect(await refusal(fill('given up', id, body))).toBe('404 NoSuchUpload');
  });
});

test('If-None-Match: * on completion: of 10 uploads of a key one becomes the object', async () => {
  const uploads = await Promise.all(
    Array.from({ length: 10 }, async (_, writer) => {
      const id = await begin('race');
      return { id, parts: await fill('race', id, [Buffer.alloc(10, writer)]) };
    }),
  );
  const outcomes = await Promise.all(
    uploads.map(({ id, parts }) => refusal(complete('race', id, parts, { IfNoneMatch: '*' }))),
  );
  expect(outcomes.filter((outcome) => outcome === 'not refused')).toHaveLength(1);
  expect(outcomes.filter((outcome) => outcome === '412 PreconditionFailed')).toHaveLength(9);
  // What was refused is still there, and may be given up or completed without the condition.
  const { Uploads = [] } = await served.client.send(
    new ListMultipartUploadsCommand({ Bucket, Prefix: 'race' }),
  );
  expect(Uploads).toHaveLength(9);
});

test('an upload of unknown length through the SDK comes back byte for byte, and part for part', async () => {
  const bytes = randomBytes(11 * MEGABYTE);
  const client = new S3Client(served.s3.clientConfig);
  await new Upload({
    client,
    params: { Bucket, Key: 'sdk', Body: bytes, Metadata: { a: 'b' } },
    partSize: 5 * MEGABYTE,
  }).done();
  const answer = await client.send(new GetObjectCommand({ Bucket, Key: 'sdk' }));
  expect(bytes.equals((await answer.Body?.transformToByteArray()) ?? Buffer.alloc(0))).toBe(true);
  expect(answer).toMatchObject({ ETag: expect.stringMatching(/-3"$/u) as string, Metadata: { a: 'b' } });
  const part = await client.send(new GetObjectCommand({ Bucket, Key: 'sdk', PartNumber: 3 }));
  expect(part).toMatchObject({ PartsCount: 3, ContentLength: MEGABYTE });
  expect(await part.Body?.transformToByteArray()).toHaveLength(MEGABYTE);

  // Parts that are not read yet must outlive the object, for as long as somebody reads it.
  const reading = await client.send(new GetObjectCommand({ Bucket, Key: 'sdk' }));
  await client.send(new DeleteObjectCommand({ Bucket, Key: 'sdk' }));
  expect(bytes.equals((await reading.Body?.transformToByteArray()) ?? Buffer.alloc(0))).toBe(true);
  client.destroy();
});

test('parts can be listed page by page, replaced, and copied from ranges of objects', async () => {
  const source = randomBytes(6 * MEGABYTE);
  await served.client.send(new PutObjectCommand({ Bucket, Key: 'source', Body: source }));
  await served.client.send(new PutObjectCommand({ Bucket, Key: 'small source', Body: second }));
  const Key = 'copied';
  const UploadId = await begin(Key);
  const parts = await fill(Key, UploadId, [first, second, second]);
  const copyOf = (name: string, CopySourceRange: string): Promise<UploadPartCopyCommandOutput> =>
    served.client.send(
      new UploadPartCopyCommand({
        Bucket,
        Key,
        UploadId,
        PartNumber: 2,
        CopySource: `${Bucket}/${name}`,
        CopySourceRange,
      }),
    );
  expect(await refusal(copyOf('source', `bytes=0-${source.length}`))).toBe('400 InvalidArgument');
  expect(await refusal(copyOf('small%20source', 'bytes=0-9'))).toBe('400 InvalidRequest');
  const copy = await copyOf('source', 'bytes=10-19');
  const page = await served.client.send(new ListPartsCommand({ Bucket, Key, UploadId, MaxParts: 2 }));
  expect(page).toMatchObject({ IsTruncated: true, NextPartNumberMarker: '2' });
  expect(page.Parts?.map(({ Size }) => Size)).toEqual([first.length, 10]);
  const rest = new ListPartsCommand({ Bucket, Key, UploadId, PartNumberMarker: page.NextPartNumberMarker });
  expect((await served.client.send(rest)).Parts?.map(({ PartNumber }) => PartNumber)).toEqual([3]);
  expect(await refusal(complete(Key, UploadId, parts.slice(0, 2)))).toBe('400 InvalidPart');
  await complete(Key, UploadId, [parts[0] ?? {}, { PartNumber: 2, ETag: copy.CopyPartResult?.ETag ?? '' }]);
  const { Body } = await served.client.send(new GetObjectCommand({ Bucket, Key, Range: 'bytes=-10' }));
  expect(Buffer.from((await Body?.transformToByteArray()) ?? [])).toEqual(source.subarray(10, 20));
});
