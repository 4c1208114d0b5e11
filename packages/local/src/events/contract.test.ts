import { EventBridgeClient, ListRulesCommand, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { InvocationType } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, test } from 'vitest';

import type { InvokeRequest } from './invoke.ts';
import type { PutEvent } from './put.ts';
import { startEvents } from './start.ts';
import type { LocalEvents } from './start.ts';

const put: PutEvent[] = [];
const invoked: InvokeRequest[] = [];
const logs = [
  { time: 1, stream: 'stdout', text: 'begun\n' },
  { time: 2, stream: 'stdout', text: `${'é'.repeat(4_000)} done` },
] as const;
const measured = { duration: 1.234, initDuration: 20, memoryUsed: 40.2, memory: 128, requestId: 'r1', logs };
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
        { Source: 'shop', DetailType: 'Sold', Detail: '[1]' },
        { Source: 'shop', DetailType: 'Sold', Detail: '"text"' },
        { Source: 'shop', DetailType: 'Sold', Detail: 'null' },
        { Source: 'shop', Detail: '{}' },
        { Source: 'shop', DetailType: 'Sold' },
        { Source: 'shop', DetailType: 'Sold', Detail: '{"total":7}', EventBusName: 'orders' },
      ],
    }),
  );
  expect(answer.FailedEntryCount).toBe(6);
  expect(answer.Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([
    'MalformedDetail',
    'MalformedDetail',
    'MalformedDetail',
    'MalformedDetail',
    'InvalidArgument',
    'InvalidArgument',
    undefined,
  ]);
  expect(answer.Entries?.[5]?.ErrorMessage).toBe(
    'Parameter Detail is not valid. Reason: Detail is a required argument.',
  );
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

test('a log is given where it is asked for: its last 4 KB, with how long it took and what it needed', async () => {
  const plain = await lambda.send(new InvokeCommand({ FunctionName: 'orders' }));
  expect(plain.LogResult).toBeUndefined();
  const tailed = await lambda.send(new InvokeCommand({ FunctionName: 'orders', LogType: 'Tail' }));
  const bytes = Buffer.from(tailed.LogResult ?? '', 'base64');
  expect(bytes.length).toBe(4096);
  expect(bytes.toString()).toMatch(
    /éé done\nEND RequestId: r1\nREPORT RequestId: r1\tDuration: 1.23 ms\tBilled Duration: 22 ms\tMemory Size: 128 MB\tMax Memory Used: 41 MB\tInit Duration: 20.00 ms\n$/u,
  );
});

const arn = 'arn:aws:lambda:us-east-1:000000000000:function:orders';
test.each([
  ['orders', undefined, 'orders', undefined],
  ['orders', 'live', 'orders', 'live'],
  ['orders:live', undefined, 'orders', 'live'],
  ['orders:live', 'live', 'orders', 'live'],
  [arn, undefined, arn, undefined],
  [`${arn}:$LATEST`, undefined, arn, '$LATEST'],
  ['000000000000:function:orders:7', undefined, 'orders', '7'],
])('%s with qualifier %s is %s at %s', async (FunctionName, Qualifier, name, qualifier) => {
  await lambda.send(new InvokeCommand({ FunctionName, Qualifier }));
  expect([invoked.at(-1)?.name, invoked.at(-1)?.qualifier]).toEqual([name, qualifier]);
});

test('a client context is for an invocation that is waited for', async () => {
  const context = {
    FunctionName: 'orders',
    ClientContext: Buffer.from('{"custom":{"a":"ü"}}').toString('base64'),
  };
  await lambda.send(new InvokeCommand(context));
  expect(invoked.at(-1)?.clientContext).toBe('{"custom":{"a":"ü"}}');
  await lambda.send(new InvokeCommand({ ...context, InvocationType: 'Event' }));
  expect(invoked.at(-1)).not.toHaveProperty('clientContext');
});

test.each([
  [
    'qualifiers that differ',
    { FunctionName: 'orders:live', Qualifier: 'test' },
    'InvalidParameterValueException',
  ],
  ['a payload that is no JSON', { Payload: '{' }, 'InvalidRequestContentException'],
  ['a client context that is no JSON', { ClientContext: btoa('x') }, 'InvalidRequestContentException'],
  ['a client context that is no object', { ClientContext: btoa('[1]') }, 'InvalidRequestContentException'],
  [
    'a client context that is too long',
    { ClientContext: btoa(JSON.stringify({ a: 'a'.repeat(3_000) })) },
    'InvalidRequestContentException',
  ],
  ['an unknown type', { InvocationType: 'Later' as InvocationType }, 'InvalidParameterValueException'],
  [
    'an event that is too large',
    { InvocationType: 'Event' as const, Payload: `"${'a'.repeat(1024 * 1024)}"` },
    'RequestTooLargeException',
  ],
  ['a version that is not there', { FunctionName: 'nothing:7' }, 'ResourceNotFoundException'],
])('Invoke refuses %s', async (_, input, name) => {
  await expect(lambda.send(new InvokeCommand({ FunctionName: 'orders', ...input }))).rejects.toMatchObject({
    name,
  });
});
