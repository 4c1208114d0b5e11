import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { startEvents } from '../events/index.ts';
import type { LocalEvents } from '../events/index.ts';
import { sendRaw } from '../gateway/raw.fixture.ts';
import type { RawAnswer } from '../gateway/raw.fixture.ts';
import { startAws } from './start.ts';
import type { LocalAws } from './start.ts';

let aws: LocalAws;
let events: LocalEvents;
const asked: unknown[] = [];

beforeAll(async () => {
  aws = await startAws();
  events = await startEvents({
    region: aws.region,
    accountId: aws.accountId,
    now: () => Date.now(),
    put: (event) => void asked.push(event),
    invoke: (request) => {
      asked.push(request);
      return Promise.resolve('accepted');
    },
  });
});
afterAll(async () => {
  await events.close();
  await aws.close();
});

const SIGNED =
  'Authorization: AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/x/aws4_request, SignedHeaders=host, Signature=0\r\nX-Amz-Date: 20260101T000000Z\r\n';

/** Each door, and a request behind it that a program would get an answer to. */
const doors: readonly (readonly [string, () => string, string, string])[] = [
  ['dynamodb', () => aws.dynamodb.endpoint, 'X-Amz-Target: DynamoDB_20120810.ListTables\r\n', '{}'],
  ['s3', () => aws.s3.endpoint, '', ''],
  ['sqs', () => aws.sqs.endpoint, 'X-Amz-Target: AmazonSQS.ListQueues\r\n', '{}'],
  ['sns', () => aws.sns.endpoint, '', 'Action=ListTopics&Version=2010-03-31'],
  ['ses', () => aws.ses.endpoint, '', '{}'],
  ['kinesis', () => aws.kinesis.endpoint, 'X-Amz-Target: Kinesis_20131202.ListStreams\r\n', '{}'],
  [
    'events',
    () => events.endpoint,
    'X-Amz-Target: AWSEvents.PutEvents\r\n',
    '{"Entries":[{"Source":"a","DetailType":"b","Detail":"{}"}]}',
  ],
];

describe.each(doors)('a web page at the door of %s', (_, endpoint, target, body) => {
  const ask = (method: string, headers: string): Promise<RawAnswer> =>
    sendRaw(
      endpoint(),
      `${method} / HTTP/1.1\r\n${headers}Connection: close\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );

  test('that had its own name point here is refused, signed or not', async () => {
    const answer = await ask('POST', `Host: evil.example\r\n${SIGNED}${target}`);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
  });

  test('that asks for leave to send more than a form gets none', async () => {
    const leave = await ask(
      'OPTIONS',
      'Host: 127.0.0.1\r\nOrigin: https://evil.example\r\nAccess-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: x-amz-target,authorization\r\n',
    );
    expect(leave.lines.filter((line) => /^access-control-allow/iu.test(line))).toEqual([]);
  });

  test('that sends a form without asking is refused', async () => {
    const answer = await ask(
      'POST',
      'Host: 127.0.0.1\r\nOrigin: https://evil.example\r\nContent-Type: text/plain\r\n',
    );
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(asked).toEqual([]);
  });
});
