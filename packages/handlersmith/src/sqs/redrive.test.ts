import { captureLogs, lambdaContext, sqsEvent } from '@handlersmith/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

import { permanent, quarantine, redriveHandler, type RedriveOptions, sqsHandler } from './index.ts';
import { type Server, startServer } from './server.fixture.ts';

let server: Server;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const Order = z.object({ id: z.string() });
const ids = ({ batchItemFailures }: { batchItemFailures: readonly { itemIdentifier: string }[] }): string[] =>
  batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);

const named = (id: string): object => ({ body: { id }, messageId: id, attributes: { tenant: 'a' } });

const make = (options: object) => (): unknown => redriveHandler(options as RedriveOptions, () => 'keep');

describe('redriveHandler', () => {
  it('sends back, drops and keeps, and logs what it did not send', async () => {
    const to = await server.createQueue('r-source');
    const handler = redriveHandler({ to, client: server.client, message: Order }, ({ message }) =>
      message.id === 'old' ? 'drop' : message.id === 'later' ? 'keep' : 'redrive',
    );
    const event = sqsEvent([
      named('again'),
      named('old'),
      named('later'),
      { body: 'no JSON', messageId: 'bad' },
    ]);
    const { result, lines } = await captureLogs(() => handler(event, lambdaContext()));
    expect(ids(result).toSorted()).toEqual(['bad', 'later']);
    expect(lines).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ record_id: 'old', message: 'record skipped', reason: 'dropped' }),
        expect.objectContaining({ record_id: 'later', message: 'record postponed', reason: 'kept' }),
        expect.objectContaining({ record_id: 'bad', message: 'record failed', permanent: true }),
      ]),
    );
    expect(await server.receive(to)).toMatchObject([
      {
        body: '{"id":"again"}',
        messageAttributes: { tenant: { stringValue: 'a' }, Redrives: { stringValue: '1' } },
      },
    ]);
  });

  it('takes a message from quarantine back, as it first came, as often as allowed', async () => {
    const source = await server.createQueue('r-orders');
    const queueUrl = await server.createQueue('r-quarantine', { VisibilityTimeout: '0' });
    const work = sqsHandler(
      { logger: false, onPermanent: quarantine({ queueUrl, client: server.client }) },
      () => {
        throw permanent('sold out');
      },
    );
    const seen: unknown[] = [];
    const redrive = redriveHandler(
      { to: source, client: server.client, logger: false, maxRedrives: 2 },
      ({ reason, redrives }) => {
        seen.push([reason?.reason, reason?.source, redrives]);
        return redrives < 2 ? 'redrive' : 'drop';
      },
    );
    await work(sqsEvent([{ body: { id: 'o1' }, attributes: { tenant: 'a' } }]));
    await server.drain(queueUrl, redrive);
    const [back] = await server.receive(source);
    expect(Object.keys(back?.messageAttributes ?? {}).toSorted()).toEqual(['Redrives', 'tenant']);
    await work({ Records: [back as NonNullable<typeof back>] }); // there is one: its attributes were just looked at
    await server.drain(queueUrl, redrive);
    await server.drain(source, work);
    await server.drain(queueUrl, redrive);
    expect(seen).toEqual([
      ['sold out', 'arn:aws:sqs:eu-west-1:123456789012:test-queue', 0],
      ['sold out', 'arn:aws:sqs:eu-west-1:000000000000:r-orders', 1],
      ['sold out', 'arn:aws:sqs:eu-west-1:000000000000:r-orders', 2],
    ]);
    expect(await server.receive(source)).toEqual([]);
  });

  it('keeps what went back too often', async () => {
    const to = await server.createQueue('r-often');
    const handler = redriveHandler({ to, client: server.client }, () => 'redrive');
    const event = sqsEvent([{ messageId: 'm', attributes: { Redrives: 3 } }]);
    const { result, lines } = await captureLogs(() => handler(event, lambdaContext()));
    expect(ids(result)).toEqual(['m']);
    expect(lines[0]).toMatchObject({ reason: 'kept: redriven 3 times before' });
    expect(await server.receive(to)).toEqual([]);
  });

  it('Q4 FIFO: keeps groups and their order, and gives each message a new deduplication id', async () => {
    const to = await server.createQueue('r-fifo.fifo', { FifoQueue: 'true' });
    const handler = redriveHandler(
      { to, client: server.client, logger: false, format: 'text' },
      ({ message }) => (message === 'b1' ? 'keep' : 'redrive'),
    );
    const event = sqsEvent(
      ['a1', 'b1', 'a2', 'b2'].map((body) => ({
        body,
        messageId: body,
        groupId: body.charAt(0),
        deduplicationId: 'd',
      })),
      { queue: 'dead.fifo' },
    );
    // A kept message holds back the rest of its group.
    expect(ids(await handler(event))).toEqual(['b1', 'b2']);
    expect(
      (await server.receive(to)).map(({ body, attributes }) => [body, attributes.MessageDeduplicationId]),
    ).toEqual([
      ['a1', 'redrive-a1'],
      ['a2', 'redrive-a2'],
    ]);
  });

  it('what cannot be sent, and what is no decision, stays', async () => {
    const gone = (await server.createQueue('r-gone')).replace('r-gone', 'r-nowhere');
    const handler = redriveHandler({ to: gone, client: server.client, logger: false }, () => 'redrive');
    expect(ids(await handler(sqsEvent([{ messageId: 'm' }])))).toEqual(['m']);
    const odd = redriveHandler({ to: gone, client: server.client }, () => 'delete' as never);
    const { result, lines } = await captureLogs(() => odd(sqsEvent([{ messageId: 'm' }]), lambdaContext()));
    expect(ids(result)).toEqual(['m']);
    expect(lines[0]).toMatchObject({ error: { message: expect.stringContaining('got delete') } });
  });

  it('A6 wrong options fail when it is built', () => {
    expect(make({})).toThrow('option "to" must be given');
    expect(make({ to: 'u', maxRedrives: -1 })).toThrow('option "maxRedrives"');
    expect(make({ to: 'u', delaySeconds: 901 })).toThrow(
      'option "delaySeconds" must be a whole number from 0 to 900',
    );
    expect(make({ to: 'u.fifo', delaySeconds: 1 })).toThrow('not for FIFO queues');
    expect(make({ to: 'u', onPermanent: 'drop' })).toThrow('unknown option "onPermanent"');
    expect(redriveHandler({ to: 'u' }, () => 'keep').manifest).toMatchObject({
      sendsTo: ['u'],
      trigger: 'sqs',
    });
  });
});
