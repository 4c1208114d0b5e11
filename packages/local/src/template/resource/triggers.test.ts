import { describe, expect, test } from 'vitest';

import { cloudFormation, read, sam, told } from '../template.fixture.ts';

const ACCOUNT = 'eu-west-1:123456789012';
const queue = 'Queue: { Type: AWS::SQS::Queue }';
const fifo = 'Queue: { Type: AWS::SQS::Queue, Properties: { FifoQueue: true } }';
const table = `Table:
  Type: AWS::DynamoDB::Table
  Properties:
    BillingMode: PAY_PER_REQUEST
    AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]
    KeySchema: [{ AttributeName: id, KeyType: HASH }]
    StreamSpecification: { StreamViewType: NEW_IMAGE }`;
const stream = 'Stream: { Type: AWS::Kinesis::Stream, Properties: { ShardCount: 2 } }';
const topic = 'Topic: { Type: AWS::SNS::Topic }';
const bucket = 'Files: { Type: AWS::S3::Bucket }';

const event = (type: string, properties: string): string =>
  `Events:\n  Mine: { Type: ${type}, Properties: { ${properties} } }`;
const resource = (type: string, properties: string): string =>
  `Mine: { Type: ${type}, Properties: { ${properties} } }`;

const mapping = (source: string, more: string): string =>
  resource('AWS::Lambda::EventSourceMapping', `FunctionName: !Ref Work, EventSourceArn: ${source}, ${more}`);
const one = (id: string, prefix: string): string =>
  `  ${id}: { Type: S3, Properties: { Bucket: !Ref Files, Events: ['s3:ObjectCreated:${id}'], Filter: { S3Key: { Rules: [{ Name: prefix, Value: ${prefix} }] } } } }`;
const events = (...each: readonly string[]): string => `Events:\n${each.join('\n')}`;

describe('Q, D: event source mappings', () => {
  const shared =
    'BatchSize: 4, MaximumBatchingWindowInSeconds: 2, FunctionResponseTypes: [ReportBatchItemFailures], FilterCriteria: { Filters: [{ Pattern: \'{"a":["b"]}\' }] }';
  const shards =
    'StartingPosition: TRIM_HORIZON, ParallelizationFactor: 3, BisectBatchOnFunctionError: true, MaximumRetryAttempts: 5, MaximumRecordAgeInSeconds: 120, TumblingWindowInSeconds: 30, DestinationConfig: { OnFailure: { Destination: !GetAtt Queue.Arn } }';
  const sharedRead = {
    function: 'Work',
    id: 'Mine',
    enabled: true,
    batchSize: 4,
    window: 2,
    reportFailures: true,
    filters: ['{"a":["b"]}'],
  };
  const shardsRead = {
    ...sharedRead,
    startingPosition: 'TRIM_HORIZON',
    parallelization: 3,
    bisect: true,
    maximumRetries: 5,
    maximumAge: 120,
    tumblingWindow: 30,
    onFailure: `arn:aws:sqs:${ACCOUNT}:shop-Queue`,
  };

  test.each([
    [
      'SAM',
      sam(
        queue,
        event('SQS', `Queue: !GetAtt Queue.Arn, ScalingConfig: { MaximumConcurrency: 3 }, ${shared}`),
      ),
    ],
    [
      'CloudFormation',
      cloudFormation(
        `${queue}\n${mapping('!GetAtt Queue.Arn', `ScalingConfig: { MaximumConcurrency: 3 }, ${shared}`)}`,
      ),
    ],
  ])('of a queue in %s', async (_, text) => {
    const app = await read(text);
    expect(app.triggers).toMatchObject([
      { type: 'sqs', source: app.queues[0]?.arn, maximumConcurrency: 3, ...sharedRead },
    ]);
  });

  test.each([
    [
      'SAM',
      sam(`${table}\n${queue}`, event('DynamoDB', `Stream: !GetAtt Table.StreamArn, ${shards}, ${shared}`)),
    ],
    [
      'CloudFormation',
      cloudFormation(`${table}\n${queue}\n${mapping('!GetAtt Table.StreamArn', `${shards}, ${shared}`)}`),
    ],
  ])('D1 of a table in %s', async (_, text) => {
    const app = await read(text);
    expect(app.triggers).toMatchObject([
      { type: 'dynamodb', source: app.tables[0]?.streamArn, ...shardsRead },
    ]);
    expect(app.tables[0]?.create['StreamSpecification']).toEqual({
      StreamEnabled: true,
      StreamViewType: 'NEW_IMAGE',
    });
  });

  test.each([
    ['SAM', sam(`${stream}\n${queue}`, event('Kinesis', `Stream: !GetAtt Stream.Arn, ${shards}, ${shared}`))],
    [
      'CloudFormation',
      cloudFormation(`${stream}\n${queue}\n${mapping('!GetAtt Stream.Arn', `${shards}, ${shared}`)}`),
    ],
  ])('D6 of a stream in %s', async (_, text) => {
    const app = await read(text);
    expect(told(app)).toEqual([]);
    expect(app.streams).toMatchObject([{ name: 'shop-Stream', shards: 2 }]);
    expect(app.triggers).toMatchObject([{ type: 'kinesis', source: app.streams[0]?.arn, ...shardsRead }]);
  });

  test("that say nothing have Lambda's defaults", async () => {
    const app = await read(
      sam(
        `${queue}\n${table}`,
        'Events:\n  A: { Type: SQS, Properties: { Queue: !GetAtt Queue.Arn, Enabled: false } }\n  B: { Type: DynamoDB, Properties: { Stream: !GetAtt Table.StreamArn, StartingPosition: LATEST } }',
      ),
    );
    expect(app.triggers).toMatchObject([
      { enabled: false, batchSize: 10, window: 0, reportFailures: false, filters: [] },
      {
        enabled: true,
        batchSize: 100,
        window: 0,
        bisect: false,
        maximumRetries: -1,
        maximumAge: -1,
        parallelization: 1,
        tumblingWindow: 0,
      },
    ]);
    expect(app.triggers[0]).not.toHaveProperty('maximumConcurrency');
  });

  test('through a version or an alias invoke the function', async () => {
    const app = await read(
      cloudFormation(
        `${queue}\nV: { Type: AWS::Lambda::Version, Properties: { FunctionName: !Ref Work } }\nLive: { Type: AWS::Lambda::Alias, Properties: { FunctionName: !Ref Work, Name: live, FunctionVersion: !GetAtt V.Version } }\n${resource('AWS::Lambda::EventSourceMapping', 'FunctionName: !Ref Live, EventSourceArn: !GetAtt Queue.Arn')}`,
      ),
    );
    expect(app.triggers).toMatchObject([{ function: 'Work' }]);
  });

  test.each([
    [queue, 'BatchSize: 11', 'a batch over 10 needs MaximumBatchingWindowInSeconds of at least 1, got 11'],
    [queue, 'BatchSize: 0', '"BatchSize" must be a whole number from 1 to 10000, got "0"'],
    [
      queue,
      'MaximumBatchingWindowInSeconds: 301',
      '"MaximumBatchingWindowInSeconds" must be a whole number from 0 to 300 seconds, got "301"',
    ],
    [fifo, 'MaximumBatchingWindowInSeconds: 1', 'a FIFO queue takes no batching window'],
    [fifo, 'BatchSize: 11', 'a batch of a FIFO queue is at most 10, got 11'],
    [
      queue,
      'ScalingConfig: { MaximumConcurrency: 1 }',
      '"MaximumConcurrency" must be a whole number from 2 to 1000, got "1"',
    ],
    [
      queue,
      'FunctionResponseTypes: [All]',
      '"FunctionResponseTypes" takes ReportBatchItemFailures only, got "All"',
    ],
    [queue, "FilterCriteria: { Filters: [{ Pattern: 'no' }] }", '"Pattern" must be JSON of an object'],
    [
      queue,
      'FilterCriteria: { Filters: [{ Pattern: \'{"body":{"kind":"order"}}\' }] }',
      'body.kind is a list of values to match',
    ],
    [queue, 'Nonsense: 1', '"Nonsense" is not played here, left out'],
  ])('%s takes no %s', async (source, property, message) => {
    const findings = told(await read(sam(source, event('SQS', `Queue: !GetAtt Queue.Arn, ${property}`))));
    expect(findings.join('\n')).toContain(message);
    expect(findings).toHaveLength(1);
  });

  test.each([
    ['SQS', 'Queue: arn:aws:sqs:eu-west-1:1:other', '"Queue" is no queue of this template'],
    ['SQS', 'BatchSize: 1', '"Queue" is missing'],
    ['SQS', 'Queue: orders', '"Queue" must be an ARN, got orders'],
    [
      'SQS',
      'Queue: !GetAtt Queue.QueueName',
      '"Queue" must be an ARN, got shop-Queue; !GetAtt Queue.Arn is one',
    ],
    [
      'SQS',
      'Queue: !GetAtt Queue.Arn, BatchSiz: 1',
      '"BatchSiz" is not played here, left out. Did you mean BatchSize?',
    ],
    [
      'DynamoDB',
      'Stream: !Ref Table, StartingPosition: LATEST',
      '"Stream" must be an ARN, got shop-Table; !GetAtt Table.StreamArn is one',
    ],
    ['DynamoDB', 'Stream: !GetAtt Table.StreamArn', '"StartingPosition" is missing'],
    [
      'DynamoDB',
      'Stream: !GetAtt Table.StreamArn, StartingPosition: AT_TIMESTAMP',
      '"StartingPosition" must be one of LATEST, TRIM_HORIZON, got "AT_TIMESTAMP"',
    ],
    [
      'DynamoDB',
      'Stream: !GetAtt Table.StreamArn, StartingPosition: LATEST, MaximumRecordAgeInSeconds: 30',
      '"MaximumRecordAgeInSeconds" must be -1, or from 60 to 604800 seconds, got 30',
    ],
    [
      'Kinesis',
      'Stream: arn:aws:kinesis:eu-west-1:1:stream/other, StartingPosition: LATEST',
      '"Stream" is no stream of this template',
    ],
    ['MSK', 'Stream: x', 'events of type "MSK" are not played here, left out'],
    ['Sqs', 'Queue: x', 'events of type "Sqs" are not played here, left out. Did you mean SQS?'],
    [
      'Kinesis',
      'Stream: arn:aws:kafka:eu-west-1:1:cluster/other',
      'a source of kafka is not played, left out',
    ],
  ])('%s with %s', async (type, properties, message) => {
    expect(told(await read(sam(`${queue}\n${table}`, event(type, properties)))).join('\n')).toContain(
      message,
    );
  });

  test('a queue that hides messages for less than the function may run is refused, as Lambda does', async () => {
    const app = await read(sam(queue, `Timeout: 31\n${event('SQS', 'Queue: !GetAtt Queue.Arn')}`));
    expect(told(app)).toEqual([
      expect.stringMatching(
        /^11 error Mine: the visibility timeout of Queue \(30 s\) is under the timeout of Work \(31 s\)/,
      ),
    ]);
  });

  test('a table without a stream is refused', async () => {
    const text = sam(
      table.replace(/\n.*StreamSpecification.*/, ''),
      event('DynamoDB', 'Stream: !GetAtt Table.StreamArn, StartingPosition: LATEST'),
    );
    expect(told(await read(text))).toEqual([
      '10 error Mine: Table has no stream: StreamSpecification is missing',
    ]);
  });
});

describe('S: notifications of buckets', () => {
  const filter = '{ S3Key: { Rules: [{ Name: prefix, Value: in/ }, { Name: Suffix, Value: .png }] } }';
  const expected = {
    type: 's3',
    function: 'Work',
    bucket: 'Files',
    events: ['s3:ObjectCreated:*'],
    prefix: 'in/',
    suffix: '.png',
  };

  test.each([
    ['SAM', sam(bucket, event('S3', `Bucket: !Ref Files, Events: s3:ObjectCreated:*, Filter: ${filter}`))],
    [
      'CloudFormation',
      cloudFormation(
        `Files:\n  Type: AWS::S3::Bucket\n  Properties: { NotificationConfiguration: { LambdaConfigurations: [{ Event: s3:ObjectCreated:*, Function: !GetAtt Work.Arn, Filter: ${filter} }] } }`,
      ),
    ],
    [
      'CDK',
      cloudFormation(
        `${bucket}\nProvider: { Type: AWS::Lambda::Function, Properties: { Code: { ZipFile: x }, Runtime: python3.13, Handler: index.handler } }\nMine:\n  Type: Custom::S3BucketNotifications\n  Properties: { ServiceToken: !GetAtt Provider.Arn, BucketName: !Ref Files, Managed: true, NotificationConfiguration: { LambdaFunctionConfigurations: [{ Events: ['s3:ObjectCreated:*'], LambdaFunctionArn: !GetAtt Work.Arn, Filter: { Key: { FilterRules: [{ Name: prefix, Value: in/ }, { Name: suffix, Value: .png }] } } }] } }`,
      ),
    ],
  ])('S2 to a function in %s', async (_, text) => {
    const app = await read(text);
    expect(told(app)).toEqual([]);
    expect(app.triggers).toMatchObject([expected]);
    expect(app.functions.map(({ id }) => id)).toEqual(['Work']);
  });

  test('to queues, topics and the event bus stay with the bucket', async () => {
    const app = await read(
      cloudFormation(
        `${queue}\n${topic}\nFiles:\n  Type: AWS::S3::Bucket\n  Properties: { VersioningConfiguration: { Status: Enabled }, NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true }, QueueConfigurations: [{ Event: s3:ObjectRemoved:*, Queue: !GetAtt Queue.Arn }], TopicConfigurations: [{ Event: s3:ObjectTagging:Put, Topic: !Ref Topic }] } }`,
      ),
    );
    expect(told(app)).toEqual([]);
    expect(app.buckets).toMatchObject([
      {
        versioned: true,
        eventBridge: true,
        notifications: [
          { events: ['s3:ObjectRemoved:*'], target: app.queues[0]?.arn },
          { events: ['s3:ObjectTagging:Put'], target: app.topics[0]?.arn },
        ],
      },
    ]);
  });

  test.each([
    ['Bucket: other, Events: s3:ObjectCreated:*', '"Bucket" must be a bucket of this template, got "other"'],
    ['Bucket: !Ref Files', '"Events" is missing'],
    ['Bucket: !Ref Files, Events: s3:ObjectMade', '"s3:ObjectMade" is no event of S3'],
    [
      'Bucket: !Ref Files, Events: s3:ObjectCreated:*, Filter: { S3Key: { Rules: [{ Name: middle, Value: a }] } }',
      '"Name" must be prefix or suffix, got "middle"',
    ],
  ])('%s is an error', async (properties, message) => {
    const findings = told(await read(sam(bucket, event('S3', properties))));
    expect(findings).toEqual([expect.stringContaining(`error Work.Events.Mine.Properties`)]);
    expect(findings[0]).toContain(message);
  });

  test('that overlap are refused, as S3 does', async () => {
    expect(
      told(await read(sam(bucket, events(one('Put', 'a/'), one('Put', 'a/b').replace('Put:', 'Again:'))))),
    ).toEqual([
      expect.stringContaining(
        'S3 refuses two notifications for the same events and keys: "Put" has them too',
      ),
    ]);
    expect(told(await read(sam(bucket, events(one('Put', 'a/'), one('Copy', 'a/')))))).toEqual([]);
    expect(
      told(await read(sam(bucket, events(one('Put', 'a/'), one('Put', 'b/').replace('Put:', 'Again:'))))),
    ).toEqual([]);
  });
});

describe('topics', () => {
  const subscription = "FilterPolicy: { store: ['a'] }, FilterPolicyScope: MessageBody";
  test.each([
    ['SAM', sam(topic, event('SNS', `Topic: !Ref Topic, ${subscription}`))],
    [
      'CloudFormation',
      cloudFormation(
        `${topic}\n${resource('AWS::SNS::Subscription', `TopicArn: !Ref Topic, Protocol: lambda, Endpoint: !GetAtt Work.Arn, ${subscription}`)}`,
      ),
    ],
  ])('invoke functions in %s', async (_, text) => {
    const app = await read(text);
    expect(told(app)).toEqual([]);
    expect(app.triggers).toMatchObject([
      {
        type: 'sns',
        function: 'Work',
        id: 'Mine',
        source: app.topics[0]?.arn,
        filterPolicy: '{"store":["a"]}',
        filterScope: 'MessageBody',
      },
    ]);
  });

  test('Q9 send to queues', async () => {
    const app = await read(
      cloudFormation(
        `${queue}\nTopic: { Type: AWS::SNS::Topic, Properties: { Subscription: [{ Protocol: sqs, Endpoint: !GetAtt Queue.Arn }] } }\n${resource('AWS::SNS::Subscription', 'TopicArn: !Ref Topic, Protocol: sqs, Endpoint: !GetAtt Queue.Arn, RawMessageDelivery: true')}`,
      ),
    );
    expect(told(app)).toEqual([]);
    expect(app.topics[0]?.subscriptions).toMatchObject([
      { protocol: 'sqs', endpoint: app.queues[0]?.arn, attributes: {} },
      { protocol: 'sqs', endpoint: app.queues[0]?.arn, attributes: { RawMessageDelivery: 'true' } },
    ]);
  });

  test('refuse what is not there', async () => {
    const subscribe = resource(
      'AWS::SNS::Subscription',
      'TopicArn: !Ref Topic, Protocol: sqs, Endpoint: arn:aws:sqs:eu-west-1:1:none',
    );
    expect(told(await read(cloudFormation(`${topic}\n${subscribe}`)))).toEqual([
      expect.stringContaining('"Endpoint" is no queue of this template'),
    ]);
    expect(told(await read(sam(queue, event('SNS', 'Topic: !Ref Queue'))))).toEqual([
      expect.stringContaining('"Topic" is no topic of this template'),
    ]);
  });
});

describe('C: schedules and rules', () => {
  const retry = 'RetryPolicy: { MaximumRetryAttempts: 4 }, DeadLetterConfig: { Arn: !GetAtt Queue.Arn }';
  const delivery = { retries: 4, deadLetterArn: `arn:aws:sqs:${ACCOUNT}:shop-Queue`, function: 'Work' };

  test.each([
    [
      'SAM',
      sam(queue, event('Schedule', `Schedule: cron(0 2 * * ? *), Input: '{"a":1}', ${retry}`)),
      'shop-WorkMine',
    ],
    [
      'CloudFormation',
      cloudFormation(
        `${queue}\n${resource('AWS::Events::Rule', `ScheduleExpression: cron(0 2 * * ? *), Targets: [{ Id: a, Arn: !GetAtt Work.Arn, Input: '{"a":1}', ${retry} }]`)}`,
      ),
      'shop-Mine',
    ],
  ])('C1 rules by schedule in %s', async (_, text, name) => {
    const app = await read(text);
    expect(told(app)).toEqual([]);
    expect(app.triggers).toMatchObject([
      {
        type: 'schedule',
        by: 'rule',
        id: 'Mine',
        name,
        arn: `arn:aws:events:${ACCOUNT}:rule/${name}`,
        expression: 'cron(0 2 * * ? *)',
        timezone: 'UTC',
        input: '{"a":1}',
        enabled: true,
        ...delivery,
      },
    ]);
  });

  test.each([
    [
      'SAM',
      sam(
        queue,
        event(
          'ScheduleV2',
          `ScheduleExpression: rate(5 minutes), ScheduleExpressionTimezone: Europe/Berlin, State: DISABLED, Input: '{"at":"<aws.scheduler.scheduled-time>"}', ${retry}`,
        ),
      ),
      'shop-WorkMine',
    ],
    [
      'CloudFormation',
      cloudFormation(
        `${queue}\n${resource('AWS::Scheduler::Schedule', `ScheduleExpression: rate(5 minutes), ScheduleExpressionTimezone: Europe/Berlin, State: DISABLED, FlexibleTimeWindow: { Mode: 'OFF' }, Target: { Arn: !GetAtt Work.Arn, RoleArn: x, Input: '{"at":"<aws.scheduler.scheduled-time>"}', ${retry} }`)}`,
      ),
      'shop-Mine',
    ],
  ])("C1 EventBridge Scheduler's in %s", async (_, text, name) => {
    const app = await read(text);
    expect(told(app)).toEqual([]);
    expect(app.triggers).toMatchObject([
      {
        type: 'schedule',
        by: 'scheduler',
        id: 'Mine',
        name,
        expression: 'rate(5 minutes)',
        timezone: 'Europe/Berlin',
        enabled: false,
        input: '{"at":"<aws.scheduler.scheduled-time>"}',
        ...delivery,
      },
    ]);
  });

  test.each([
    [
      'SAM',
      sam(queue, event('EventBridgeRule', `Pattern: { source: [shop] }, InputPath: $.detail, ${retry}`)),
    ],
    [
      'SAM before',
      sam(queue, event('CloudWatchEvent', `Pattern: { source: [shop] }, InputPath: $.detail, ${retry}`)),
    ],
    [
      'CloudFormation',
      cloudFormation(
        `${queue}\n${resource('AWS::Events::Rule', `EventPattern: { source: [shop] }, Targets: [{ Id: a, Arn: !GetAtt Work.Arn, InputPath: $.detail, ${retry} }]`)}`,
      ),
    ],
  ])('rules by pattern in %s', async (_, text) => {
    const app = await read(text);
    expect(told(app)).toEqual([]);
    expect(app.triggers).toMatchObject([
      {
        type: 'eventbridge',
        bus: 'default',
        pattern: { source: ['shop'] },
        inputPath: '$.detail',
        ...delivery,
      },
    ]);
  });

  const transformer = `InputTransformer: { InputPathsMap: { who: $.detail.who }, InputTemplate: '{"who":<who>}' }`;
  test.each([
    ['SAM', sam('', event('EventBridgeRule', `Pattern: { source: [shop] }, ${transformer}`))],
    [
      'CloudFormation',
      cloudFormation(
        resource(
          'AWS::Events::Rule',
          `EventPattern: { source: [shop] }, ScheduleExpression: rate(1 hour), Targets: [{ Id: a, Arn: !GetAtt Work.Arn, ${transformer} }]`,
        ),
      ),
    ],
  ])('input transformers in %s', async (_, text) => {
    const app = await read(text);
    expect(told(app)).toEqual([]);
    const types = app.triggers.map(({ type }) => type);
    expect(types.at(-1)).toBe('eventbridge');
    expect(app.triggers).toMatchObject(
      types.map((type) => ({
        type,
        inputTransformer: { paths: { who: '$.detail.who' }, template: '{"who":<who>}' },
      })),
    );
  });

  test.each([
    ['Schedule', 'Schedule: cron(0 2 * * *)', '"Schedule" must be cron('],
    ['Schedule', 'Schedule: cron(0 2 * * * *)', '"Schedule" must be cron('],
    ['Schedule', 'Schedule: rate(1 minutes)', '"Schedule" must be cron('],
    ['Schedule', 'Schedule: at(2026-01-01T00:00:00)', '"Schedule" must be cron('],
    ['Schedule', 'Schedule: cron(99 2 * * ? *)', '99 is not in 0-59'],
    ['Schedule', 'Schedule: cron(0 2 31 2 ? *)', 'it would never run'],
    [
      'ScheduleV2',
      "ScheduleExpression: 'at(2026-03-29T02:30:00)', ScheduleExpressionTimezone: Europe/Berlin",
      'there is no such time in the time zone',
    ],
    ['EventBridgeRule', 'Pattern: { source: shop }', 'source is a list of values to match'],
    ['Schedule', 'Input: x', '"Schedule" is missing'],
    ['Schedule', 'Schedule: rate(1 hour), Input: x', '"Input" must be JSON'],
    [
      'ScheduleV2',
      'ScheduleExpression: rate(1 hour), ScheduleExpressionTimezone: Mars/Base',
      '"Mars/Base" is no IANA time zone',
    ],
    ['ScheduleV2', 'State: ENABLED', '"ScheduleExpression" is missing'],
    ['EventBridgeRule', 'Input: "1"', '"Pattern" is missing'],
    ['EventBridgeRule', 'Pattern: { a: [b] }, InputTransformer: {}', '"InputTemplate" is missing'],
    [
      'EventBridgeRule',
      "Pattern: { a: [b] }, InputTransformer: { InputTemplate: '<who> came' }",
      'which is not in InputPathsMap',
    ],
    [
      'EventBridgeRule',
      "Pattern: { a: [b] }, InputTransformer: { InputPathsMap: { who: detail.who }, InputTemplate: '{}' }",
      '"detail.who" is no path',
    ],
    ['EventBridgeRule', 'Pattern: { a: [b] }, InputPath: detail', '"detail" is no path'],
    [
      'EventBridgeRule',
      'Pattern: { a: [b] }, InputPath: $.detail, Input: "1"',
      '"Input" and "InputPath" exclude each other',
    ],
    ['Schedule', 'Schedule: rate(1 hour), InputPath: $.time', `SAM's Schedule has no "InputPath"`],
  ])('%s with %s', async (type, properties, message) => {
    expect(told(await read(sam('', event(type, properties)))).join('\n')).toContain(message);
  });

  test('a target that is no function is named', async () => {
    const rule = resource(
      'AWS::Events::Rule',
      'ScheduleExpression: rate(1 hour), Targets: [{ Id: a, Arn: !GetAtt Queue.Arn }]',
    );
    expect(told(await read(cloudFormation(`${queue}\n${rule}`)))).toEqual([
      expect.stringContaining('a target that is no function of this template is not played, left out'),
    ]);
  });
});
