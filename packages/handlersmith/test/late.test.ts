/** What comes too late must not begin work: it would run in a later invocation, beside a retry of the same event. */
import { setTimeout as wait } from 'node:timers/promises';

import {
  dynamoStreamEvent,
  eventBridgeEvent,
  httpEvent,
  invoke,
  kinesisEvent,
  lambdaContext,
  snsEvent,
  sqsEvent,
} from '@handlersmith/testing';
import { eventBridgeHandler, on } from 'handlersmith/eventbridge';
import { httpHandler } from 'handlersmith/http';
import { snsHandler } from 'handlersmith/sns';
import { sqsHandler, type StandardSchema } from 'handlersmith/sqs';
import { kinesisHandler, streamHandler } from 'handlersmith/stream';
import { expect, it, vi } from 'vitest';

/** Looks longer than the invocation may last. */
const slow: StandardSchema = {
  '~standard': { version: 1, vendor: 'test', validate: (value) => wait(150, { value }) },
};

const run = vi.fn<() => void>();
const quiet = { logger: false, deadlineMargin: 20 } as const;

it.each<[string, (event: never, context: object) => Promise<unknown>, object]>([
  ['sqsHandler', sqsHandler({ ...quiet, message: slow }, run), sqsEvent([{}])],
  ['snsHandler', snsHandler({ ...quiet, message: slow }, run), snsEvent([{}])],
  [
    'streamHandler',
    streamHandler({ ...quiet, item: slow }, { insert: run }),
    dynamoStreamEvent([{ type: 'insert', after: { id: 'a' } }]),
  ],
  ['kinesisHandler', kinesisHandler({ ...quiet, data: slow }, run), kinesisEvent([{ data: 1 }])],
  [
    'eventBridgeHandler',
    eventBridgeHandler(quiet, [on({ source: 'a', detailType: 'b', detail: slow }, run)]),
    eventBridgeEvent({ source: 'a', detailType: 'b' }),
  ],
])('A3 %s begins no work after the deadline, where a schema took too long', async (_, handler, event) => {
  run.mockClear();
  await invoke(handler, event as never, lambdaContext({ timeout: 100 })).catch(() => {});
  await wait(200);
  expect(run).not.toHaveBeenCalled();
});

it.each([
  ['the resources', { resources: () => wait(150, {}) }],
  ['a middleware', { use: [{ before: () => wait(150) }] }],
  ['a schema', { body: slow }],
])('A3 H18 httpHandler begins no work after its 504, where %s took too long', async (_, options) => {
  run.mockClear();
  const handler = httpHandler({ ...quiet, ...options }, run);
  const event = httpEvent('httpApi', { method: 'POST', body: {} });
  expect(await invoke(handler, event as never, lambdaContext({ timeout: 100 }))).toMatchObject({
    statusCode: 504,
  });
  await wait(200);
  expect(run).not.toHaveBeenCalled();
});
