import { sqsEvent } from '@handlersmith/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

import { InvalidMessage, MessagesNotSent, queue } from './index.ts';
import { type Server, startServer } from './server.fixture.ts';

let server: Server;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const Order = z.object({ id: z.string(), customer: z.string(), total: z.number().default(0) });
const order = (id: string): { id: string; customer: string } => ({ id, customer: 'c1' });

describe('queue', () => {
  it('sends what its handler takes, end to end, until the queue is empty', async () => {
    const url = await server.createQueue('end-to-end', { VisibilityTimeout: '0' });
    const orders = queue(Order, { url, client: server.client });
    const sent = await orders.sendBatch(Array.from({ length: 25 }, (_, id) => order(`o${id}`)));
    expect(new Set(sent.map(({ messageId }) => messageId)).size).toBe(25);
    await orders.send(order('\u{ffff} o25 é'), {
      attributes: { tenant: 'a', n: 2, bytes: Uint8Array.of(1) },
    });

    const done: string[] = [];
    const carried: unknown[] = [];
    const handler = orders.handler({ logger: false }, ({ message, attempt, attributes }) => {
      if (message.id === 'o3' && attempt < 3) throw new Error('busy');
      done.push(message.id);
      if ('tenant' in attributes) carried.push(attributes);
      expect(message.total).toBe(0);
    });
    await server.drain(url, handler);
    expect(carried).toEqual([{ tenant: 'a', n: 2, bytes: Buffer.of(1) }]);
    expect(done.toSorted()).toEqual(
      [...Array.from({ length: 25 }, (_, id) => `o${id}`), '\u{ffff} o25 é'].toSorted(),
    );
  });

  it('FIFO: gives each message its group and deduplication id', async () => {
    const url = await server.createQueue('typed.fifo', { FifoQueue: 'true' });
    const orders = queue(Order, {
      url,
      client: server.client,
      fifo: { group: ({ customer }) => customer, deduplicationId: ({ id }) => id },
    });
    const receipts = await orders.sendBatch([order('o1'), order('o1'), { ...order('o2'), customer: 'c2' }]);
    expect(receipts.every(({ sequenceNumber }) => sequenceNumber !== undefined)).toBe(true);
    await orders.send(order('o3'), { groupId: 'mine', deduplicationId: 'once' });
    const records = await server.receive(url);
    expect(
      records
        .map(({ attributes }) => `${attributes.MessageGroupId} ${attributes.MessageDeduplicationId}`)
        .toSorted(),
    ).toEqual(['c1 o1', 'c2 o2', 'mine once']);
  });

  it('sends nothing that its handler would refuse', async () => {
    const url = await server.createQueue('invalid');
    const orders = queue(Order, { url, client: server.client });
    const bad = { id: 1, customer: 'hunter2' } as never;
    await expect(orders.send(bad)).rejects.toBeInstanceOf(InvalidMessage);
    await expect(orders.sendBatch([order('fine'), bad])).rejects.toMatchObject({
      name: 'InvalidMessage',
      issues: [{ pointer: '/id' }],
    });
    await expect(orders.send(undefined as never)).rejects.toThrow('no JSON');
    await expect(
      orders.send(order('x'), {
        attributes: Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`a${n}`, n])),
      }),
    ).rejects.toThrow('11 attributes');
    expect(await server.receive(url)).toEqual([]);
  });

  it('checks what will arrive: a date is text by then', async () => {
    const url = await server.createQueue('dates');
    const client = server.client;
    await expect(queue(z.object({ at: z.date() }), { url, client }).send({ at: new Date() })).rejects.toThrow(
      '/at',
    );
    const coerced = queue(z.object({ at: z.coerce.date<Date>() }), { url, client });
    await coerced.send({ at: new Date(0) });
    const seen: Date[] = [];
    await server.drain(
      url,
      coerced.handler({ logger: false }, ({ message }) => seen.push(message.at)),
    );
    expect(seen).toEqual([new Date(0)]);
  });

  it('tells which messages of a batch were not taken', async () => {
    const url = await server.createQueue('large');
    const large = queue(z.string(), { url, client: server.client });
    const error: unknown = await large
      .sendBatch(['a', 'x'.repeat(1024 * 1024), 'b'])
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(MessagesNotSent);
    expect(error).toMatchObject({
      message: '1 of 3 messages were not sent',
      failed: [{ index: 1, error: { message: expect.stringContaining('1048578 bytes') } }],
      receipts: [{}, undefined, {}],
    });
    expect((await server.receive(url)).map(({ body }) => body).toSorted()).toEqual(['"a"', '"b"']);
    await expect(large.send('x'.repeat(1024 * 1024))).rejects.toThrow('1048578 bytes');
  });

  it('stops by a signal', async () => {
    const url = await server.createQueue('stopped');
    await expect(
      queue(Order, { url, client: server.client }).send(order('x'), { signal: AbortSignal.abort() }),
    ).rejects.toThrow(/abort/i);
  });

  it('A6 wrong options fail when it is defined, a missing URL when it sends', async () => {
    const fifo = { group: () => 'g' };
    expect(() => queue(Order, { url: 'http://q.fifo' })).toThrow('must say the group');
    expect(() => queue(Order, { url: 'http://q', fifo })).toThrow('is only for a FIFO queue');
    expect(() => queue(Order, { uri: 'http://q' } as never)).toThrow('Did you mean "url"?');
    expect(() => queue(Order, { fifo: {} } as never)).toThrow('option "fifo"');
    expect(() => queue({} as never)).toThrow('expected a Standard Schema');
    const consumer = queue(Order, { url: undefined });
    await expect(consumer.send(order('x'))).rejects.toThrow('option "url" must be given to send');
    expect(await consumer.handler({ logger: false }, () => {})(sqsEvent([{ body: order('x') }]))).toEqual({
      batchItemFailures: [],
    });
  });
});
