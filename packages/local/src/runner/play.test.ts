import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';

import { startAws } from '../aws/start.ts';
import type { LocalAws } from '../aws/start.ts';
import { serviceCall } from '../mapping/index.ts';
import type { LocalApp } from './local-app.ts';
import type { PlayOptions } from './options.ts';
import { playTemplate } from './play.ts';

let folder: string;
const playing: LocalApp[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handlersmith-play-'));
});
afterEach(async () => {
  await Promise.all(playing.splice(0).map((app) => app.stop()));
  rmSync(folder, { recursive: true, force: true });
});

/** Writes an app and plays it. The functions call services by their JSON protocols: an SDK would say no more. */
async function play(template: string, source: string, options: PlayOptions = {}): Promise<LocalApp> {
  writeFileSync(join(folder, 'template.yaml'), `Transform: AWS::Serverless-2016-10-31\n${template}`);
  writeFileSync(join(folder, 'handler.ts'), source);
  const app = await playTemplate(join(folder, 'template.yaml'), { retryDelay: 20, watch: false, ...options });
  playing.push(app);
  return app;
}

const lambda = (name: string, more: string): string => `
  ${name}:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs24.x
      CodeUri: .
      Handler: handler.${name.toLowerCase()}
${more}`;

/** In a function: a call of a service that passes on the trace, as an SDK does. */
const CALL = `
const call = async (service: string, target: string, input: unknown) => {
  const answer = await fetch(process.env['AWS_ENDPOINT_URL_' + service]!, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': target,
      authorization: 'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/x/aws4_request, SignedHeaders=host, Signature=0',
      'x-amz-date': '20260101T000000Z',
      'x-amzn-trace-id': process.env['_X_AMZN_TRACE_ID']!,
    },
    body: JSON.stringify(input),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
};
`;

async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + 15_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error('It did not come to that');
    // Looking again is the point.
    // oxlint-disable-next-line no-await-in-loop
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

const ended = (app: LocalApp, name: string): ReturnType<LocalApp['journal']['entries']> =>
  app.journal.entries().filter((entry) => entry.function === name && entry.result !== undefined);

test('a template with faults starts nothing and names all of them, with their lines', async () => {
  const failing = play(
    `Resources:${lambda('Api', '      Timeout: 901')}${lambda('Gone', '      Events: { A: { Type: SQS, Properties: { Queue: !GetAtt Nothing.Arn } } }')}`,
    'export const api = () => 1; export const gone = () => 1;',
  );
  await expect(failing).rejects.toMatchObject({ name: 'TemplateFault' });
  await expect(failing).rejects.toThrow(/template\.yaml:\d+: .*901[^]*template\.yaml:\d+: .*Nothing/u);
});

test('a port in use is named, and what had started is ended', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  const { port } = taken.address() as { port: number };
  await expect(
    play(
      `Resources:${lambda('Api', '      Events: { Any: { Type: HttpApi } }')}`,
      'export const api = () => ({ statusCode: 200 });',
      { ports: { ServerlessHttpApi: port } },
    ),
  ).rejects.toThrow(`${port}`);
  taken.close();
});

test('one request leads through table, stream, queue and dead-letter queue, each knowing what caused it', async () => {
  const app = await play(
    `Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{ AttributeName: pk, AttributeType: S }]
      KeySchema: [{ AttributeName: pk, KeyType: HASH }]
      BillingMode: PAY_PER_REQUEST
      StreamSpecification: { StreamViewType: NEW_AND_OLD_IMAGES }
  Dead: { Type: AWS::SQS::Queue }
  Work:
    Type: AWS::SQS::Queue
    Properties:
      VisibilityTimeout: 1
      RedrivePolicy: { deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 2 }
${lambda(
  'Api',
  `      Environment: { Variables: { TABLE: !Ref Orders } }
      Events: { Post: { Type: HttpApi, Properties: { Path: '/orders/{id}', Method: POST } } }`,
)}
${lambda(
  'Changes',
  `      Environment: { Variables: { QUEUE: !Ref Work } }
      Events: { Stream: { Type: DynamoDB, Properties: { Stream: !GetAtt Orders.StreamArn, StartingPosition: LATEST, BatchSize: 10 } } }`,
)}
${lambda(
  'Worker',
  `      Timeout: 1
      Events: { Queue: { Type: SQS, Properties: { Queue: !GetAtt Work.Arn, FunctionResponseTypes: [ReportBatchItemFailures] } } }`,
)}`,
    `${CALL}
export const api = async (event: any) => {
  await call('DYNAMODB', 'DynamoDB_20120810.PutItem', { TableName: process.env['TABLE'], Item: { pk: { S: event.pathParameters.id } } });
  return { statusCode: 201, body: event.pathParameters.id };
};
export const changes = async (event: any) => {
  for (const record of event.Records)
    await call('SQS', 'AmazonSQS.SendMessage', { QueueUrl: process.env['QUEUE'], MessageBody: record.dynamodb.Keys.pk.S });
};
export const worker = async (event: any) => ({
  batchItemFailures: event.Records.filter((record: any) => record.body === 'bad').map((record: any) => ({ itemIdentifier: record.messageId })),
});`,
  );
  const url = app.urls['ServerlessHttpApi'] ?? '';
  expect(await (await fetch(`${url}/orders/good`, { method: 'POST' })).text()).toBe('good');
  await until(() => ended(app, 'Worker').length === 1);
  const [api] = ended(app, 'Api');
  const [changes] = ended(app, 'Changes');
  const [worker] = ended(app, 'Worker');
  expect(changes?.causes).toEqual([api?.requestId]);
  expect(worker?.causes).toEqual([changes?.requestId]);
  await app.idle();

  expect((await fetch(`${url}/orders/bad`, { method: 'POST' })).status).toBe(201);
  const dead = app.app.queues.find(({ id }) => id === 'Dead')?.name ?? '';
  await until(() => (app.aws.sqs.queue(dead)?.messages().length ?? 0) === 1);
  expect(app.journal.notes()).toContainEqual(
    expect.objectContaining({
      kind: 'dead-letter',
      text: expect.stringMatching(/ → .*: bad$/u),
      causes: [ended(app, 'Changes').at(-1)?.requestId],
    }),
  );
  expect(app.aws.sqs.queue(dead)?.messages()[0]?.body).toBe('bad');
  expect(ended(app, 'Worker').map(({ attempt }) => attempt)).toEqual([1, 1, 2]);
}, 30_000);

test('Q5 as many batches run side by side as the template allows, more than there are environments else', async () => {
  const app = await play(
    `Resources:
  Work: { Type: AWS::SQS::Queue, Properties: { QueueName: work, VisibilityTimeout: 60 } }
${lambda(
  'Worker',
  `      Timeout: 20
      Environment: { Variables: { ROOM: '${folder}/room' } }
      Events: { Queue: { Type: SQS, Properties: { Queue: !GetAtt Work.Arn, BatchSize: 1, ScalingConfig: { MaximumConcurrency: 12 } } } }`,
)}`,
    `import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
export const worker = async (event: any) => {
  const room = process.env['ROOM']!;
  mkdirSync(room, { recursive: true });
  writeFileSync(room + '/' + event.Records[0].messageId, '');
  while (readdirSync(room).length < 12) await new Promise((resolve) => setTimeout(resolve, 20));
};`,
  );
  for (let n = 0; n < 12; n += 1) app.aws.sqs.queue('work')?.send({ MessageBody: String(n) });
  await until(() => ended(app, 'Worker').length === 12);
  expect(ended(app, 'Worker').map(({ result }) => result?.ok)).toEqual(
    Array.from({ length: 12 }, () => true),
  );
}, 30_000);

test('S1 S4 a file that is put invokes with an encoded key, and what throws is tried twice more', async () => {
  const app = await play(
    `Resources:
  Files: { Type: AWS::S3::Bucket, Properties: { BucketName: files } }
${lambda(
  'Thumb',
  `      EventInvokeConfig: { DestinationConfig: { OnFailure: { Type: SQS, Destination: !GetAtt Lost.Arn } } }
      Events: { Put: { Type: S3, Properties: { Bucket: !Ref Files, Events: 's3:ObjectCreated:*', Filter: { S3Key: { Rules: [{ Name: prefix, Value: in/ }] } } } } }`,
)}
  Lost: { Type: AWS::SQS::Queue, Properties: { QueueName: lost } }`,
    `export const thumb = async (event: any) => {
  console.log('key ' + event.Records[0].s3.object.key);
  if (event.Records[0].s3.object.key.includes('bad')) throw new Error('no picture');
};`,
  );
  await app.s3('PUT', '/files/in/a%20b.jpg', { body: 'x' });
  await app.s3('PUT', '/files/other.jpg', { body: 'x' });
  await until(() => ended(app, 'Thumb').length === 1);
  expect(
    ended(app, 'Thumb')[0]
      ?.logs.map(({ text }) => text)
      .join('\n'),
  ).toContain('key in/a+b.jpg');

  await app.s3('PUT', '/files/in/bad.jpg', { body: 'x' });
  await until(() => (app.aws.sqs.queue('lost')?.messages().length ?? 0) === 1);
  expect(ended(app, 'Thumb').map(({ attempt }) => attempt)).toEqual([1, 1, 2, 3]);
  expect(JSON.parse(app.aws.sqs.queue('lost')?.messages()[0]?.body ?? '')).toMatchObject({
    requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 3 },
    responsePayload: { errorMessage: 'no picture' },
  });
}, 30_000);

test('a bucket has the CORS and lifecycle rules of the template', async () => {
  const app = await play(
    `Resources:
  Files:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: files
      CorsConfiguration: { CorsRules: [{ AllowedOrigins: ['https://a.example', 'https://b.example'], AllowedMethods: [GET], ExposedHeaders: [etag], MaxAge: 5 }] }
      LifecycleConfiguration: { Rules: [{ Id: old, Prefix: tmp/, Status: Enabled, ExpirationInDays: 3, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } }] }`,
    '',
  );
  const read = async (name: string): Promise<string> =>
    (await app.s3('GET', '/files', { query: { [name]: '' } })).body.toString();
  expect(await read('cors')).toMatch(
    /<AllowedOrigin>https:\/\/b\.example<.*<ExposeHeader>etag<.*<MaxAgeSeconds>5</u,
  );
  expect(await read('lifecycle')).toMatch(/<ID>old<.*<Prefix>tmp\/<.*<Days>3<.*<DaysAfterInitiation>1</u);
});

test('C1 schedules follow the clock, and fire by hand for any slot', async () => {
  const app = await play(
    `Resources:${lambda(
      'Report',
      `      Events:
        Nightly: { Type: Schedule, Properties: { Schedule: cron(0 2 * * ? *) } }
        Weekly: { Type: ScheduleV2, Properties: { ScheduleExpression: cron(0 9 ? * MON *), ScheduleExpressionTimezone: Europe/Berlin } }`,
    )}`,
    'export const report = (event: any) => event.time ?? event;',
  );
  const nightly = [...app.schedules].find(([id]) => id.includes('Nightly'));
  const slot = nightly?.[1].next();
  expect(slot?.getUTCHours()).toBe(2);
  app.clock.moveTo(new Date((slot?.getTime() ?? 0) + 1_000));
  await until(() => ended(app, 'Report').length >= 1);
  expect(ended(app, 'Report')[0]?.event).toContain(slot?.toISOString().slice(0, 19));
  await nightly?.[1].fire(new Date('2026-01-01T02:00:00Z'));
  expect(ended(app, 'Report').at(-1)?.event).toContain('2026-01-01T02:00:00Z');
});

test('functions live in the time of the clock', async () => {
  const app = await play(`Resources:${lambda('Time', '')}`, 'export const time = () => Date.now();');
  const now = async (): Promise<number> => {
    const result = await app.invoke('Time', {});
    return result.ok ? Number(result.payload) : Number.NaN;
  };
  expect(Math.abs((await now()) - Date.now())).toBeLessThan(5000);
  app.clock.advance(86_400_000);
  expect(Math.abs((await now()) - app.clock.now())).toBeLessThan(5000);
});

test('two functions may have a schedule of the same name, and each is fired by its own', async () => {
  const nightly =
    '      Events: { Nightly: { Type: Schedule, Properties: { Schedule: cron(0 2 * * ? *) } } }';
  const app = await play(
    `Resources:${lambda('Report', nightly)}${lambda('Sweep', nightly)}`,
    'export const report = () => 1; export const sweep = () => 2;',
  );
  expect([...app.schedules.keys()]).toEqual(['Nightly', 'SweepNightly']);
  await app.schedules.get('SweepNightly')?.fire();
  expect(app.journal.entries().map((entry) => entry.function)).toEqual(['Sweep']);
});

test('a function invokes another by an alias, with a client context, and sees the end of its log', async () => {
  const app = await play(
    `Resources:
  Live: { Type: AWS::Lambda::Alias, Properties: { FunctionName: !Ref Reader, Name: live, FunctionVersion: '1' } }
${lambda('First', `      Environment: { Variables: { READER: !Ref Live } }`)}
${lambda('Reader', '      FunctionName: reader\n      AutoPublishAlias: next')}`,
    `const invoke = async (name: string) => {
  const answer = await fetch(process.env['AWS_ENDPOINT_URL_LAMBDA']! + '/2015-03-31/functions/' + encodeURIComponent(name) + '/invocations', {
    method: 'POST',
    headers: {
      authorization: 'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/lambda/aws4_request',
      'x-amz-log-type': 'Tail',
      'x-amz-client-context': btoa('{"custom":{"by":"first"}}'),
      'x-amzn-trace-id': process.env['_X_AMZN_TRACE_ID']!,
    },
    body: '1',
  });
  return [answer.status, atob(answer.headers.get('x-amz-log-result') ?? '').includes('read by first'), await answer.json()];
};
export const first = (names: string[]) => Promise.all([process.env['READER']!, ...names].map(invoke));
export const reader = (event: any, context: any) => {
  console.log('read by ' + context.clientContext.custom.by);
  return event;
};`,
  );
  const found = [200, true, 1];
  const result = await app.invoke('First', ['reader:next', 'reader:1', 'reader:other', 'Reader']);
  const answers = result.ok ? (JSON.parse(String(result.payload)) as unknown[]) : [];
  expect(answers.slice(0, 3)).toEqual([found, found, found]);
  expect(answers.slice(3)).toEqual([
    [404, false, expect.objectContaining({ message: expect.stringMatching(/function:reader:other$/u) })],
    [404, false, expect.objectContaining({ message: expect.stringMatching(/function:Reader$/u) })],
  ]);
  expect(ended(app, 'Reader').map(({ causes }) => causes)).toEqual([
    [result.requestId],
    [result.requestId],
    [result.requestId],
  ]);
});

test('clients of a test reach the rules and the functions of the app', async () => {
  const app = await play(
    `Resources:
${lambda(
  'Sold',
  `      FunctionName: sold
      Events: { Rule: { Type: EventBridgeRule, Properties: { RuleName: sold, Pattern: { source: [shop] }, InputTransformer: { InputPathsMap: { total: $.detail.total }, InputTemplate: '{"total":<total>,"rule":"<aws.events.rule-name>"}' } } } }`,
)}`,
    'export const sold = (event: any) => event;',
  );
  for (const [name, value] of Object.entries(app.environment)) vi.stubEnv(name, value);
  const events = new EventBridgeClient();
  const functions = new LambdaClient();
  onTestFinished(() => {
    vi.unstubAllEnvs();
    events.destroy();
    functions.destroy();
  });
  await events.send(
    new PutEventsCommand({ Entries: [{ Source: 'shop', DetailType: 'Sold', Detail: '{"total":7}' }] }),
  );
  await until(() => ended(app, 'Sold').length === 1);
  expect(ended(app, 'Sold')[0]?.result).toMatchObject({ payload: '{"total":7,"rule":"sold"}' });
  const { Payload: answer } = await functions.send(new InvokeCommand({ FunctionName: 'sold', Payload: '1' }));
  expect(answer?.transformToString()).toBe('1');
});

test('a topic and the event bus invoke', async () => {
  const app = await play(
    `Resources:
  News: { Type: AWS::SNS::Topic, Properties: { TopicName: news } }
${lambda('First', `      Environment: { Variables: { TOPIC: !Ref News } }`)}
${lambda('Reader', `      Events: { Topic: { Type: SNS, Properties: { Topic: !Ref News } } }`)}
${lambda('Rule', `      Events: { Sold: { Type: EventBridgeRule, Properties: { Pattern: { source: [shop] } } } }`)}`,
    `${CALL}
export const first = async () => {
  await call('EVENTBRIDGE', 'AWSEvents.PutEvents', { Entries: [{ Source: 'shop', DetailType: 'Sold', Detail: '{"n":1}' }, { Source: 'other', DetailType: 'x', Detail: '{}' }] });
  await fetch(process.env['AWS_ENDPOINT_URL_SNS']!, { method: 'POST', headers: { authorization: 'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/sns/aws4_request', 'content-type': 'application/x-www-form-urlencoded', 'x-amzn-trace-id': process.env['_X_AMZN_TRACE_ID']! }, body: new URLSearchParams({ Action: 'Publish', Version: '2010-03-31', TopicArn: process.env['TOPIC']!, Message: 'hello' }) });
};
export const reader = (event: any) => event.Records[0].Sns.Message;
export const rule = (event: any) => event.detail;`,
  );
  const { requestId, ok } = await app.invoke('First', {});
  expect(ok).toBe(true);
  await until(() => ended(app, 'Reader').length === 1 && ended(app, 'Rule').length === 1);
  expect(ended(app, 'Reader')[0]?.result).toMatchObject({ payload: '"hello"' });
  expect(ended(app, 'Rule')[0]).toMatchObject({ causes: [requestId], result: { payload: '{"n":1}' } });
});

/** What Changes answered, one item a record. */
function seen(app: LocalApp): unknown[] {
  return ended(app, 'Changes').flatMap(({ result }) =>
    result?.ok === true ? (JSON.parse(String(result.payload)) as unknown[]) : ['failed'],
  );
}

/** Puts an item as a client does. */
async function put(aws: LocalAws, item: string): Promise<void> {
  const dynamodb = serviceCall('dynamodb', { endpoint: aws.dynamodb.endpoint, region: aws.region });
  await dynamodb('PutItem', { TableName: 'orders', Item: { pk: { S: item } } });
}

test.each(['LATEST', 'TRIM_HORIZON'])(
  'a data folder keeps what was acknowledged, and reading of a stream from %s goes on where it was',
  async (position) => {
    const template = `Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: orders
      AttributeDefinitions: [{ AttributeName: pk, AttributeType: S }]
      KeySchema: [{ AttributeName: pk, KeyType: HASH }]
      BillingMode: PAY_PER_REQUEST
      StreamSpecification: { StreamViewType: KEYS_ONLY }
  Files: { Type: AWS::S3::Bucket, Properties: { BucketName: files } }
  Work: { Type: AWS::SQS::Queue, Properties: { QueueName: work } }
${lambda(
  'Changes',
  `      Events: { Stream: { Type: DynamoDB, Properties: { Stream: !GetAtt Orders.StreamArn, StartingPosition: ${position} } } }`,
)}`;
    const source =
      'export const changes = (event: any) => event.Records.map(({ dynamodb }: any) => dynamodb.Keys.pk.S);';
    const data = join(folder, 'data');

    const first = await play(template, source, { folder: data });
    await first.s3('PUT', '/files/kept.txt', { body: 'kept' });
    first.aws.sqs.queue('work')?.send({ MessageBody: 'kept' });
    await put(first.aws, 'read');
    await until(() => seen(first).length === 1);
    await first.stop();

    // What is written while nobody reads is there for the next one who does.
    const meanwhile = await startAws({ folder: data });
    await put(meanwhile, 'meanwhile');
    await meanwhile.close();

    const second = await play(template, source, { folder: data });
    expect((await second.s3('GET', '/files/kept.txt')).body.toString()).toBe('kept');
    const messages = second.aws.sqs.queue('work')?.messages() ?? [];
    expect(messages.map(({ body }) => body)).toEqual(['kept']);
    await put(second.aws, 'after');
    await until(() => seen(second).includes('after'));
    expect([seen(first), seen(second)]).toEqual([['read'], ['meanwhile', 'after']]);
  },
  30_000,
);

test('a bucket is made without the policy that S3 here does not know, and that is told', async () => {
  const app = await play(
    `Resources:
  Files: { Type: AWS::S3::Bucket, Properties: { BucketName: files } }
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Files
      PolicyDocument:
        Version: '2012-10-17'
        Statement: [{ Effect: Deny, Principal: '*', Action: 's3:*', Resource: !Sub '\${Files.Arn}/*', Condition: { IpAddress: { 'aws:SourceIp': 1.2.3.4 } } }]
${lambda('Api', '')}`,
    'export const api = () => 1;',
  );
  expect(app.journal.notes().map(({ kind, text }) => `${kind} ${text}`)).toEqual([
    expect.stringMatching(/^warning Files: its policy is left out: .*IpAddress/u),
  ]);
  expect((await app.s3('PUT', '/files/a', { body: 'x' })).status).toBe(200);
});

test('addresses of gateways are the ones they have here, in outputs and in environments', async () => {
  const app = await play(
    `Resources:
  Rest: { Type: AWS::Serverless::Api, Properties: { StageName: prod } }
${lambda(
  'Api',
  `      FunctionUrlConfig: { AuthType: NONE }
      Events: { Get: { Type: Api, Properties: { RestApiId: !Ref Rest, Path: /items, Method: GET } } }`,
)}
${lambda('Caller', `      Environment: { Variables: { ITEMS: !Sub 'https://\${Rest}.execute-api.\${AWS::Region}.amazonaws.com/prod/items' } }`)}
Outputs:
  Items: { Value: !Sub 'https://\${Rest}.execute-api.\${AWS::Region}.amazonaws.com/prod/items' }
  Other: { Value: https://abc.execute-api.us-east-1.amazonaws.com/x }
  Url: { Value: !GetAtt ApiUrl.FunctionUrl }`,
    `export const api = () => ({ statusCode: 200, body: 'here' });
export const caller = async () => (await fetch(process.env['ITEMS']!)).text();`,
  );
  const { Items = '', Other, Url = '' } = app.app.outputs;
  expect(await (await fetch(Items)).text()).toBe('here');
  expect(await (await fetch(Url)).text()).toBe('here');
  expect(Other).toBe('https://abc.execute-api.us-east-1.amazonaws.com/x');
  expect(await app.invoke('Caller', {})).toMatchObject({ payload: '"here"' });
});
