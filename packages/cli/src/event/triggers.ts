/**
 * Triggers whose events can be made, and what may be said of them.
 *
 * @module
 */

/**
 * What a value is: `json` is JSON where it can be read as such and text else, `map` has text under names, `list` is
 * text between commas.
 */
export type FieldKind = 'text' | 'number' | 'flag' | 'time' | 'json' | 'map' | 'list';

export type Fields = Readonly<Record<string, FieldKind>>;

export interface Trigger {
  readonly summary: string;
  /** Of a trigger that sends several records at once: what may be said of each. */
  readonly record?: Fields;
  /** What may be said once. */
  readonly whole: Fields;
}

const http: Fields = {
  method: 'text',
  path: 'text',
  query: 'map',
  headers: 'map',
  cookies: 'map',
  body: 'json',
  contentType: 'text',
  base64: 'flag',
  sourceIp: 'text',
  requestId: 'text',
  time: 'time',
};

const gateway: Fields = { stage: 'text', basePath: 'text', resource: 'text' };

/** An object of S3, and where it is. */
const object: Fields = {
  key: 'text',
  event: 'text',
  body: 'text',
  size: 'number',
  etag: 'text',
  versionId: 'text',
  sequencer: 'text',
  time: 'time',
};
const bucket: Fields = { bucket: 'text', region: 'text', account: 'text' };

/** By the name that is typed. */
export const triggers: Readonly<Record<string, Trigger>> = {
  rest: { summary: 'a request through a REST API', whole: { ...http, ...gateway, authorizer: 'json' } },
  'http-api': {
    summary: 'a request through an HTTP API',
    whole: { ...http, ...gateway, authorizer: 'json' },
  },
  'function-url': { summary: 'a request to a Function URL', whole: { ...http, authorizer: 'json' } },
  alb: { summary: 'a request through a load balancer', whole: http },
  'alb-multi': { summary: 'the same, with multi-value headers', whole: http },
  s3: { summary: 'objects in a bucket', record: object, whole: bucket },
  's3-eventbridge': {
    summary: 'an object in a bucket, by way of EventBridge',
    whole: { ...object, ...bucket },
  },
  sqs: {
    summary: 'messages of a queue',
    record: {
      body: 'json',
      attributes: 'json',
      messageId: 'text',
      attempt: 'number',
      sentAt: 'time',
      groupId: 'text',
      deduplicationId: 'text',
      traceHeader: 'text',
      deadLetterSource: 'text',
    },
    whole: { queue: 'text', region: 'text', account: 'text' },
  },
  sns: {
    summary: 'messages of a topic',
    record: {
      message: 'json',
      attributes: 'json',
      subject: 'text',
      messageId: 'text',
      topicArn: 'text',
      timestamp: 'time',
    },
    whole: { topic: 'text' },
  },
  dynamodb: {
    summary: "changes of a table's items",
    record: { type: 'text', before: 'json', after: 'json', expired: 'flag' },
    whole: { table: 'text', keys: 'list', view: 'text', changedAt: 'time' },
  },
  kinesis: {
    summary: 'records of a data stream',
    record: { data: 'json', partitionKey: 'text', arrivedAt: 'time' },
    whole: { stream: 'text', shardId: 'text' },
  },
  eventbridge: {
    summary: 'an event of a bus',
    whole: {
      source: 'text',
      detailType: 'text',
      detail: 'json',
      id: 'text',
      time: 'time',
      resources: 'list',
      region: 'text',
      account: 'text',
      replay: 'text',
    },
  },
  schedule: {
    summary: 'a schedule of an EventBridge rule',
    whole: { rule: 'text', time: 'time', id: 'text', region: 'text', account: 'text' },
  },
  scheduler: {
    summary: 'a schedule of EventBridge Scheduler',
    whole: {
      input: 'json',
      schedule: 'text',
      group: 'text',
      time: 'time',
      attempt: 'number',
      region: 'text',
      account: 'text',
    },
  },
  cognito: {
    summary: 'a trigger of a user pool',
    whole: {
      triggerSource: 'text',
      userName: 'text',
      userAttributes: 'map',
      request: 'json',
      version: 'text',
      userPoolId: 'text',
      clientId: 'text',
    },
  },
};
