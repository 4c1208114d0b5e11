import { join, resolve } from 'node:path';

import { describe, expect, test } from 'vitest';

import { readTemplate } from './read.ts';
import { told } from './template.fixture.ts';

const root = resolve(import.meta.dirname, '../../../..');
const templates = resolve(import.meta.dirname, '../../test/templates');
const itemsHandler = join(root, 'examples/items-api/src/handler.ts');

describe('items-api', () => {
  const everything = [
    {
      kind: 'http-api',
      stage: '$default',
      routes: [{ method: 'ANY', path: '$default', payloadVersion: '2.0' }],
    },
  ];

  test.each([
    { by: 'SAM', file: join(root, 'examples/items-api/template.yaml'), sources: {} },
    {
      by: 'CDK',
      file: join(templates, 'cdk/items-api.template.json'),
      sources: { Function76856677: itemsHandler },
    },
    {
      by: 'the Serverless Framework',
      file: join(templates, 'serverless/items-api/cloudformation-template-update-stack.json'),
      sources: { 'items-api-dev-items': itemsHandler },
    },
  ])('reads the same whether $by wrote it', async ({ file, sources }) => {
    const app = await readTemplate(file, { stackName: 'items', sources });
    expect(told(app)).toEqual([]);
    expect(app.gateways).toMatchObject(everything);
    const [items] = app.tables;
    expect(items?.create).toEqual({
      TableName: items?.name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    });
    expect(app.functions).toMatchObject([
      {
        source: itemsHandler,
        exported: 'handler',
        timeout: 10,
        memory: 512,
        environment: { TABLE_NAME: items?.name, ALLOWED_ORIGIN: 'https://app.example.com' },
      },
    ]);
    expect(app.gateways[0]?.routes[0]?.function).toBe(app.functions[0]?.id);
    expect(app.outputs['TableName']).toBe(items?.name);
  });

  test('a template that tools made names the source it misses', async () => {
    const app = await readTemplate(join(templates, 'cdk/items-api.template.json'));
    expect(told(app)).toEqual([
      expect.stringMatching(
        /^\d+ error Function76856677: no source for the handler "handler.handler"; looked for handler\.\{ts,mts\}, src/,
      ),
    ]);
  });
});

test("CDK's other shapes: notifications, mappings, rules, a REST API", async () => {
  const sources = Object.fromEntries(
    ['ThumbnailFBDDEB86', 'Worker11F36D0F', 'Changes510ED4B0', 'ReportC847FC22', 'RestHandler3CE75C23'].map(
      (id) => [id, itemsHandler],
    ),
  );
  const app = await readTemplate(join(templates, 'cdk/uploads.template.json'), { sources });
  expect(told(app)).toEqual([]);
  // The function behind CDK's own custom resource is not one of the app.
  expect(app.functions.map(({ id }) => id)).toEqual(Object.keys(sources));
  expect(app.triggers).toMatchObject([
    {
      type: 's3',
      function: 'ThumbnailFBDDEB86',
      events: ['s3:ObjectCreated:*'],
      prefix: 'in/',
      suffix: '.png',
    },
    { type: 'sqs', function: 'Worker11F36D0F', batchSize: 5, reportFailures: true },
    {
      type: 'dynamodb',
      function: 'Changes510ED4B0',
      startingPosition: 'TRIM_HORIZON',
      bisect: true,
      maximumRetries: 3,
    },
    { type: 'schedule', function: 'ReportC847FC22', by: 'rule', expression: 'cron(0 2 * * ? *)' },
  ]);
  expect(app.functions.find(({ id }) => id === 'ReportC847FC22')?.asynchronous).toEqual({
    retries: 1,
    maximumAge: 3600,
  });
  expect(app.functions[0]).toMatchObject({ timeout: 20, reservedConcurrency: 5 });
  expect(app.gateways).toMatchObject([
    {
      kind: 'rest-api',
      stage: 'prod',
      cors: { origins: ['https://app.example.com'], methods: ['GET', 'POST'] },
      routes: [{ method: 'GET', path: '/rows/{id}', function: 'RestHandler3CE75C23' }],
    },
  ]);
  expect(app.tables[0]?.expiresBy).toBe('expires');
});

test("the Serverless Framework's events", async () => {
  const app = await readTemplate(
    join(templates, 'serverless/triggers/cloudformation-template-update-stack.json'),
    { sources: { RestLambdaFunction: itemsHandler, QueueLambdaFunction: itemsHandler } },
  );
  expect(told(app)).toEqual([]);
  expect(
    app.gateways.map(({ kind, stage, routes }) => [
      kind,
      stage,
      ...routes.map(({ method, path }) => `${method} ${path}`),
    ]),
  ).toEqual([
    ['function-url', '$default', 'ANY $default'],
    ['rest-api', 'dev', 'GET /rows/{id}', 'POST /rows'],
    ['http-api', '$default', 'GET /a/{id}'],
  ]);
  expect(app.triggers).toMatchObject([
    { type: 's3', events: ['s3:ObjectCreated:*'], prefix: 'in/', suffix: '.jpg' },
    { type: 'schedule', by: 'rule', expression: 'rate(1 hour)' },
    { type: 'schedule', by: 'rule', expression: 'cron(0 1 * * ? *)', input: '{"a":1}' },
    { type: 'sns', source: 'arn:aws:sns:us-east-1:000000000000:my-topic' },
    { type: 'dynamodb', batchSize: 7, startingPosition: 'LATEST' },
    { type: 'eventbridge', bus: 'default', pattern: { source: ['shop'] } },
    { type: 'sqs', batchSize: 5, reportFailures: true },
  ]);
  expect(app.functions.map(({ asynchronous }) => asynchronous.retries)).toEqual([2, 1]);
});

describe('templates as people write them', () => {
  test('an HTTP API and a table', async () => {
    const app = await readTemplate(join(templates, 'http-api-table/template.yaml'), { region: 'eu-west-1' });
    expect(told(app)).toEqual([]);
    expect(
      app.gateways[0]?.routes.map(({ method, path, function: id }) => `${method} ${path} ${id}`),
    ).toEqual(['GET / getAllItemsFunction', 'GET /{id} getByIdFunction', 'POST / putItemFunction']);
    expect(app.functions.map(({ source }) => source)).toEqual(
      ['get-all-items', 'get-by-id', 'put-item'].map((name) =>
        join(templates, `http-api-table/src/${name}.ts`),
      ),
    );
    expect(app.functions[2]?.environment).toEqual({
      SAMPLE_TABLE: 'http-api-table-SampleTable',
      LARGEST_NAME: '50',
    });
    expect(app.outputs['WebEndpoint']).toBe(
      'https://http-api-table-ServerlessHttpApi.execute-api.eu-west-1.amazonaws.com/',
    );
  });

  test('a bucket and a queue', async () => {
    const app = await readTemplate(join(templates, 'bucket-queue/template.yaml'), {
      parameters: { QueueBatchSize: '3' },
      queueEndpoint: 'http://127.0.0.1:9324',
    });
    expect(told(app)).toEqual([]);
    expect(app.triggers).toMatchObject([
      {
        type: 's3',
        function: 'EnqueueFunction',
        bucket: 'UploadBucket',
        prefix: 'incoming/',
        suffix: '.txt',
      },
      { type: 'sqs', function: 'WorkFunction', batchSize: 3, reportFailures: true },
    ]);
    expect(app.functions[0]?.environment).toEqual({ QUEUE_URL: app.queues[0]?.url });
    expect(JSON.parse(app.queues[0]?.attributes['RedrivePolicy'] ?? '')).toEqual({
      deadLetterTargetArn: app.queues[1]?.arn,
      maxReceiveCount: 2,
    });
  });

  test.each([
    ['dev', 'rate(5 minutes)', 10, undefined],
    ['prod', 'rate(1 minute)', 100, 10],
  ])('a schedule and a stream, stage %s', async (stage, expression, batchSize, reservedConcurrency) => {
    const app = await readTemplate(join(templates, 'schedule-stream/template.yaml'), {
      parameters: { Stage: stage },
    });
    expect(told(app)).toEqual([]);
    expect(app.triggers).toMatchObject([
      { type: 'schedule', by: 'scheduler', function: 'MeasureFunction', expression, retries: 2 },
      { type: 'dynamodb', function: 'CountFunction', batchSize, filters: ['{"eventName":["INSERT"]}'] },
    ]);
    expect(app.functions.map(({ environment }) => environment['STAGE'])).toEqual([stage, stage]);
    expect(app.functions[1]?.reservedConcurrency).toBe(reservedConcurrency);
    expect(app.tables[0]).toMatchObject({ expiresBy: 'expiresAt' });
  });
});
