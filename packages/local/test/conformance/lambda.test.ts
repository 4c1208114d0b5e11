import type { LocalApp } from '@handlersmith/local';
import { beforeAll, expect, test } from 'vitest';

import { answerOf, lambda, play, untilEnded } from '../play.fixture.ts';

let app: LocalApp;
beforeAll(async () => {
  app = await play(
    lambda('Seen', 'lambda.context', 'FunctionName: seen\nTimeout: 5\nMemorySize: 256') +
      lambda('Late', 'lambda.context', 'Timeout: 1') +
      lambda('Two', 'lambda.context', 'ReservedConcurrentExecutions: 2'),
  );
});

test('A4 the context names function, request and memory, and AWS is here', async () => {
  const { requestId } = await app.invoke('Seen', { wait: 0 });
  expect(answerOf(app.journal.entry(requestId))).toMatchObject({
    awsRequestId: requestId,
    functionName: 'seen',
    memoryLimitInMB: '256',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:seen',
    endpoint: app.aws.sqs.endpoint,
    region: 'us-east-1',
  });
});

test('A5 the deadline counts down, and Lambda ends what passes it', async () => {
  const { requestId } = await app.invoke('Seen', { wait: 500 });
  const { before, after } = answerOf(app.journal.entry(requestId)) as { before: number; after: number };
  expect(before).toBeGreaterThan(4_000);
  expect(before).toBeLessThanOrEqual(5_000);
  expect(before - after).toBeGreaterThanOrEqual(490);
  expect(before - after).toBeLessThan(2_000);
  const late = await app.invoke('Late', { wait: 10_000 });
  expect(late).toMatchObject({
    ok: false,
    reason: 'timeout',
    error: {
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(/timed out after 1.00 seconds/u),
    },
  });
});

test('A1 an environment serves one invocation at a time, and is used again', async () => {
  const first = await Promise.all([1, 2, 3].map(() => app.invoke('Seen', { wait: 300 })));
  const seen = first.map(({ requestId }) => answerOf(app.journal.entry(requestId)));
  expect(seen).toEqual(seen.map(() => expect.objectContaining({ atOnce: 1 })));
  const starts = app.journal.entries().filter(({ function: id }) => id === 'Seen').length;
  const again = await app.invoke('Seen', { wait: 0 });
  expect(answerOf(app.journal.entry(again.requestId))).not.toMatchObject({ invocations: 1 });
  expect(again.initDuration).toBeUndefined();
  expect((await untilEnded(app, 'Seen', starts + 1)).length).toBe(starts + 1);
});

test('A1 reserved concurrency is the bound of environments', async () => {
  const results = await Promise.all([1, 2, 3].map(() => app.invoke('Two', { wait: 1_000 })));
  expect(results.filter(({ ok }) => ok).length).toBe(2);
  expect(results.find(({ ok }) => !ok)).toMatchObject({ reason: 'throttled' });
});
