/** What the S3 documentation promises of buckets, and what they are told: CORS, policies, notifications, lifecycles. */
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteBucketPolicyCommand,
  DeleteObjectCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketNotificationConfigurationCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  PutBucketCorsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { QueueConfiguration } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { answerOf, Bucket, refusal, serve } from './client.fixture.ts';
import type { Served } from './client.fixture.ts';
import type { S3Notification } from './notification.ts';

let served: Served;
let told: S3Notification[] = [];
beforeAll(async () => {
  served = await serve({ onEvent: (notification) => void told.push(notification) });
});
afterAll(() => served[Symbol.asyncDispose]());

const put = (Key: string, extra: object = {}): Promise<unknown> =>
  served.client.send(new PutObjectCommand({ Bucket, Key, Body: 'x', ...extra }));

test('names that are none, buckets that are not there or not empty', async () => {
  const create = (name: string): Promise<string> =>
    refusal(served.client.send(new CreateBucketCommand({ Bucket: name })));
  for (const name of ['ab', 'Upper', 'a..b', '-ab', 'a_b', '127.0.0.1', 'xn--abc', 'x'.repeat(64)])
    // oxlint-disable-next-line no-await-in-loop -- a few names
    expect([name, await create(name)]).toEqual([name, '400 InvalidBucketName']);
  expect(await create('made')).toBe('not refused');
  expect(await refusal(served.client.send(new HeadBucketCommand({ Bucket: 'not-there' })))).toBe(
    '404 NotFound',
  );
  await served.client.send(new PutObjectCommand({ Bucket: 'made', Key: 'x', Body: '' }));
  const drop = new DeleteBucketCommand({ Bucket: 'made' });
  expect(await refusal(served.client.send(drop))).toBe('409 BucketNotEmpty');
  await served.client.send(new DeleteObjectCommand({ Bucket: 'made', Key: 'x' }));
  await served.client.send(drop);
  expect(await refusal(served.client.send(drop))).toBe('404 NoSuchBucket');
  const { Buckets = [] } = await served.client.send(new ListBucketsCommand({}));
  expect(Buckets.map(({ Name }) => Name)).toEqual([Bucket]);
});

const policy = (statement: object): Promise<unknown> =>
  served.client.send(
    new PutBucketPolicyCommand({
      Bucket,
      Policy: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
    }),
  );

describe('policies', () => {
  const everything = { Principal: '*', Resource: `arn:aws:s3:::${Bucket}/*` };

  test('what this server cannot hold is refused by its name, not passed over', async () => {
    const deny = { Effect: 'Deny', Action: 's3:PutObject', ...everything };
    expect(await refusal(policy({ ...deny, Condition: { IpAddress: { 'aws:SourceIp': '1.2.3.4' } } }))).toBe(
      '501 NotImplemented',
    );
    expect(await refusal(policy({ ...deny, Condition: { Null: { 's3:other': 'true' } } }))).toBe(
      '501 NotImplemented',
    );
    expect(await refusal(policy({ ...deny, Principal: { AWS: 'arn:aws:iam::1:root' } }))).toBe(
      '501 NotImplemented',
    );
    expect(await refusal(policy({ ...deny, Effect: 'Maybe' }))).toBe('400 MalformedPolicy');
    expect(await refusal(served.client.send(new PutBucketPolicyCommand({ Bucket, Policy: '{' })))).toBe(
      '400 MalformedPolicy',
    );
  });

  test('a document without a version is one of 2008, a version that was never there is none', async () => {
    const statement = { Effect: 'Allow', Action: 's3:GetObject', ...everything };
    const given = (document: object): Promise<unknown> =>
      served.client.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify(document) }));
    expect(await refusal(given({ Statement: [statement] }))).toBe('not refused');
    expect(await refusal(given({ Version: '2020-01-01', Statement: [statement] }))).toBe(
      '400 MalformedPolicy',
    );
    await served.client.send(new DeleteBucketPolicyCommand({ Bucket }));
  });

  test('writes can be made to be conditional; parts of uploads are not asked for the condition', async () => {
    await policy({
      Effect: 'Deny',
      Action: 's3:PutObject',
      ...everything,
      Condition: { Null: { 's3:if-none-match': 'true' }, Bool: { 's3:ObjectCreationOperation': 'true' } },
    });
    expect(await refusal(put('policed'))).toBe('403 AccessDenied');
    await put('policed', { IfNoneMatch: '*' });
    const upload = { Bucket, Key: 'policed upload' };
    const { UploadId } = await served.client.send(new CreateMultipartUploadCommand(upload));
    const { ETag } = await served.client.send(
      new UploadPartCommand({ ...upload, UploadId, PartNumber: 1, Body: 'x' }),
    );
    const complete = { ...upload, UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] } };
    expect(await refusal(served.client.send(new CompleteMultipartUploadCommand(complete)))).toBe(
      '403 AccessDenied',
    );
    await served.client.send(new CompleteMultipartUploadCommand({ ...complete, IfNoneMatch: '*' }));
    await served.client.send(new DeleteBucketPolicyCommand({ Bucket }));
    await put('policed');
  });

  test('everybody may read what a policy lets everybody read, and nothing else', async () => {
    await put('public/a');
    await put('private/a');
    await policy({
      Effect: 'Allow',
      Action: 's3:GetObject',
      Principal: '*',
      Resource: `arn:aws:s3:::${Bucket}/public/*`,
    });
    const url = `${served.s3.endpoint}/${Bucket}`;
    expect(await answerOf(`${url}/public/a`)).toBe('200');
    expect(await answerOf(`${url}/private/a`)).toBe('403 AccessDenied');
    expect(await answerOf(`${url}/public/a`, { method: 'PUT', body: 'x' })).toBe('403 AccessDenied');
    await served.client.send(new DeleteBucketPolicyCommand({ Bucket }));
    expect(await answerOf(`${url}/public/a`)).toBe('403 AccessDenied');
  });
});

test('CORS: a browser is told what the rules allow, and nothing where none does', async () => {
  const url = `${served.s3.endpoint}/${Bucket}/cors`;
  const ask = (origin: string, method: string, headers = 'Content-Type'): Promise<Response> =>
    fetch(url, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': method, 'access-control-request-headers': headers },
    });
  expect((await ask('https://app.example.com', 'PUT')).status).toBe(403);
  const rule = {
    AllowedOrigins: ['https://*.example.com'],
    AllowedMethods: ['PUT'],
    AllowedHeaders: ['content-*'],
    ExposeHeaders: ['ETag'],
    MaxAgeSeconds: 60,
  };
  const cors = (extra: object): Promise<string> =>
    refusal(
      served.client.send(
        new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules: [{ ...rule, ...extra }] } }),
      ),
    );
  expect(await cors({ AllowedMethods: ['PATCH'] })).toBe('400 InvalidRequest');
  expect(await cors({ AllowedOrigins: ['*.*'] })).toBe('400 InvalidRequest');
  expect(await cors({})).toBe('not refused');

  const allowed = await ask('https://app.example.com', 'PUT');
  expect(allowed.status).toBe(200);
  expect(Object.fromEntries(allowed.headers)).toMatchObject({
    'access-control-allow-origin': 'https://app.example.com',
    'access-control-allow-methods': 'PUT',
    'access-control-allow-headers': 'Content-Type',
    'access-control-max-age': '60',
    vary: expect.stringContaining('Origin') as string,
  });
  expect((await ask('https://app.example.org', 'PUT')).status).toBe(403);
  expect((await ask('https://app.example.com', 'DELETE')).status).toBe(403);
  expect((await ask('https://app.example.com', 'PUT', 'x-amz-meta-a')).status).toBe(403);
  // A refused request must be readable too, or the page cannot say why.
  const denied = await fetch(url, {
    method: 'PUT',
    headers: { origin: 'https://app.example.com' },
    body: 'x',
  });
  expect(denied.status).toBe(403);
  expect(denied.headers.get('access-control-allow-origin')).toBe('https://app.example.com');
  expect(denied.headers.get('access-control-expose-headers')).toBe('ETag');
  const foreign = await fetch(url, {
    method: 'PUT',
    headers: { origin: 'https://other.example.org' },
    body: 'x',
  });
  expect(foreign.headers.get('access-control-allow-origin')).toBeNull();
});

const queue = (extra: Partial<QueueConfiguration> = {}): QueueConfiguration => ({
  QueueArn: 'arn:aws:sqs:us-east-1:000000000000:jobs',
  Events: ['s3:ObjectCreated:*'],
  ...extra,
});
const configure = (...QueueConfigurations: QueueConfiguration[]): Promise<unknown> =>
  served.client.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket,
      NotificationConfiguration: { QueueConfigurations },
    }),
  );

describe('notifications', () => {
  test('events that are none, and two configurations for the same', async () => {
    expect(await refusal(configure(queue({ Events: ['s3:Nonsense' as 's3:ObjectCreated:*'] })))).toBe(
      '400 InvalidArgument',
    );
    expect(await refusal(configure(queue(), queue({ Events: ['s3:ObjectCreated:Put'] })))).toBe(
      '400 InvalidArgument',
    );
    expect(await refusal(configure(queue({ QueueArn: 'jobs' })))).toBe('400 InvalidArgument');
  });

  test('each change is told once, in the form of S3, with the targets that want it', async () => {
    await configure(
      queue({ Id: 'photos', Filter: { Key: { FilterRules: [{ Name: 'prefix', Value: 'photos/' }] } } }),
    );
    const { QueueConfigurations } = await served.client.send(
      new GetBucketNotificationConfigurationCommand({ Bucket }),
    );
    expect(QueueConfigurations).toMatchObject([{ Id: 'photos', Events: ['s3:ObjectCreated:*'] }]);
    told = [];
    await put('photos/a b+ü.jpg');
    await put('other');
    await served.client.send(new DeleteObjectCommand({ Bucket, Key: 'photos/a b+ü.jpg' }));
    await served.client.send(new DeleteObjectCommand({ Bucket, Key: 'not there' }));
    await refusal(put('other', { IfNoneMatch: '*' }));
    expect(told.map(({ name, key, targets }) => [name, key, targets.map(({ id }) => id)])).toEqual([
      ['ObjectCreated:Put', 'photos/a b+ü.jpg', ['photos']],
      ['ObjectCreated:Put', 'other', []],
      ['ObjectRemoved:Delete', 'photos/a b+ü.jpg', []],
    ]);
    const [created, , removed] = told;
    expect(created?.record).toMatchObject({
      eventVersion: '2.1',
      eventSource: 'aws:s3',
      awsRegion: 'us-east-1',
      eventName: 'ObjectCreated:Put',
      s3: {
        s3SchemaVersion: '1.0',
        bucket: { name: Bucket, arn: `arn:aws:s3:::${Bucket}` },
        object: {
          key: 'photos/a+b%2B%C3%BC.jpg',
          size: 1,
          eTag: '9dd4e461268c8034f5c8564e155c67a6',
          sequencer: expect.stringMatching(/^[\dA-F]{16}$/u) as string,
        },
      },
    });
    expect(created?.record.s3.object).not.toHaveProperty('versionId');
    expect(Object.keys(removed?.record.s3.object ?? {}).toSorted()).toEqual(['key', 'sequencer']);
    const [before = '', after = ''] = [created, removed].map((one) => one?.record.s3.object.sequencer);
    expect(before < after).toBe(true);
  });
});

test('a lifecycle configuration is checked, kept and told', async () => {
  const setRule = (rule: object): Promise<unknown> =>
    served.client.send(
      new PutBucketLifecycleConfigurationCommand({
        Bucket,
        LifecycleConfiguration: {
          Rules: [{ Status: 'Enabled', Filter: { Prefix: 'a/' }, ...rule }],
        },
      }),
    );
  const asked = new GetBucketLifecycleConfigurationCommand({ Bucket });
  expect(await refusal(served.client.send(asked))).toBe('404 NoSuchLifecycleConfiguration');
  expect(await refusal(setRule({}))).toBe('400 InvalidRequest');
  await setRule({ Expiration: { Days: 1 } });
  expect((await served.client.send(asked)).Rules).toMatchObject([
    {
      Status: 'Enabled',
      Filter: { Prefix: 'a/' },
      Expiration: { Days: 1 },
      ID: expect.any(String) as string,
    },
  ]);
});
