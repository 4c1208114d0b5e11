import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { readTemplate } from '../read.ts';
import { cloudFormation, read, sam, told } from '../template.fixture.ts';
import { findSource } from './source.ts';

const template = (metadata: string, code: string, handler: string): string =>
  `Transform: AWS::Serverless-2016-10-31\nResources:\n  A:\n    Type: AWS::Serverless::Function\n    Metadata: ${metadata}\n    Properties: { Runtime: nodejs24.x, CodeUri: ${code}, Handler: ${handler} }\n`;
const declare = (properties: string): string =>
  `Resources:\n  A: { Type: AWS::DynamoDB::Table, Properties: { ${properties} } }`;

describe('functions', () => {
  test.each([
    ['Timeout: 0', '"Timeout" must be a whole number from 1 to 900 seconds, got "0"'],
    ['Timeout: !Ref AWS::Region', '"Timeout" must be a whole number from 1 to 900 seconds, got "eu-west-1"'],
    ['MemorySize: 10241', '"MemorySize" must be a whole number from 128 to 10240 MB, got "10241"'],
    [
      'FunctionName: a b',
      '"FunctionName" must be up to 64 letters, digits, hyphens and underscores, got "a b"',
    ],
    [
      'Environment: { Variables: { AWS_REGION: a } }',
      'environment variable "AWS_REGION" is Lambda\'s own, it refuses it',
    ],
    ['Environment: { Variables: { LIST: [a] } }', '"LIST" must be text, got a list of 1'],
    ['PackageType: Image', 'a function in an image is not played; give its source as sources'],
    ['InlineCode: exports.handler = 1', 'inline code is not played; give its source as sources'],
    [
      'EventInvokeConfig: { MaximumRetryAttempts: 3 }',
      '"MaximumRetryAttempts" must be a whole number from 0 to 2, got "3"',
    ],
    [
      'EventInvokeConfig: { MaximumEventAgeInSeconds: 59 }',
      '"MaximumEventAgeInSeconds" must be a whole number from 60 to 21600 seconds, got "59"',
    ],
    [
      'EventInvokeConfig: { DestinationConfig: { OnFailure: { Type: SQS } } }',
      'SAM would make the destination; declare it, here it is left out',
    ],
    [
      'DeadLetterQueue: { Type: SQS, TargetArn: arn:aws:sqs:eu-west-1:1:other }',
      '"TargetArn" is not of this template, left out: arn:aws:sqs:eu-west-1:1:other',
    ],
  ])('%s', async (property, message) => {
    expect(told(await read(sam('', property))).join('\n')).toContain(message);
  });

  test('have environments of 4 KB at most', async () => {
    const app = await read(sam('', `Environment: { Variables: { LONG: ${'x'.repeat(4096)} } }`));
    expect(told(app)).toEqual(['9 error Work: environment variables must not be over 4096 bytes, got 4107']);
  });

  test.each([
    ['Runtime: nodejs24.x', 'Runtime: python3.13', '"python3.13" is not played: only Node.js is'],
    ['Runtime: nodejs24.x', 'Description: x', '"Runtime" is missing'],
    ['Handler: app.handler', 'Description: x', '"Handler" is missing'],
    [
      'Handler: app.handler',
      'Handler: app',
      '"Handler" must be a module and an export, such as src/app.handler, got "app"',
    ],
    ['Handler: app.handler', 'Handler: ../app.handler', '"Handler" must be a module and an export'],
    [
      'Handler: app.handler',
      'Handler: other.handler',
      'no source for the handler "other.handler"; looked for other.{ts,mts}, other.{js,mjs,cjs}. Give its file with --source Work=… or the option sources',
    ],
    ['CodeUri: .', 'Description: x', '"CodeUri" is missing'],
  ])('%s replaced by %s', async (before, after, message) => {
    const app = await read(sam('').replace(before, after));
    expect(told(app)).toEqual([expect.stringContaining(message)]);
    expect(app.functions).toEqual([]);
  });

  const queue = 'Queue: { Type: AWS::SQS::Queue }';
  const config =
    'MaximumRetryAttempts: 1, MaximumEventAgeInSeconds: 60, DestinationConfig: { OnSuccess: { Destination: !GetAtt Queue.Arn }, OnFailure: { Destination: !GetAtt Queue.Arn } }';
  test.each([
    [
      'SAM',
      sam(
        queue,
        `EventInvokeConfig: { ${config} }\nDeadLetterQueue: { Type: SQS, TargetArn: !GetAtt Queue.Arn }`,
      ),
    ],
    [
      'CloudFormation',
      cloudFormation(
        `${queue}\nConfig: { Type: AWS::Lambda::EventInvokeConfig, Properties: { FunctionName: !Ref Work, Qualifier: $LATEST, ${config} } }`,
        'DeadLetterConfig: { TargetArn: !GetAtt Queue.Arn }',
      ),
    ],
  ])('say in %s what becomes of asynchronous invocations', async (_, text) => {
    const app = await read(text, { sources: { Work: 'app.ts' } });
    const arn = app.queues[0]?.arn;
    expect(told(app)).toEqual([]);
    expect(app.functions[0]?.asynchronous).toEqual({
      retries: 1,
      maximumAge: 60,
      onSuccess: arn,
      onFailure: arn,
      deadLetterArn: arn,
    });
  });
});

describe('the source of a handler', () => {
  let home: string;
  const file = (path: string): string => {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), '');
    return path;
  };
  beforeEach(() => void (home = mkdtempSync(join(tmpdir(), 'source-'))));
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  test.each([
    { rule: 'is the file that was given', files: ['a.ts', 'given.ts'], given: 'given.ts', found: 'given.ts' },
    {
      rule: 'TypeScript goes before JavaScript',
      files: ['src/a.js', 'src/a.mts'],
      folder: 'src',
      found: 'src/a.mts',
    },
    { rule: 'may be CommonJS', files: ['src/a.cjs'], folder: 'src', found: 'src/a.cjs' },
    {
      rule: 'stands beside what a build wrote',
      files: ['dist/a.js', 'src/a.ts'],
      folder: 'dist/',
      found: 'src/a.ts',
    },
    {
      rule: 'is what a build wrote where there is nothing else',
      files: ['dist/a.mjs'],
      folder: 'dist',
      found: 'dist/a.mjs',
    },
    {
      rule: 'stands beside where a build wrote a folder for each function',
      files: ['dist/a/a.js', 'src/a.ts'],
      folder: 'dist/a/',
      found: 'src/a.ts',
    },
    {
      rule: 'has a folder of its name there',
      files: ['src/one/a.ts', 'src/a.ts'],
      folder: 'dist/one',
      found: 'src/one/a.ts',
    },
    {
      rule: 'is no file beside a folder that no build wrote',
      files: ['src/a.ts'],
      folder: 'code',
      found: undefined,
    },
    {
      rule: 'stands in a folder of the handler',
      files: ['code/x/y.ts'],
      folder: 'code',
      handler: 'x/y.handler',
      found: 'code/x/y.ts',
    },
    {
      rule: 'is the entry point of its name',
      files: ['code/src/a.ts', 'code/src/b.ts'],
      folder: 'code',
      entries: ['src/b.ts', 'src/a.ts'],
      found: 'code/src/a.ts',
    },
    {
      rule: 'is the only entry point',
      files: ['code/src/b.ts'],
      folder: 'code',
      entries: ['src/b'],
      found: 'code/src/b.ts',
    },
    { rule: 'of an artefact stands beside the template', files: ['a.ts'], found: 'a.ts' },
    { rule: 'of an artefact stands in src', files: ['src/a.ts'], found: 'src/a.ts' },
    { rule: 'of an artefact stands above', files: ['../a.ts'], found: '../a.ts' },
    {
      rule: 'of an artefact stands in src above',
      files: ['../src/x/a.ts'],
      handler: 'dist/x/a.run.it',
      found: '../src/x/a.ts',
      exported: 'run.it',
    },
  ])(
    '$rule',
    ({ files, folder, given, entries = [], handler = 'a.handler', found, exported = 'handler' }) => {
      home = join(home, 'app');
      mkdirSync(home);
      for (const path of files) file(path);
      const source = findSource({ template: join(home, 'template.yaml'), handler, folder, entries, given });
      const was = 'file' in source ? [source.file, source.exported] : undefined;
      expect(was).toEqual(found && [join(home, found), exported]);
      home = dirname(home);
    },
  );

  test('is found by what SAM, CDK and others say of it', async () => {
    for (const path of ['code/src/work.ts', 'asset.1/index.js', `asset.${'a'.repeat(64)}/index.js`])
      file(path);
    for (const [metadata, code, handler, expected] of [
      [
        '{ BuildMethod: esbuild, BuildProperties: { EntryPoints: [src/work.ts] } }',
        'code/',
        'work.handler',
        'code/src/work.ts',
      ],
      ['{ SourcePath: src/work.ts }', 'code/', 'made.handler', 'code/src/work.ts'],
      ['{ "aws:asset:path": asset.1 }', '{ Bucket: b, Key: k }', 'index.handler', 'asset.1/index.js'],
    ] as const) {
      writeFileSync(join(home, 'template.yaml'), template(metadata, code, handler));
      // One after the other: they share the file.
      // oxlint-disable-next-line no-await-in-loop
      const app = await readTemplate(join(home, 'template.yaml'));
      expect(told(app)).toEqual([]);
      expect(relative(home, app.functions[0]?.source ?? '')).toBe(expected);
    }
    const plain = cloudFormation('')
      .replace('S3Key: code.zip', `S3Key: ${'a'.repeat(64)}.zip`)
      .replace('app.handler', 'index.handler');
    writeFileSync(join(home, 'template.yaml'), plain);
    expect((await readTemplate(join(home, 'template.yaml'))).functions[0]?.folder).toBe(
      join(home, `asset.${'a'.repeat(64)}`),
    );
  });
});

describe('tables', () => {
  const keys =
    'AttributeDefinitions: [{ AttributeName: id, AttributeType: S }], KeySchema: [{ AttributeName: id, KeyType: HASH }]';

  test.each([
    [keys, '"ProvisionedThroughput" is missing'],
    [
      'BillingMode: PAY_PER_REQUEST, AttributeDefinitions: []',
      '"KeySchema" must be a HASH key, or a HASH and then a RANGE key',
    ],
    [
      'BillingMode: PAY_PER_REQUEST, AttributeDefinitions: [], KeySchema: [{ AttributeName: id, KeyType: HASH }]',
      'key attribute "id" is not in AttributeDefinitions',
    ],
    [
      `BillingMode: PAY_PER_REQUEST, ${keys.replace('[{', '[{ AttributeName: more, AttributeType: S }, {')}`,
      'attribute "more" is no key of the table or an index; DynamoDB refuses it',
    ],
    [
      `BillingMode: PAY_PER_REQUEST, ${keys}, StreamSpecification: { StreamViewType: ALL }`,
      '"StreamViewType" must be one of KEYS_ONLY, NEW_IMAGE, OLD_IMAGE, NEW_AND_OLD_IMAGES, got "ALL"',
    ],
    [
      `BillingMode: PAY_PER_REQUEST, ${keys}, KinesisStreamSpecification: { StreamArn: x }`,
      '"KinesisStreamSpecification" is not played here, left out',
    ],
    [
      `BillingMode: PAY_PER_REQUEST, ${keys}, TableName: a!`,
      '"TableName" must be 3 to 255 letters, digits, "_", "-" and ".", got "a!"',
    ],
  ])('%s', async (properties, message) => {
    expect(told(await read(declare(properties)))).toEqual([expect.stringContaining(message)]);
  });

  test('are made with indexes, throughput, stream and expiry', async () => {
    const app = await read(
      declare(
        'AttributeDefinitions: [{ AttributeName: pk, AttributeType: S }, { AttributeName: sk, AttributeType: N }], KeySchema: [{ AttributeName: pk, KeyType: HASH }], ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 2 }, GlobalSecondaryIndexes: [{ IndexName: by, KeySchema: [{ AttributeName: sk, KeyType: HASH }], Projection: { ProjectionType: INCLUDE, NonKeyAttributes: [a] }, ProvisionedThroughput: { ReadCapacityUnits: 3, WriteCapacityUnits: 4 } }], TimeToLiveSpecification: { AttributeName: ttl, Enabled: true }, StreamSpecification: { StreamViewType: KEYS_ONLY }',
      ),
    );
    expect(told(app)).toEqual([]);
    expect(app.tables).toMatchObject([
      {
        expiresBy: 'ttl',
        streamArn: 'arn:aws:dynamodb:eu-west-1:123456789012:table/shop-A/stream/2000-01-01T00:00:00.000',
        create: {
          TableName: 'shop-A',
          BillingMode: 'PROVISIONED',
          ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 2 },
          GlobalSecondaryIndexes: [
            {
              IndexName: 'by',
              KeySchema: [{ AttributeName: 'sk', KeyType: 'HASH' }],
              Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['a'] },
              ProvisionedThroughput: { ReadCapacityUnits: 3, WriteCapacityUnits: 4 },
            },
          ],
          StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' },
        },
      },
    ]);
  });

  test("SAM's simple ones have a key of text called id unless they say otherwise", async () => {
    const app = await read(
      'Transform: AWS::Serverless-2016-10-31\nResources:\n  A: { Type: AWS::Serverless::SimpleTable }\n  B: { Type: AWS::Serverless::SimpleTable, Properties: { PrimaryKey: { Name: n, Type: Number } } }',
    );
    expect(told(app)).toEqual([]);
    expect(app.tables.map(({ create }) => [create['AttributeDefinitions'], create['BillingMode']])).toEqual([
      [[{ AttributeName: 'id', AttributeType: 'S' }], 'PAY_PER_REQUEST'],
      [[{ AttributeName: 'n', AttributeType: 'N' }], 'PAY_PER_REQUEST'],
    ]);
  });
});

describe('queues', () => {
  test.each([
    [
      'VisibilityTimeout: 43201',
      '"VisibilityTimeout" must be a whole number from 0 to 43200 seconds, got "43201"',
    ],
    ['FifoQueue: true, QueueName: a', 'a queue is FIFO if its name ends with .fifo, and only then'],
    ['QueueName: a.fifo', 'a queue is FIFO if its name ends with .fifo, and only then'],
    ['QueueName: a b', '"QueueName" must be up to 80 letters, digits, hyphens and underscores, got "a b"'],
    ['ContentBasedDeduplication: true', '"ContentBasedDeduplication" is for FIFO queues only'],
    [
      'RedrivePolicy: { deadLetterTargetArn: arn:aws:sqs:eu-west-1:1:none, maxReceiveCount: 3 }',
      '"deadLetterTargetArn" is no queue of this template',
    ],
    ['RedrivePolicy: { maxReceiveCount: 3 }', '"deadLetterTargetArn" is missing'],
    ['RedrivePolicy: { deadLetterTargetArn: !GetAtt Dead.Arn }', '"maxReceiveCount" is missing'],
    [
      'FifoQueue: true, RedrivePolicy: { deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 1 }',
      'the dead-letter queue of a FIFO queue is a FIFO queue',
    ],
  ])('%s', async (properties, message) => {
    const text = `Resources:\n  Dead: { Type: AWS::SQS::Queue }\n  A: { Type: AWS::SQS::Queue, Properties: { ${properties} } }`;
    expect(told(await read(text))).toEqual([expect.stringContaining(message)]);
  });
});

describe('buckets', () => {
  test('have policy, CORS and lifecycle as the API takes them', async () => {
    const app = await read(
      [
        'Resources:',
        '  A:',
        '    Type: AWS::S3::Bucket',
        '    Properties:',
        '      CorsConfiguration: { CorsRules: [{ AllowedOrigins: ["*"], AllowedMethods: [GET], ExposedHeaders: [etag], MaxAge: 5 }] }',
        '      LifecycleConfiguration: { Rules: [{ Id: old, Prefix: tmp/, Status: Enabled, ExpirationInDays: 3, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } }] }',
        '  P:',
        '    Type: AWS::S3::BucketPolicy',
        '    Properties: { Bucket: !Ref A, PolicyDocument: { Statement: [{ Effect: Deny, Resource: !GetAtt A.Arn }] } }',
      ].join('\n'),
    );
    expect(told(app)).toEqual([]);
    expect(app.buckets).toMatchObject([
      {
        policy: { Statement: [{ Effect: 'Deny', Resource: 'arn:aws:s3:::shop-a' }] },
        cors: {
          CORSRules: [
            { AllowedOrigins: ['*'], AllowedMethods: ['GET'], ExposeHeaders: ['etag'], MaxAgeSeconds: 5 },
          ],
        },
        lifecycle: {
          Rules: [
            {
              ID: 'old',
              Status: 'Enabled',
              Filter: { Prefix: 'tmp/' },
              Expiration: { Days: 3 },
              AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
            },
          ],
        },
      },
    ]);
  });

  test('have names that S3 takes', async () => {
    expect(
      told(await read('Resources:\n  A: { Type: AWS::S3::Bucket, Properties: { BucketName: My_Files } }')),
    ).toEqual([
      '2 error A: a bucket\'s name is 3 to 63 small letters, digits, hyphens and dots, got "My_Files"',
    ]);
  });
});
