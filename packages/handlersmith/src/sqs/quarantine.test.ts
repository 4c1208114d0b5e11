import { captureLogs, lambdaContext, sqsEvent } from '@handlersmith/testing';
import type { SQSEvent } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

import type { SqsClient } from './client.ts';
import { permanent, quarantine, type QuarantineOptions, sqsHandler } from './index.ts';
import { type Server, startServer } from './server.fixture.ts';

let server: Server;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const silent = { logger: false } as const;
const ids = ({ batchItemFailures }: { batchItemFailures: readonly { itemIdentifier: string }[] }): string[] =>
  batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);

const soldOut = (): never => {
  throw permanent('sold out');
};

const slow = async ({ signal }: { signal: AbortSignal }): Promise<void> => {
  await new Promise((resolve) => signal.addEventListener('abort', resolve));
  throw permanent('found out late');
};

const make = (options: object) => (): unknown => quarantine(options as QuarantineOptions);

describe('quarantine', () => {
  it('Q3 sends body, attributes, trace and the reason, and the message is done', async () => {
    const queueUrl = await server.createQueue('q-plain');
    const handler = sqsHandler(
      { onPermanent: quarantine({ queueUrl, client: server.client }), message: z.object({ id: z.string() }) },
      ({ message }) => {
        if (message.id === 'sold') throw permanent('sold out \u{1}\u{ffff} today');
      },
    );
    const attributes = {
      tenant: 'a',
      n: 1.5,
      bytes: Uint8Array.of(1, 2),
      own: { type: 'Number.int', value: '7' },
    };
    const event = sqsEvent([
      {
        body: { id: 'sold' },
        attributes,
        messageId: 'm1',
        attempt: 3,
        traceHeader: 'Root=1-5759e988-bd862e3fe1be46a994272793',
      },
      { body: { id: 'fine' } },
      { body: 'no JSON é', messageId: 'm3' },
    ]);
    const { result, lines } = await captureLogs(() => handler(event, lambdaContext()));
    expect(result).toEqual({ batchItemFailures: [] });
    expect(lines).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          level: 'ERROR',
          record_id: 'm1',
          permanent: true,
          handling: 'quarantined',
        }),
        expect.objectContaining({
          level: 'ERROR',
          record_id: 'm3',
          permanent: true,
          handling: 'quarantined',
        }),
        expect.objectContaining({ level: 'WARN', done: 1, discarded: 2, failed: 0 }),
      ]),
    );
    const [sold, bad, ...more] = await server.receive(queueUrl);
    expect(more).toEqual([]);
    expect(sold).toMatchObject({
      body: '{"id":"sold"}',
      messageAttributes: {
        tenant: { dataType: 'String', stringValue: 'a' },
        n: { dataType: 'Number', stringValue: '1.5' },
        bytes: { dataType: 'Binary', binaryValue: 'AQI=' },
        own: { dataType: 'Number.int', stringValue: '7' },
        QuarantineReason: { stringValue: 'sold out \u{fffd}\u{fffd} today' },
        QuarantineMessageId: { stringValue: 'm1' },
        QuarantineAttempts: { stringValue: '3' },
      },
    });
    expect(bad).toMatchObject({
      body: 'no JSON é',
      messageAttributes: {
        QuarantineReason: { stringValue: expect.stringContaining('not JSON') },
        QuarantineSource: { stringValue: 'arn:aws:sqs:eu-west-1:123456789012:test-queue' },
        QuarantineMessageId: { stringValue: 'm3' },
        QuarantineAttempts: { dataType: 'Number', stringValue: '1' },
        QuarantineTime: { stringValue: expect.stringMatching(/^\d{4}-.*Z$/) },
      },
    });
  });

  it('Q3 takes more messages than one request holds', async () => {
    const queueUrl = await server.createQueue('q-many');
    const handler = sqsHandler(
      { ...silent, onPermanent: quarantine({ queueUrl, client: server.client }), concurrency: 50 },
      soldOut,
    );
    const event = sqsEvent(Array.from({ length: 57 }, (_, id) => ({ body: { id } })));
    expect(ids(await handler(event))).toEqual([]);
    expect((await server.receive(queueUrl)).map(({ body }) => body).toSorted()).toEqual(
      event.Records.map(({ body }) => body).toSorted(),
    );
  });

  it('Q3 Q4 a FIFO queue keeps the group; a group goes on once its message is away', async () => {
    const queueUrl = await server.createQueue('q-order.fifo', { FifoQueue: 'true' });
    const ran: string[] = [];
    const handler = sqsHandler(
      { ...silent, format: 'text', onPermanent: quarantine({ queueUrl, client: server.client }) },
      ({ message }) => {
        ran.push(message);
        if (message === 'a1') throw permanent('never');
      },
    );
    const event = sqsEvent(
      ['a1', 'a2'].map((body) => ({ body, groupId: 'a', messageId: body, deduplicationId: 'same' })),
      { queue: 'orders.fifo' },
    );
    expect(ids(await handler(event))).toEqual([]);
    expect(ran).toEqual(['a1', 'a2']);
    const [kept] = await server.receive(queueUrl);
    expect(kept?.attributes).toMatchObject({ MessageGroupId: 'a', MessageDeduplicationId: 'a1' });
  });

  it('Q3 what the queue does not take is reported failed, and its group waits', async () => {
    const ran: string[] = [];
    const queueUrl = (await server.createQueue('q-here.fifo', { FifoQueue: 'true' })).replace(
      'here',
      'nowhere',
    );
    const handler = sqsHandler(
      { format: 'text', onPermanent: quarantine({ queueUrl, client: server.client }) },
      ({ message }) => {
        ran.push(message);
        if (message === 'a1') throw permanent('sold out');
      },
    );
    const event = sqsEvent(
      ['a1', 'a2', 'b1'].map((body) => ({ body, groupId: body.charAt(0), messageId: body })),
      { queue: 'orders.fifo' },
    );
    const { result, lines } = await captureLogs(() => handler(event, lambdaContext()));
    expect(ids(result)).toEqual(['a1', 'a2']);
    expect(ran.toSorted()).toEqual(['a1', 'b1']);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatchObject({
      record_id: 'a1',
      permanent: false,
      error: {
        message: expect.stringContaining('could not be put into quarantine: sold out'),
        cause: { name: 'QueueDoesNotExist' },
      },
    });
  });

  it('Q2 a record without a body, as only hands make it, is reported failed and keeps no other from being sent', async () => {
    const queueUrl = await server.createQueue('q-bodyless');
    const { Records } = sqsEvent(['no JSON', 'no JSON either']);
    const [first, second] = Records;
    const event = { Records: [{ ...first, body: undefined }, second] } as unknown as SQSEvent; // made by hand
    const handler = sqsHandler({ onPermanent: quarantine({ queueUrl, client: server.client }) }, () => {});
    const { result, lines } = await captureLogs(() => handler(event, lambdaContext({ timeout: 2000 })));
    expect(ids(result)).toEqual([first?.messageId]);
    expect(await server.receive(queueUrl)).toHaveLength(1);
    expect(lines).toContainEqual(
      expect.objectContaining({
        record_id: first?.messageId,
        error: expect.objectContaining({ cause: expect.objectContaining({ name: 'TypeError' }) }),
      }),
    );
  });

  it('Q6 stops work early enough to send, and what hangs in sending is reported failed in time', async () => {
    const hanging: SqsClient = {
      send: (_command, options) =>
        new Promise((_resolve, reject) => {
          options?.abortSignal?.addEventListener('abort', () => reject(new Error('aborted')));
        }),
    };
    const options = (client: SqsClient): { onPermanent: ReturnType<typeof quarantine> } => ({
      onPermanent: quarantine({ queueUrl, client }),
    });
    const queueUrl = await server.createQueue('q-late');

    const begun = performance.now();
    const late = sqsHandler({ ...silent, ...options(server.client) }, slow);
    expect(ids(await late(sqsEvent([{}]), lambdaContext({ timeout: 1000 })))).toEqual([]);
    expect(await server.receive(queueUrl)).toHaveLength(1);

    const stuck = sqsHandler({ ...silent, ...options(hanging) }, soldOut);
    const event = sqsEvent([{}]);
    expect(ids(await stuck(event, lambdaContext({ timeout: 600 })))).toEqual([event.Records[0]?.messageId]);
    expect(performance.now() - begun).toBeLessThan(1600);
  });

  it('A6 wrong options fail when it is made', () => {
    expect(make({})).toThrow('quarantine: option "queueUrl" must be given');
    expect(make({ queueUrl: '' })).toThrow('option "queueUrl" must be a non-empty string');
    expect(make({ queueUrl: 'u', client: {} })).toThrow('option "client" must be an SQSClient');
    expect(make({ queueUrl: 'u', queue: 'x' })).toThrow('unknown option "queue"');
    expect(sqsHandler({ onPermanent: quarantine({ queueUrl: 'u' }) }, () => {}).manifest).toMatchObject({
      onPermanent: 'quarantine',
      sendsTo: ['u'],
    });
  });
});
