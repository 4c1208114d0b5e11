/** What the S3 documentation promises of objects, asked of the server that is started here. */
import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';

import {
  ChecksumAlgorithm as Algorithms,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import type {
  DeleteObjectCommandOutput,
  GetObjectCommandInput,
  GetObjectCommandOutput,
  HeadObjectCommandOutput,
  PutObjectCommandInput,
  PutObjectCommandOutput,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { answerOf, Bucket, refusal, serve } from './client.fixture.ts';
import type { Served } from './client.fixture.ts';

let served: Served;
/** The same, for requests written by hand: nobody has to sign. */
let open: Served;
let url: string;

beforeAll(async () => {
  [served, open] = await Promise.all([serve(), serve({ anonymous: true })]);
  url = `${open.s3.endpoint}/${Bucket}`;
});
afterAll(async () => {
  await served[Symbol.asyncDispose]();
  await open[Symbol.asyncDispose]();
});

type Extra<Input> = Partial<Omit<Input, 'Bucket' | 'Key' | 'Body'>>;
const put = (
  Key: string,
  Body: string | Uint8Array | Readable,
  extra: Extra<PutObjectCommandInput> = {},
): Promise<PutObjectCommandOutput> =>
  served.client.send(new PutObjectCommand({ Bucket, Key, Body, ...extra }));
const get = (Key: string, extra: Extra<GetObjectCommandInput> = {}): Promise<GetObjectCommandOutput> =>
  served.client.send(new GetObjectCommand({ Bucket, Key, ...extra }));
const head = (Key: string, extra: Extra<GetObjectCommandInput> = {}): Promise<HeadObjectCommandOutput> =>
  served.client.send(new HeadObjectCommand({ Bucket, Key, ...extra }));
const remove = (Key: string, IfMatch?: string): Promise<DeleteObjectCommandOutput> =>
  served.client.send(new DeleteObjectCommand({ Bucket, Key, ...(IfMatch !== undefined && { IfMatch }) }));

describe('what is refused', () => {
  test('a body that is not what its checksum or MD5 says: 400, and nothing is kept', async () => {
    const wrong: readonly Extra<PutObjectCommandInput>[] = [
      { ChecksumCRC32: 'AAAAAA==' },
      { ChecksumCRC32C: 'AAAAAA==' },
      { ChecksumCRC64NVME: 'AAAAAAAAAAA=' },
      { ChecksumSHA1: `${'A'.repeat(27)}=` },
      { ChecksumSHA256: `${'A'.repeat(43)}=` },
      { ContentMD5: `${'A'.repeat(22)}==` },
    ];
    const answers = await Promise.all(wrong.map((extra) => refusal(put('wrong', 'hello', extra))));
    expect(answers).toEqual(wrong.map(() => '400 BadDigest'));
    expect(await refusal(get('wrong'))).toBe('404 NoSuchKey');
  });

  test('a checksum or an MD5 that is none', async () => {
    expect(await refusal(put('none', 'hello', { ChecksumSHA256: 'abc' }))).toBe('400 InvalidRequest');
    expect(await refusal(put('none', 'hello', { ContentMD5: 'abc' }))).toBe('400 InvalidDigest');
    const two = { 'x-amz-checksum-crc32': 'AAAAAA==', 'x-amz-checksum-crc32c': 'AAAAAA==' };
    expect(await answerOf(`${url}/none`, { method: 'PUT', headers: two, body: '' })).toBe(
      '400 InvalidRequest',
    );
    const unsaid = { 'x-amz-sdk-checksum-algorithm': 'CRC32' };
    expect(await answerOf(`${url}/none`, { method: 'PUT', headers: unsaid, body: '' })).toBe(
      '400 InvalidRequest',
    );
  });

  test('what this server does not know, by its name', async () => {
    const unknown = {
      'x-amz-object-lock-mode': 'GOVERNANCE',
      'x-amz-server-side-encryption': 'aws:kms',
      'x-amz-website-redirect-location': '/',
      'if-modified-since': new Date(0).toUTCString(),
      'if-none-match': '"abc"',
    };
    await Promise.all(
      Object.entries(unknown).map(async ([name, value]) => {
        const answer = await fetch(`${url}/unknown`, {
          method: 'PUT',
          headers: { [name]: value },
          body: 'x',
        });
        expect([answer.status, await answer.text()]).toEqual([501, expect.stringContaining(name)]);
      }),
    );
    expect(await answerOf(`${url}/unknown?acl`, { method: 'PUT', body: '' })).toBe('501 NotImplemented');
    expect(await answerOf(`${url}/unknown?restore`, { method: 'POST', body: '' })).toBe('501 NotImplemented');
    expect(await answerOf(`${url}?website`)).toBe('501 NotImplemented');
    expect(await answerOf(`${url}/unknown`, { method: 'PATCH' })).toBe('405 MethodNotAllowed');
    expect(await answerOf(`${url}/unknown`)).toBe('404 NoSuchKey');
  });

  test('a key beyond 1,024 bytes, metadata beyond 2 KB, a body without a length', async () => {
    expect(await refusal(put('ü'.repeat(513), 'x'))).toBe('400 KeyTooLongError');
    await put('ü'.repeat(512), 'x');
    expect(await refusal(put('meta', 'x', { Metadata: { a: 'x'.repeat(2048) } }))).toBe(
      '400 MetadataTooLarge',
    );
    const body = Readable.from([Buffer.from('x')]);
    // Node asks for `duplex` where a body is a stream; the type of its options does not have it.
    const init = { method: 'PUT', body, duplex: 'half' } as RequestInit;
    expect(await answerOf(`${url}/endless`, init)).toBe('411 MissingContentLength');
    expect(await answerOf(`${url}/%E0%A4%A`)).toBe('400 InvalidURI');
  });

  test('chunks that do not add up: 400', async () => {
    const send = (body: string, length: number, trailer = 'x-amz-checksum-crc32'): Promise<string> =>
      answerOf(`${url}/chunks`, {
        method: 'PUT',
        headers: {
          'content-encoding': 'aws-chunked',
          'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
          'x-amz-decoded-content-length': String(length),
          'x-amz-trailer': trailer,
        },
        body,
      });
    expect(await send('5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n', 5)).toBe('200');
    expect(await send('5\r\nhello\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n', 5)).toBe('400 BadDigest');
    expect(await send('5\r\nhello\r\n0\r\n\r\n', 5)).toBe('400 InvalidRequest');
    expect(await send('5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n', 6)).toBe(
      '400 IncompleteBody',
    );
    expect(await send('5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n', 4)).toBe(
      '400 IncompleteBody',
    );
    expect(await send('4\r\nhello\r\n0\r\n\r\n', 5)).toBe('400 InvalidRequest');
    expect(await send('5\r\nhel', 5)).toBe('400 IncompleteBody');
    expect(await send('z\r\nhello\r\n0\r\n\r\n', 5)).toBe('400 InvalidRequest');
    expect(await send('5\r\nhello\r\n0\r\nx-amz-checksum-md5:x\r\n\r\n', 5, 'x-amz-checksum-md5')).toBe(
      '400 InvalidRequest',
    );
    expect(await (await fetch(`${url}/chunks`)).text()).toBe('hello');
  });
});

describe('reads', () => {
  test('an object comes back as it was put, with all that was said of it', async () => {
    const told = {
      CacheControl: 'max-age=60',
      ContentDisposition: 'inline',
      ContentEncoding: 'gzip',
      ContentLanguage: 'de',
      ContentType: 'text/plain',
      Metadata: { name: 'value', 'two-words': 'x y' },
    };
    const bytes = randomBytes(100_000);
    const pieces = Readable.from([bytes.subarray(0, 40_000), bytes.subarray(40_000)]);
    const { ETag } = await put('told', pieces, { ...told, ContentLength: bytes.length });
    expect(ETag).toBe(`"${createHash('md5').update(bytes).digest('hex')}"`);
    const answer = await get('told');
    expect(answer).toMatchObject({ ...told, ETag, ContentLength: bytes.length, AcceptRanges: 'bytes' });
    expect(bytes.equals((await answer.Body?.transformToByteArray()) ?? Buffer.alloc(0))).toBe(true);
    expect(answer.VersionId).toBeUndefined();
  });

  test.each(Object.values(Algorithms).filter((one) => /^(?:CRC|SHA1|SHA256)/u.test(one)))(
    'the %s of an object is kept, and told to who asks',
    async (ChecksumAlgorithm) => {
      const name = `Checksum${ChecksumAlgorithm}`;
      const stored = (await put('sum', 'hello', { ChecksumAlgorithm })) as unknown as Record<string, unknown>;
      expect(stored[name]).toMatch(/=$/u);
      expect(await head('sum', { ChecksumMode: 'ENABLED' })).toMatchObject({
        [name]: stored[name],
        ChecksumType: 'FULL_OBJECT',
      });
      expect(await head('sum')).not.toHaveProperty(name);
      const attributes = await served.client.send(
        new GetObjectAttributesCommand({ Bucket, Key: 'sum', ObjectAttributes: ['Checksum', 'ObjectSize'] }),
      );
      expect(attributes).toMatchObject({ ObjectSize: 5, Checksum: { [name]: stored[name] } });
    },
  );

  test('conditions: 304 for who has it, 412 for who wants another', async () => {
    const { ETag = '' } = await put('read', 'x');
    const { LastModified = new Date(0) } = await head('read');
    const day = 86_400_000;
    expect(await refusal(get('read', { IfNoneMatch: ETag }))).toMatch(/^304/u);
    expect(await refusal(get('read', { IfModifiedSince: LastModified }))).toMatch(/^304/u);
    expect(await refusal(get('read', { IfMatch: '"other"' }))).toBe('412 PreconditionFailed');
    expect(await refusal(get('read', { IfUnmodifiedSince: new Date(+LastModified - day) }))).toBe(
      '412 PreconditionFailed',
    );
    // The tag is the stronger of the two.
    await get('read', { IfMatch: ETag, IfUnmodifiedSince: new Date(+LastModified - day) });
    expect(
      await refusal(get('read', { IfNoneMatch: ETag, IfModifiedSince: new Date(+LastModified - day) })),
    ).toMatch(/^304/u);
  });

  test('ranges: 206 with what was asked, 416 behind the end', async () => {
    await put('digits', '0123456789');
    const part = async (Range: string): Promise<[string | undefined, string | undefined]> => {
      const { ContentRange, Body } = await get('digits', { Range });
      return [ContentRange, await Body?.transformToString()];
    };
    expect(await part('bytes=2-4')).toEqual(['bytes 2-4/10', '234']);
    expect(await part('bytes=8-99')).toEqual(['bytes 8-9/10', '89']);
    expect(await part('bytes=-3')).toEqual(['bytes 7-9/10', '789']);
    expect(await part('bytes=5-')).toEqual(['bytes 5-9/10', '56789']);
    expect(await part('bytes=4-2')).toEqual([undefined, '0123456789']);
    expect(await refusal(get('digits', { Range: 'bytes=10-' }))).toBe('416 InvalidRange');
    expect(await refusal(get('digits', { Range: 'bytes=-0' }))).toBe('416 InvalidRange');
  });

  test('who reads is not disturbed by who replaces or deletes', async () => {
    const bytes = randomBytes(8 * 1024 * 1024);
    await put('read on', bytes);
    const { Body } = await get('read on');
    await put('read on', 'other');
    await remove('read on');
    expect(bytes.equals((await Body?.transformToByteArray()) ?? Buffer.alloc(0))).toBe(true);
  });
});

test('DeleteObjects deletes what it can, and says for each key what became of it', async () => {
  const { ETag } = await put('many a', 'x');
  await put('many & b', 'x');
  const answer = await served.client.send(
    new DeleteObjectsCommand({
      Bucket,
      Delete: {
        Objects: [
          { Key: 'many a', ETag: '"other"' },
          { Key: 'many & b' },
          { Key: 'not there' },
          { Key: 'not there', ETag },
        ],
      },
    }),
  );
  expect(answer.Deleted).toEqual([{ Key: 'many & b' }, { Key: 'not there' }]);
  expect(answer.Errors?.map(({ Key, Code }) => [Key, Code])).toEqual([
    ['many a', 'PreconditionFailed'],
    ['not there', 'NoSuchKey'],
  ]);
  const bad = {
    method: 'POST',
    headers: { 'content-md5': createHash('md5').update('<Delete/>').digest('base64') },
  };
  expect(await answerOf(`${url}?delete`, { ...bad, body: '<Delete/>' })).toBe('400 MalformedXML');
  expect(await answerOf(`${url}?delete`, { method: 'POST', body: '<Delete/>' })).toBe('400 InvalidRequest');
});
