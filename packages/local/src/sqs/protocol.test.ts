/** Requests that no SQS client of today sends. */
import { AddPermissionCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { refusal, startFixture } from './server.fixture.ts';
import type { Fixture } from './server.fixture.ts';

let fixture: Fixture;
let standard: string;

beforeAll(async () => {
  fixture = await startFixture();
  standard = await fixture.create('standard');
});
afterAll(() => fixture[Symbol.asyncDispose]());

const post = (headers: Record<string, string>, body: string): Promise<Response> =>
  fetch(fixture.sqs.endpoint, { method: 'POST', headers, body });

describe('what this server does not know, it names', () => {
  test('an operation', async () => {
    const command = new AddPermissionCommand({
      QueueUrl: standard,
      Label: 'a',
      AWSAccountIds: ['1'],
      Actions: ['*'],
    });
    expect(await refusal(fixture.client.send(command))).toEqual([
      'NotImplemented',
      501,
      'The SQS on this machine does not know the operation AddPermission.',
    ]);
  });

  const signed = { authorization: 'AWS4-HMAC-SHA256 any', 'x-amz-target': 'AmazonSQS.ListQueues' };

  test('a parameter', async () => {
    expect(await (await post(signed, '{"Colour":"red"}')).text()).toContain(
      'the parameter Colour of ListQueues',
    );
  });

  test('the older query protocol, broken JSON, no signature, another name of this machine', async () => {
    expect((await post({ authorization: 'x' }, 'Action=ListQueues')).status).toBe(501);
    expect(await (await post(signed, '{')).json()).toMatchObject({
      __type: 'com.amazon.coral.service#SerializationException',
    });
    expect((await post({ 'x-amz-target': 'AmazonSQS.ListQueues' }, '{}')).status).toBe(403);
    expect(await statusWithHost('evil.example')).toBe(403);
    expect(await statusWithHost('localhost')).toBe(200);
  });

  async function statusWithHost(host: string): Promise<number | undefined> {
    const { request } = await import('node:http');
    return new Promise((done, fail) => {
      request(fixture.sqs.endpoint, { method: 'POST', headers: { ...signed, host } }, (answer) => {
        answer.resume();
        done(answer.statusCode);
      })
        .on('error', fail)
        .end('{}');
    });
  }
});
