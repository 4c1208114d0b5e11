import { captureLogs, eventBridgeEvent, frozen, invoke, lambdaContext } from '@handlersmith/testing';
import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';

import { memoryStore } from '../idempotency/index.ts';
import { eventBridgeHandler, type EventBridgeOptions, on, permanent, skipped } from './index.ts';

const silent = { logger: false } as const;
const OrderPlaced = z.object({ id: z.string(), total: z.number().default(0) });
const placed = { source: 'shop.orders', detailType: 'Order Placed' } as const;

const placedEvent = (detail: object = { id: 'o1' }, id = 'e1') => eventBridgeEvent({ ...placed, detail, id });

const errorOf = (work: Promise<unknown>): Promise<Error> =>
  work.then(
    () => new Error('no error'),
    (thrown: unknown) => thrown as Error, // the expectation tells
  );

const failing = (error: unknown, options: EventBridgeOptions = {}) =>
  eventBridgeHandler(options, [
    on(placed, () => {
      throw error;
    }),
  ]);

describe('the choice of a function', () => {
  const calls: string[] = [];
  const chosen = eventBridgeHandler(silent, [
    on({ source: 'a', detailType: 'b/c' }, () => void calls.push('a, b/c')),
    on({ source: 'a/b', detailType: 'c' }, () => void calls.push('a/b, c')),
    on({ source: 'a', detailType: 'c' }, () => void calls.push('a, c')),
  ]);

  it.each([
    ['a', 'b/c'],
    ['a/b', 'c'],
    ['a', 'c'],
  ])('goes by source and detail type, never by both run together: %s, %s', async (source, detailType) => {
    calls.length = 0;
    await invoke(chosen, eventBridgeEvent({ source, detailType }));
    expect(calls).toEqual([`${source}, ${detailType}`]);
  });

  it.each([
    ['c', 'a'],
    ['__proto__', 'constructor'],
    ['a', 'toString'],
    ['A', 'c'],
  ])('A9 an event that no function is for fails, by name: %s, %s', async (source, detailType) => {
    calls.length = 0;
    const event = eventBridgeEvent({ source, detailType, detail: { password: 'hunter2' } });
    const { message } = await errorOf(invoke(chosen, event));
    expect(message).toContain(`source "${source}" and detail-type "${detailType}"`);
    expect(message).not.toContain('hunter2');
    expect(calls).toEqual([]);
  });

  it("is ignored with a log line where unknown is 'ignore'", async () => {
    const run = vi.fn<() => void>();
    const handler = eventBridgeHandler({ unknown: 'ignore' }, [on(placed, run)]);
    const { lines } = await captureLogs(() => invoke(handler, eventBridgeEvent({ source: 'x', id: 'e9' })));
    expect(lines).toMatchObject([
      {
        level: 'INFO',
        message: expect.stringContaining('ignored'),
        source: 'x',
        detail_type: 'Test Event',
        correlation_id: 'e9',
      },
    ]);
    expect(run).not.toHaveBeenCalled();
  });
});

describe('foreign events', () => {
  const { id: _id, ...noId } = eventBridgeEvent();
  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'detail'],
    ['records of SQS', { Records: [] }],
    ['what an input transformer left of one', { detail: { id: 'hunter2' } }],
    ['one without an id', noId],
    ['one whose source is no text', { ...eventBridgeEvent(), source: 1 }],
  ])('A9 are refused: %s', async (_, event) => {
    const run = vi.fn<() => void>();
    const handler = eventBridgeHandler({ ...silent, unknown: 'ignore' }, [on(placed, run)]);
    const { message } = await errorOf(invoke(handler, event));
    expect(message).toMatch(/Expected an EventBridge event.*got /);
    expect(message).not.toContain('hunter2');
    expect(run).not.toHaveBeenCalled();
  });
});

describe('the detail', () => {
  it('is what the schema makes of it, and the event stays as it came (A7)', async () => {
    const seen: unknown[] = [];
    const handler = eventBridgeHandler(silent, [
      on({ ...placed, detail: OrderPlaced }, ({ detail, event }) => void seen.push(detail, event.detail)),
    ]);
    await invoke(handler, frozen(placedEvent({ id: 'o1', more: 1 })));
    expect(seen).toEqual([
      { id: 'o1', total: 0 },
      { id: 'o1', more: 1 },
    ]);
  });

  it.each([
    ['a synchronous', OrderPlaced],
    ['an asynchronous', OrderPlaced.refine(async () => true)],
  ])(
    'Q2 H16 that does not match fails with the fields and none of their values: %s schema',
    async (_, detail) => {
      const run = vi.fn<() => void>();
      const handler = eventBridgeHandler({}, [on({ ...placed, detail }, run)]);
      const { result, lines, raw } = await captureLogs(() =>
        errorOf(invoke(handler, placedEvent({ id: 7, total: 'hunter2' }))),
      );
      expect(result.name).toBe('PermanentFailure');
      expect(result.message).toContain('The detail of "Order Placed" from "shop.orders" did not match');
      expect(result.message).toMatch(/\/id: .*; \/total: /);
      expect(lines).toHaveLength(1);
      expect(raw.join('')).not.toContain('hunter2');
      expect(run).not.toHaveBeenCalled();
    },
  );

  it('Q7 a schema that throws fails the invocation', async () => {
    const Broken = z.unknown().refine(() => {
      throw new Error('the schema broke');
    });
    const handler = eventBridgeHandler(silent, [on({ ...placed, detail: Broken }, () => {})]);
    await expect(invoke(handler, placedEvent())).rejects.toThrow('the schema broke');
  });
});

describe('what a function gets', () => {
  it('is the event in words of its own', async () => {
    let seen: object = {};
    const handler = eventBridgeHandler({ ...silent, resources: async () => 'made' }, [
      on(
        placed,
        ({ id, source, detailType, time, account, region, arns, replay, resources, remaining, signal }) => {
          seen = { id, source, detailType, time, account, region, arns, replay, resources };
          expect(remaining()).toBeGreaterThan(0);
          expect(signal.aborted).toBe(false);
        },
      ),
    ]);
    const event = eventBridgeEvent({
      ...placed,
      id: 'e1',
      time: new Date('2026-01-02T03:04:05Z'),
      resources: ['arn:aws:s3:::b'],
      replay: 'again',
    });
    expect(await invoke(handler, event)).toBeUndefined();
    expect(seen).toEqual({
      ...placed,
      id: 'e1',
      time: new Date('2026-01-02T03:04:05Z'),
      account: '123456789012',
      region: 'eu-west-1',
      arns: ['arn:aws:s3:::b'],
      replay: 'again',
      resources: 'made',
    });
  });

  it('A4 works without a context and without `resources`', async () => {
    const { resources: _resources, ...bare } = placedEvent();
    let arns: unknown;
    const handler = eventBridgeHandler(silent, [on(placed, (input) => void (arns = input.arns))]);
    // A hand-made event.
    await handler(bare as ReturnType<typeof eventBridgeEvent>);
    expect(arns).toEqual([]);
  });

  it('O1 the lines of an event have its id', async () => {
    const handler = eventBridgeHandler({ service: 'mail' }, [
      on(placed, ({ logger }) => logger.info('here')),
    ]);
    const { lines } = await captureLogs(() => invoke(handler, placedEvent()));
    expect(lines).toMatchObject([{ message: 'here', correlation_id: 'e1', service: 'mail' }]);
  });

  it('A1 overlapping invocations have their own', async () => {
    const seen: unknown[] = [];
    const handler = eventBridgeHandler(silent, [
      on({ ...placed, detail: OrderPlaced }, async (input) => {
        await new Promise(setImmediate);
        seen.push([input.id, input.detail.id]);
      }),
    ]);
    await Promise.all(['1', '2', '3'].map((n) => invoke(handler, placedEvent({ id: `o${n}` }, `e${n}`))));
    expect(seen).toEqual([
      ['e1', 'o1'],
      ['e2', 'o2'],
      ['e3', 'o3'],
    ]);
  });
});

describe('failures', () => {
  it('pass to Lambda, for its retries, and are logged once', async () => {
    const fault = new Error('down');
    const { result, lines } = await captureLogs(() => errorOf(invoke(failing(fault), placedEvent())));
    expect(result).toBe(fault);
    expect(lines).toMatchObject([{ level: 'ERROR', correlation_id: 'e1', error: { message: 'down' } }]);
  });

  it('Q3 permanent ones too, unless they are to be dropped: then one line tells', async () => {
    await expect(invoke(failing(permanent('sold out'), silent), placedEvent())).rejects.toThrow('sold out');
    const { lines } = await captureLogs(() =>
      invoke(failing(permanent('sold out'), { onPermanent: 'drop' }), placedEvent()),
    );
    expect(lines).toMatchObject([
      { level: 'ERROR', permanent: true, handling: 'dropped', error: { message: 'sold out' } },
    ]);
  });

  it('Q3 others are never dropped', async () => {
    const handler = failing(new Error('down'), { ...silent, onPermanent: 'drop' });
    await expect(invoke(handler, placedEvent())).rejects.toThrow('down');
  });

  it('A5 the deadline ends work that hangs, and its signal aborts', async () => {
    let signal: AbortSignal | undefined;
    const handler = eventBridgeHandler({ ...silent, deadlineMargin: 50 }, [
      on(placed, (input) => {
        ({ signal } = input);
        return new Promise(() => {});
      }),
    ]);
    await expect(invoke(handler, placedEvent(), lambdaContext({ timeout: 150 }))).rejects.toMatchObject({
      name: 'DeadlineReached',
    });
    expect(signal?.aborted).toBe(true);
  });
});

describe('idempotency', () => {
  it('O5 runs an event once, by its id; what comes again is skipped with a line', async () => {
    const run = vi.fn<() => void>();
    const handler = eventBridgeHandler({ idempotency: { store: memoryStore() } }, [on(placed, run)]);
    const { lines } = await captureLogs(async () => {
      await invoke(handler, placedEvent());
      await invoke(handler, placedEvent());
      await invoke(handler, placedEvent({ id: 'o1' }, 'e2'));
    });
    expect(run).toHaveBeenCalledTimes(2);
    expect(lines).toMatchObject([{ message: 'event skipped', reason: 'done before', correlation_id: 'e1' }]);
  });

  it('O5 three at once run it once; the others fail, to come again', async () => {
    const run = vi.fn<() => Promise<void>>(() => new Promise((resolve) => void setTimeout(resolve, 20)));
    const handler = eventBridgeHandler({ ...silent, idempotency: { store: memoryStore() } }, [
      on(placed, run),
    ]);
    const all = await Promise.allSettled([1, 2, 3].map(() => invoke(handler, placedEvent())));
    expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('O5 takes a key of your own, of the validated detail; a failure frees it', async () => {
    const run = vi.fn<() => void>();
    run.mockImplementationOnce(() => {
      throw new Error('down');
    });
    const key = vi.fn<(input: { detail: unknown }) => string>(({ detail }) => OrderPlaced.parse(detail).id);
    const handler = eventBridgeHandler({ ...silent, idempotency: { store: memoryStore(), key } }, [
      on({ ...placed, detail: OrderPlaced }, run),
    ]);
    await expect(invoke(handler, placedEvent({ id: 'o1' }, 'e1'))).rejects.toThrow('down');
    await invoke(handler, placedEvent({ id: 'o1' }, 'e2'));
    await invoke(handler, placedEvent({ id: 'o1' }, 'e3'));
    expect(run).toHaveBeenCalledTimes(2);
  });

  it('O5 an event that was skipped is not kept as done', async () => {
    const run = vi.fn<() => unknown>(() => skipped('not yet'));
    const handler = eventBridgeHandler({ ...silent, idempotency: { store: memoryStore() } }, [
      on(placed, run),
    ]);
    await invoke(handler, placedEvent());
    await invoke(handler, placedEvent());
    expect(run).toHaveBeenCalledTimes(2);
  });
});

describe('options', () => {
  const build = (options: object) => () => eventBridgeHandler(options, [on(placed, () => {})]);

  it.each([
    [{ unkown: 'fail' }, 'Did you mean "unknown"'],
    [{ unknown: 'drop' }, `option "unknown" must be 'fail' or 'ignore'`],
    [{ onPermanent: 'ignore' }, `option "onPermanent" must be 'retry' or 'drop'`],
    [{ idempotency: {} }, 'option "store" is missing'],
    [{ idempotency: { store: memoryStore(), tll: 1 } }, 'Did you mean "ttl"'],
    [{ service: '' }, 'option "service"'],
  ])('A6 a wrong one fails when the handler is built: %o', (options, message) => {
    expect(build(options)).toThrow(message);
    expect(() => eventBridgeHandler.extend(options as EventBridgeOptions)).toThrow(message); // wrong on purpose
  });

  it.each([
    ['nothing', undefined, 'must be a list of on('],
    ['an empty list', [], 'must be a list of on('],
    ['an entry that is none', [null], 'the list must hold on('],
    ['a function', [() => {}], 'the list must hold on('],
    ['a slip', [on({ ...placed, detialType: 'x' } as never, () => {})], 'Did you mean "detailType"'],
    ['no source', [on({ detailType: 'x' } as never, () => {})], 'option "source" is missing'],
    ['no detail type', [on({ source: 'x' } as never, () => {})], 'option "detailType" is missing'],
    ['no schema', [on({ ...placed, detail: {} } as never, () => {})], 'option "detail" must be'],
    ['no function', [on(placed, undefined as never)], 'must be a function'],
    [
      'two for the same events',
      [on(placed, () => {}), on(placed, () => {})],
      'two functions for source "shop.orders" and detail-type "Order Placed"',
    ],
  ])('A6 a wrong list too: %s', (_, list, message) => {
    // Wrong on purpose.
    expect(() => eventBridgeHandler(silent, list as never)).toThrow(message);
  });

  it('extend fills defaults in; own ones go before them', () => {
    const events = eventBridgeHandler.extend({ service: 'shop', unknown: 'ignore' });
    expect(events({}, [on(placed, () => {})]).manifest).toMatchObject({ service: 'shop', unknown: 'ignore' });
    expect(events({ unknown: 'fail' }, [on(placed, () => {})]).manifest.unknown).toBe('fail');
  });

  it('the manifest says which events and what is needed', () => {
    const handler = eventBridgeHandler({ service: 'mail' }, [
      on({ ...placed, detail: OrderPlaced }, () => {}),
    ]);
    expect(handler.manifest).toEqual({
      trigger: 'eventbridge',
      service: 'mail',
      needs: ['OnFailureDestination'],
      events: [{ ...placed, detail: OrderPlaced }],
      unknown: 'fail',
      onPermanent: 'retry',
    });
  });

  it('A8 the handler takes an event and a context, and no callback', () => {
    expect(eventBridgeHandler(silent, [on(placed, () => {})]).length).toBeLessThanOrEqual(2);
  });
});
