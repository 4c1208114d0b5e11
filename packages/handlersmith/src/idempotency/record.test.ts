import { setTimeout as wait } from 'node:timers/promises';

import { captureLogs, invoke, lambdaContext } from '@handlersmith/testing';
import { describe, expect, it, vi } from 'vitest';

import type { Invocation } from '../handler/invocation.ts';
import { buildTrigger } from '../handler/trigger.ts';
import { runBatch } from '../records/batch.ts';
import { type Outcome, permanent, skipped } from '../records/outcome.ts';
import { memoryStore } from './memory.ts';
import type { IdempotencyOptions } from './options.ts';
import { runOnce } from './record.ts';
import { customStore } from './store.ts';

interface Message {
  readonly id?: string;
  readonly total: number;
}

/** A trigger whose records are messages. */
function handlerOf(
  run: (message: Message) => unknown,
  options: IdempotencyOptions<Message> | undefined,
  trigger = 'sqs',
  timeout = 3000,
): (records: readonly Message[], functionName?: string) => Promise<readonly Outcome[]> {
  const once = runOnce('sqsHandler', trigger, options);
  const serve = buildTrigger(
    { logger: false },
    {
      name: trigger,
      correlationId: () => undefined,
      serve: (invocation: Invocation) =>
        runBatch(invocation, {
          records: invocation.event as readonly Message[], // what the tests send
          order: 'free',
          concurrency: 10,
          describe: () => ({}),
          run: (message, view) => once(message, invocation, view, () => run(message)),
        }),
    },
  );
  const handler = (event: unknown, context?: object): Promise<unknown> => serve(event, context ?? {});
  return (records, functionName) =>
    invoke(handler, records, lambdaContext({ functionName, timeout })) as Promise<readonly Outcome[]>; // what `serve` returns
}

const optionsWith = (more: Partial<IdempotencyOptions<Message>> = {}): IdempotencyOptions<Message> => ({
  store: memoryStore(),
  key: ({ id }) => id,
  ...more,
});

const done = { status: 'skipped', reason: 'done before' };

const hangs = (): Promise<boolean> => new Promise(() => {});

describe('records', () => {
  it('O5 runs a record once, and skips it when it is delivered again', async () => {
    const work = vi.fn<(message: Message) => unknown>(() => 'result');
    const handler = handlerOf(work, optionsWith());
    const records = [
      { id: 'a', total: 1 },
      { id: 'b', total: 2 },
    ];
    expect(await handler(records)).toEqual([
      { status: 'done', result: 'result' },
      { status: 'done', result: 'result' },
    ]);
    expect(await handler(records)).toEqual([done, done]);
    expect(work).toHaveBeenCalledTimes(2);
  });

  it('O5 makes a duplicate of work under way a transient failure', async () => {
    const work = vi.fn<(message: Message) => unknown>(() => wait(20, 'result'));
    const handler = handlerOf(work, optionsWith());
    expect(
      await handler([
        { id: 'a', total: 1 },
        { id: 'a', total: 1 },
      ]),
    ).toEqual([
      { status: 'done', result: 'result' },
      { status: 'retry', error: expect.objectContaining({ name: 'IdempotencyInProgress' }) as unknown },
    ]);
    expect(work).toHaveBeenCalledOnce();
  });

  it('O5 makes a missing key and another payload permanent failures, and runs neither', async () => {
    const work = vi.fn<(message: Message) => unknown>();
    const handler = handlerOf(work, optionsWith({ payload: ({ total }) => total }));
    await handler([{ id: 'a', total: 1 }]);
    expect(await handler([{ total: 1 }, { id: 'a', total: 2 }])).toEqual([
      {
        status: 'permanent',
        error: expect.objectContaining({
          message: expect.stringContaining('expected an idempotency key') as unknown,
        }) as unknown,
      },
      {
        status: 'permanent',
        error: expect.objectContaining({
          message: expect.stringContaining('another payload') as unknown,
        }) as unknown,
      },
    ]);
    expect(work).toHaveBeenCalledOnce();
  });

  it('O5 tries a record again whose work failed, and one that it skipped itself', async () => {
    const work = vi
      .fn<(message: Message) => unknown>()
      .mockRejectedValueOnce(new Error('no'))
      .mockReturnValueOnce(skipped('not yet'))
      .mockReturnValueOnce(undefined);
    const handler = handlerOf(work, optionsWith());
    const records = [{ id: 'a', total: 1 }];
    expect(await handler(records)).toMatchObject([{ status: 'retry' }]);
    expect(await handler(records)).toEqual([{ status: 'skipped', reason: 'not yet' }]);
    expect(await handler(records)).toEqual([{ status: 'done', result: undefined }]);
    expect(await handler(records)).toEqual([done]);
    expect(work).toHaveBeenCalledTimes(3);
  });

  it('O5 reports nothing done that was not when the store cannot be asked', async () => {
    const work = vi.fn<(message: Message) => unknown>();
    const store = customStore({ ...memoryStore(), claim: () => Promise.reject(new Error('throttled')) });
    const handler = handlerOf(work, optionsWith({ store }));
    expect(await handler([{ id: 'a', total: 1 }])).toEqual([
      { status: 'retry', error: expect.objectContaining({ name: 'IdempotencyStoreFailed' }) as unknown },
    ]);
    expect(work).not.toHaveBeenCalled();
  });

  it.each([
    ['done work stays done', (): unknown => 'result', { status: 'done' }],
    [
      'failed work keeps its error',
      (): unknown => Promise.reject(permanent('no such order')),
      { status: 'permanent', error: { message: 'no such order' } },
    ],
  ])('O6 %s when the store hangs until time is up', async (_, work, outcome) => {
    const store = customStore({ ...memoryStore(), complete: hangs, release: hangs });
    const handler = handlerOf(work, optionsWith({ store }), 'sqs', 400);
    expect(await handler([{ id: 'a', total: 1 }])).toMatchObject([outcome]);
  });

  it('O6 keeps that a record is done, whatever its work returned', async () => {
    const handler = handlerOf(() => ({ big: 1n, large: 'x'.repeat(500_000) }), optionsWith());
    const { lines } = await captureLogs(async () => {
      expect(await handler([{ id: 'a', total: 1 }])).toMatchObject([{ status: 'done' }]);
      expect(await handler([{ id: 'a', total: 1 }])).toEqual([done]);
    });
    expect(lines).toEqual([]);
  });

  it('O5 keeps functions and triggers apart that share a table, unless they share an operation', async () => {
    const store = memoryStore();
    const work = vi.fn<(message: Message) => unknown>();
    const records = [{ id: 'a', total: 1 }];
    await handlerOf(work, optionsWith({ store }))(records, 'one');
    await handlerOf(work, optionsWith({ store }))(records, 'other');
    await handlerOf(work, optionsWith({ store }), 'stream')(records, 'one');
    expect(work).toHaveBeenCalledTimes(3);
    await handlerOf(work, optionsWith({ store, operation: 'ship' }))(records, 'one');
    expect(
      await handlerOf(work, optionsWith({ store, operation: 'ship' }), 'stream')(records, 'other'),
    ).toEqual([done]);
    expect(work).toHaveBeenCalledTimes(4);
  });

  it('O5 holds a claim for as long as the invocation can live, and no longer', async () => {
    const inner = memoryStore();
    const claim = vi.spyOn(inner, 'claim');
    await handlerOf(() => undefined, optionsWith({ store: customStore(inner) }))([{ id: 'a', total: 1 }]);
    const lease = claim.mock.calls[0]?.[1].lease ?? 0;
    expect(lease).toBeGreaterThan(2_500);
    expect(lease).toBeLessThanOrEqual(3_000);
  });

  it('runs everything each time without the option', async () => {
    const work = vi.fn<(message: Message) => unknown>();
    const handler = handlerOf(work, undefined);
    await handler([{ total: 1 }]);
    await handler([{ total: 1 }]);
    expect(work).toHaveBeenCalledTimes(2);
  });

  it('A6 names the factory and the option', () => {
    expect(() => handlerOf(() => 1, { store: memoryStore() } as never)).toThrow(
      'sqsHandler: idempotency: option "key" is missing',
    );
    expect(() => handlerOf(() => 1, optionsWith({ lease: 0 }))).toThrow(
      'sqsHandler: idempotency: option "lease" must be a number of milliseconds, more than 0',
    );
  });
});
