import { captureLogs, lambdaContext, sqsEvent } from '@handlersmith/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { type ClaimRequest, customStore, memoryStore } from '../idempotency/index.ts';
import { permanent, sqsHandler } from './index.ts';

const Order = z.object({ id: z.string() });

/** A claim that gets no answer, and ends as the AWS SDK's requests do. */
const hangs = (_key: string, { signal }: ClaimRequest): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(new Error('Request aborted')));
  });

describe('idempotency', () => {
  it('Q8 O5 does the work of one business id once, whatever message it comes in', async () => {
    const done: string[] = [];
    const handler = sqsHandler(
      {
        message: Order,
        concurrency: 1,
        idempotency: { store: memoryStore(), key: ({ message }) => message.id },
      },
      ({ message }) => {
        done.push(message.id);
      },
    );
    const twice = sqsEvent([{ body: { id: 'o1' } }, { body: { id: 'o1' } }, { body: { id: 'o2' } }]);
    const { result, lines } = await captureLogs(() => handler(twice, lambdaContext()));
    expect(result).toEqual({ batchItemFailures: [] });
    expect(lines).toMatchObject([
      { message: 'record skipped', reason: 'done before' },
      { done: 2, skipped: 1 },
    ]);
    // A redelivery has another receipt handle and count.
    await captureLogs(() => handler(sqsEvent([{ body: { id: 'o1' }, attempt: 2 }]), lambdaContext()));
    expect(done).toEqual(['o1', 'o2']);
  });

  it('O5 a duplicate of work under way is a transient failure, also where permanent ones are dropped', async () => {
    const work = Promise.withResolvers<void>();
    const handler = sqsHandler(
      {
        logger: false,
        message: Order,
        onPermanent: 'drop',
        idempotency: { store: memoryStore(), key: ({ message }) => message.id },
      },
      () => work.promise,
    );
    const event = sqsEvent([{ body: { id: 'o1' } }, { messageId: 'duplicate', body: { id: 'o1' } }]);
    const answer = handler(event, lambdaContext());
    await new Promise((resolve) => setTimeout(resolve, 20));
    work.resolve();
    expect(await answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'duplicate' }] });
  });

  it('O5 work that failed may be tried again, for good or not', async () => {
    let tries = 0;
    const handler = sqsHandler(
      { logger: false, idempotency: { store: memoryStore(), key: ({ messageId }) => messageId } },
      () => {
        tries += 1;
        throw tries === 1 ? new Error('busy') : permanent('never');
      },
    );
    const event = sqsEvent([{}]);
    for (let attempt = 0; attempt < 3; attempt++) {
      // oxlint-disable-next-line no-await-in-loop -- deliveries follow each other
      expect((await handler(event, lambdaContext())).batchItemFailures).toHaveLength(1);
    }
    expect(tries).toBe(3);
  });

  it('O5 a message without a key fails for good, alone', async () => {
    const handler = sqsHandler(
      {
        logger: false,
        onPermanent: 'drop',
        idempotency: { store: memoryStore(), key: ({ groupId }) => groupId },
      },
      () => {
        throw new Error('not to be run');
      },
    );
    expect(await handler(sqsEvent([{}]), lambdaContext())).toEqual({ batchItemFailures: [] });
  });

  it('O5 says that it is the store that did not answer when a claim hangs until time is up', async () => {
    const store = customStore({ ...memoryStore(), claim: hangs });
    const { result, lines } = await captureLogs(async () => {
      const handler = sqsHandler({ idempotency: { store, key: ({ messageId }) => messageId } }, () => {});
      return handler(sqsEvent([{}]), lambdaContext({ timeout: 400 }));
    });
    expect(result.batchItemFailures).toHaveLength(1);
    expect(lines).toMatchObject([
      { level: 'WARN', message: expect.stringContaining('the store did not answer') as unknown },
      { error: { name: 'DeadlineReached' } },
      { failed: 1 },
    ]);
  });

  it('A6 wrong options fail when the handler is built', () => {
    expect(() => sqsHandler({ idempotency: {} as never }, () => {})).toThrow('sqsHandler: idempotency');
    expect(() => sqsHandler({ idempotency: true as never }, () => {})).toThrow(
      'option "idempotency" must be',
    );
  });
});
