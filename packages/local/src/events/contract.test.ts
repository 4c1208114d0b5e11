import { EventBridgeClient, ListRulesCommand, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { startEvents } from './start.ts';
import type { InvokeRequest, LocalEvents, PutEvent } from './start.ts';

const put: PutEvent[] = [];
const invoked: InvokeRequest[] = [];
const measured = { duration: 1, memoryUsed: 1 };
let local: LocalEvents;
let events: EventBridgeClient;
let lambda: LambdaClient;

beforeAll(async () => {
  local = await startEvents({
    region: 'us-east-1',
    accountId: '000000000000',
    now: () => Date.parse('2026-03-01T00:00:00Z'),
    put: (event) => put.push(event),
    invoke: async (request) => {
      invoked.push(request);
      if (request.name === 'nothing') return undefined;
      if (request.type === 'Event') return 'accepted';
      const error = { errorType: 'Error', errorMessage: 'boom', trace: [] };
      return request.name === 'broken'
        ? { ok: false, reason: 'error', error, ...measured }
        : { ok: true, payload: JSON.stringify({ got: request.payload }), ...measured };
    },
  });
  const config = {
    endpoint: local.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  };
  events = new EventBridgeClient(config);
  lambda = new LambdaClient(config);
});
afterAll(async () => {
  events.destroy();
  lambda.destroy();
  await local.close();
});

test('an entry that is malformed is refused alone, by its place in the list', async () => {
  const answer = await events.send(
    new PutEventsCommand({
      Entries: [
        { Source: 'shop', DetailType: 'Sold', Detail: 'nonsense' },
        { Source: 'shop', Detail: '{}' },
        { Source: 'shop', DetailType: 'Sold', Detail: '{"total":7}', EventBusName: 'orders' },
      ],
    }),
  );
  expect(answer.FailedEntryCount).toBe(2);
  expect(answer.Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([
    'MalformedDetail',
    'InvalidArgument',
    undefined,
  ]);
  expect(put).toEqual([
    {
      bus: 'orders',
      trace: undefined,
      event: expect.objectContaining({
        source: 'shop',
        'detail-type': 'Sold',
        detail: { total: 7 },
        time: '2026-03-01T00:00:00Z',
        account: '000000000000',
      }),
    },
  ]);
});

test('what it does not know is named', async () => {
  await expect(events.send(new ListRulesCommand({}))).rejects.toMatchObject({
    name: 'NotImplemented',
    message: expect.stringContaining('ListRules'),
  });
  const answer = await fetch(local.endpoint, { method: 'POST' });
  expect(answer.status).toBe(403);
});

test('a function is invoked by its name, and its failure is an answer', async () => {
  const good = await lambda.send(new InvokeCommand({ FunctionName: 'orders', Payload: '{"n":1}' }));
  expect(good.FunctionError).toBeUndefined();
  expect(Buffer.from(good.Payload ?? []).toString()).toBe('{"got":{"n":1}}');
  const bad = await lambda.send(new InvokeCommand({ FunctionName: 'broken' }));
  expect(bad.FunctionError).toBe('Unhandled');
  expect(Buffer.from(bad.Payload ?? []).toString()).toContain('"errorMessage":"boom"');
  const later = await lambda.send(new InvokeCommand({ FunctionName: 'orders', InvocationType: 'Event' }));
  expect(later.StatusCode).toBe(202);
  expect(invoked.at(-1)).toMatchObject({ name: 'orders', type: 'Event', payload: {} });
  await expect(lambda.send(new InvokeCommand({ FunctionName: 'nothing' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});
