/** A data folder outlives the process, however that ends; without one nothing is left behind. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import {
  AbortMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { Bucket, refusal, serve } from './client.fixture.ts';
import { startS3 } from './start.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handlersmith-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const left = (): string[] => readdirSync(join(folder, 's3-objects'));
const ours = (): string[] =>
  readdirSync(tmpdir()).filter((name) => name.startsWith(`handlersmith-s3-${process.pid}-`));

describe('what cannot start says why', () => {
  test('a port in use, a folder in use, a folder that is a file, a name that is none', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    await expect(startS3({ port })).rejects.toThrow(
      new RegExp(`cannot start on port ${port}.*EADDRINUSE`, 'u'),
    );
    other.close();
    await using s3 = await startS3({ folder });
    await expect(startS3({ folder })).rejects.toThrow(`in use by process ${process.pid}`);
    await s3.close();
    writeFileSync(join(folder, 'file'), '');
    await expect(startS3({ folder: join(folder, 'file') })).rejects.toThrow(/ENOTDIR|EEXIST/u);
    await expect(startS3({ buckets: ['No'] })).rejects.toThrow('not valid');
  });
});

test('everything is there again: objects, versions, uploads, configurations; and no byte that nobody needs', async () => {
  const at = { Bucket, Key: 'upload' };
  let UploadId: string | undefined;
  {
    await using served = await serve({ folder });
    const { client } = served;
    await client.send(new PutObjectCommand({ Bucket, Key: 'replaced', Body: 'one' }));
    await client.send(new PutObjectCommand({ Bucket, Key: 'replaced', Body: 'two' }));
    await client.send(new PutObjectCommand({ Bucket, Key: 'deleted', Body: 'x' }));
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'deleted' }));
    await refusal(
      client.send(new PutObjectCommand({ Bucket, Key: 'replaced', Body: 'x', IfNoneMatch: '*' })),
    );
    await client.send(
      new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }),
    );
    await client.send(new PutObjectCommand({ Bucket, Key: 'versioned', Body: 'v1' }));
    ({ UploadId } = await client.send(new CreateMultipartUploadCommand(at)));
    await client.send(new UploadPartCommand({ ...at, UploadId, PartNumber: 1, Body: 'part' }));
  }
  expect(left()).toHaveLength(3);
  writeFileSync(join(folder, 's3-objects', 'of a request that never ended'), 'x');
  await using served = await serve({ folder });
  expect(left()).toHaveLength(3);
  const { Body } = await served.client.send(new GetObjectCommand({ Bucket, Key: 'replaced' }));
  expect(await Body?.transformToString()).toBe('two');
  expect((await served.client.send(new GetObjectCommand({ Bucket, Key: 'versioned' }))).VersionId).toMatch(
    /^[\w.]{32}$/u,
  );
  expect((await served.client.send(new ListPartsCommand({ ...at, UploadId }))).Parts).toMatchObject([
    { Size: 4 },
  ]);
  await served.client.send(new AbortMultipartUploadCommand({ ...at, UploadId }));
  await expect.poll(left).toHaveLength(2);
});

test('after SIGKILL in the middle of writes, each one that was acknowledged is there, whole', async () => {
  const script = `
    import { startS3 } from ${JSON.stringify(join(import.meta.dirname, 'start.ts'))};
    const s3 = await startS3({ folder: ${JSON.stringify(folder)}, buckets: ['${Bucket}'] });
    console.log(JSON.stringify(s3.clientConfig));
  `;
  const child = spawn(
    process.execPath,
    ['--conditions=@handlersmith/source', '--input-type=module-typescript', '-e', script],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const ended = once(child, 'exit');
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const client = new S3Client({ ...(JSON.parse(String(line)) as object), maxAttempts: 1 });
  const acknowledged: string[] = [];
  const write = async (writer: number): Promise<void> => {
    for (let number = 0; ; number++) {
      const Key = `${writer}-${number}`;
      // oxlint-disable-next-line no-await-in-loop -- until the server is gone
      await client.send(new PutObjectCommand({ Bucket, Key, Body: Key.repeat(1000), IfNoneMatch: '*' }));
      acknowledged.push(Key);
      if (acknowledged.length === 100) child.kill('SIGKILL');
    }
  };
  await Promise.allSettled(Array.from({ length: 8 }, (_, writer) => write(writer)));
  client.destroy();
  await ended;
  expect(acknowledged.length).toBeGreaterThanOrEqual(100);

  await using served = await serve({ folder });
  const { Contents = [] } = await served.client.send(new ListObjectsV2Command({ Bucket }));
  expect(Contents.map(({ Key }) => Key)).toEqual(expect.arrayContaining(acknowledged));
  await Promise.all(
    Contents.map(async ({ Key = '' }) => {
      const { Body } = await served.client.send(new GetObjectCommand({ Bucket, Key }));
      expect(await Body?.transformToString()).toBe(Key.repeat(1000));
    }),
  );
});

test('a client that goes away in the middle of an upload leaves nothing', async () => {
  await using served = await serve({ folder, anonymous: true });
  const options = { method: 'PUT', headers: { 'content-length': 1024 * 1024 } };
  const upload = request(`${served.s3.endpoint}/${Bucket}/half`, options);
  upload.on('error', () => {});
  upload.write(Buffer.alloc(600 * 1024));
  await expect.poll(left).toHaveLength(1);
  upload.destroy();
  await expect.poll(left).toEqual([]);
});

test('who asks before sending is refused before sending', async () => {
  await using served = await serve({ anonymous: true });
  const headers = { 'content-length': 1024 * 1024, expect: '100-continue' };
  const upload = request(`${served.s3.endpoint}/not-there/key`, { method: 'PUT', headers });
  let sent = false;
  upload.on('continue', () => (sent = true));
  upload.flushHeaders();
  const [answer] = (await once(upload, 'response')) as [{ statusCode: number; resume: () => void }];
  answer.resume();
  expect([answer.statusCode, sent]).toEqual([404, false]);
  upload.destroy();
});

test('a large body goes through a temporary folder, not through memory, and leaves nothing', async () => {
  const size = 128 * 1024 * 1024;
  const piece = Buffer.alloc(1024 * 1024, 'x');
  // No system gives out ids as high as this.
  const stale = join(tmpdir(), 'handlersmith-s3-2147483646-stale');
  mkdirSync(stale, { recursive: true });
  {
    await using served = await serve();
    globalThis.gc?.();
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    function* pieces(): Generator<Buffer> {
      for (let sent = 0; sent < size; sent += piece.length) {
        most = Math.max(most, process.memoryUsage().arrayBuffers - before);
        yield piece;
      }
    }
    const Body = Readable.from(pieces());
    await served.client.send(new PutObjectCommand({ Bucket, Key: 'large', Body, ContentLength: size }));
    expect(most).toBeLessThan(size / 2);
    expect(ours()).toHaveLength(1);
    expect(existsSync(stale)).toBe(false);
    const { Body: answer, ContentLength } = await served.client.send(
      new GetObjectCommand({ Bucket, Key: 'large' }),
    );
    expect(ContentLength).toBe(size);
    let read = 0;
    // In Node a body is a stream.
    for await (const chunk of answer as Readable) read += (chunk as Buffer).length;
    expect(read).toBe(size);
  }
  expect(ours()).toEqual([]);
});
