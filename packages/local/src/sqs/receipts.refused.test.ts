/** What the SQS API refuses of those who receive. */
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
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

describe('receives and receipt handles', () => {
  test.each([
    ['11 messages', { MaxNumberOfMessages: 11 }],
    ['no messages', { MaxNumberOfMessages: 0 }],
    ['21 seconds', { WaitTimeSeconds: 21 }],
    ['a visibility of -1', { VisibilityTimeout: -1 }],
    ['an attempt id on a standard queue', { ReceiveRequestAttemptId: 'a' }],
  ])('%s', async (_, input) => {
    expect(
      await refusal(fixture.client.send(new ReceiveMessageCommand({ QueueUrl: standard, ...input }))),
    ).toEqual(['InvalidParameterValue', 400, expect.any(String)]);
  });

  test('a handle that is none, or of another queue', async () => {
    const other = await fixture.create('other');
    await fixture.send(other, 'x');
    const [message] = await fixture.receive(other);
    const remove = (ReceiptHandle?: string): Promise<unknown> =>
      fixture.client.send(new DeleteMessageCommand({ QueueUrl: standard, ReceiptHandle }));
    const expected = ['ReceiptHandleIsInvalid', 400, expect.any(String)];
    expect(await refusal(remove('nonsense'))).toEqual(expected);
    expect(await refusal(remove(message?.ReceiptHandle))).toEqual(expected);
    expect(await refusal(remove())).toEqual([expect.stringContaining('Missing'), 400, expect.any(String)]);
    const { Failed } = await fixture.client.send(
      new DeleteMessageBatchCommand({
        QueueUrl: standard,
        Entries: [{ Id: 'a', ReceiptHandle: 'nonsense' }],
      }),
    );
    expect(Failed).toMatchObject([{ Id: 'a', Code: 'ReceiptHandleIsInvalid', SenderFault: true }]);
  });

  test('more time for a message that is not in flight, is gone, or has had 12 hours', async () => {
    const QueueUrl = await fixture.create('times');
    await fixture.send(QueueUrl, 'x');
    const [message] = await fixture.receive(QueueUrl);
    const change = (VisibilityTimeout: number): Promise<unknown> =>
      fixture.client.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl,
          ReceiptHandle: message?.ReceiptHandle,
          VisibilityTimeout,
        }),
      );
    expect(await refusal(change(43_201))).toEqual(['InvalidParameterValue', 400, expect.any(String)]);
    fixture.clock.advance(10_000);
    expect(await refusal(change(43_200))).toEqual([
      'InvalidParameterValue',
      400,
      expect.stringContaining('Total VisibilityTimeout'),
    ]);
    fixture.clock.advance(20_000);
    expect(await refusal(change(10))).toEqual(['MessageNotInflight', 400, expect.any(String)]);
    await fixture.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle }));
    expect(await refusal(change(10))).toEqual(['InvalidParameterValue', 400, expect.any(String)]);
  });
});
