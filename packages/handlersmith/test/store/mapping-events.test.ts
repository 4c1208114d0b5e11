/** T6: what streams and schedules are told of a write, and which keys theirs are. */
import { dynamoStreamEvent, lambdaContext, scheduledEvent } from '@handlersmith/testing';
import { cronHandler } from 'handlersmith/cron';
import { blobStore, type BlobStore } from 'handlersmith/store';
import { streamHandler } from 'handlersmith/stream';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import { notSent, passes, type Servers, startServers } from '../../src/store/servers.fixture.ts';

let servers: Servers;
let reports: BlobStore<{ readonly id: string }>;
beforeAll(async () => {
  servers = await startServers();
  reports = blobStore(servers.options);
});
afterAll(() => servers[Symbol.asyncDispose]());
beforeEach(() => servers.reset());

const write = (scope: string, idempotencyKey: string, text: string) =>
  reports.create({
    scope,
    idempotencyKey,
    body: new TextEncoder().encode(text),
    row: () => ({ text }),
    respond: () => null,
  });

it('D1 a write whose outcome is not known ends the shard there; the batch comes again, and is done once', async () => {
  const handler = streamHandler(
    { logger: false },
    {
      insert: ({ record, after }) =>
        write('changes', record.eventID ?? '', JSON.stringify(after['id'])).then(() => undefined),
    },
  );
  const event = dynamoStreamEvent(['one', 'two', 'three'].map((id) => ({ type: 'insert', after: { id } })));
  const rows = (await servers.inspect.rows()).length;
  servers.faults.push(passes, passes, passes, passes, passes, notSent, notSent, notSent);
  expect(await handler(event, lambdaContext())).toEqual({
    batchItemFailures: [{ itemIdentifier: event.Records[1]?.dynamodb?.SequenceNumber }],
  });
  expect((await servers.inspect.rows()).length).toBe(rows + 1);

  servers.reset();
  expect(await handler(event, lambdaContext())).toEqual({ batchItemFailures: [] });
  expect((await servers.inspect.rows()).length).toBe(rows + 3);
});

it('C2 a slot that comes twice is written once; the next slot is another', async () => {
  const handler = cronHandler({ logger: false, schedule: 'nightly' }, async ({ slot }) => {
    await write('nightly', slot.toISOString(), 'report');
  });
  const rows = (await servers.inspect.rows()).length;
  const event = scheduledEvent({ time: new Date('2026-11-20T02:00:00Z') });
  for (const each of [event, event, scheduledEvent({ time: new Date('2026-11-21T02:00:00Z') })]) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await handler(each, lambdaContext());
  }
  expect((await servers.inspect.rows()).length).toBe(rows + 2);
});

it('C2 a write whose outcome is not known fails the run, so that Lambda runs it again', async () => {
  const handler = cronHandler({ logger: false, schedule: 'nightly' }, async ({ slot }) => {
    await write('nightly', slot.toISOString(), 'report');
  });
  const event = scheduledEvent({ time: new Date('2026-11-19T02:00:00Z') });
  servers.faults.push(passes, passes, notSent, notSent, notSent);
  await expect(handler(event, lambdaContext())).rejects.toMatchObject({ name: 'OutcomeUnknown' });
  servers.reset();
  await expect(handler(event, lambdaContext())).resolves.toBeUndefined();
});
