/** One completed run per slot, in memory and in a real DynamoDB table. */
import { setTimeout as wait } from 'node:timers/promises';

import { captureLogs, invoke, lambdaContext, scheduledEvent, schedulerEvent } from '@handlersmith/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { dynamoStore } from '../idempotency/dynamo.ts';
import { memoryStore } from '../idempotency/memory.ts';
import { customStore, type IdempotencyStore } from '../idempotency/store.ts';
import { type RealTable, startTable } from '../idempotency/table.fixture.ts';
import { cronHandler, SlotBusy, SlotMismatch } from './index.ts';

let table: RealTable;
beforeAll(async () => {
  table = await startTable();
}, 60_000);
afterAll(async () => table[Symbol.asyncDispose]());

const quiet = { logger: false } as const;
const slot = new Date('2026-11-01T02:00:00.000Z');
const nextSlot = new Date('2026-11-02T02:00:00.000Z');

/** Something to wait for, and what ends the waiting. */
function gate(): { readonly opened: Promise<void>; open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: () => resolve() };
}

const messageOf = (result: PromiseSettledResult<unknown>): string =>
  result.status === 'fulfilled' ? 'fulfilled' : String(result.reason);

describe.each<[name: string, make: () => IdempotencyStore]>([
  ['memoryStore', () => memoryStore()],
  ['dynamoStore', () => dynamoStore({ tableName: table.tableName, client: table.client })],
])('with %s', (_name, make) => {
  let once: IdempotencyStore;
  let schedules = 0;
  let name = '';
  beforeAll(() => {
    once = make();
  });
  /** A schedule of its own for each test, in one table. */
  const fresh = (): string => {
    schedules += 1;
    name = `nightly-${schedules}`;
    return name;
  };

  it('C3 runs one of three overlapping invocations of a slot; the others fail, for Lambda to look again', async () => {
    const [begun, done] = [gate(), gate()];
    const run = vi.fn<() => Promise<void>>(async () => {
      begun.open();
      await done.opened;
    });
    const handler = cronHandler({ ...quiet, schedule: fresh(), once }, run);
    const event = scheduledEvent({ time: slot });
    const first = Promise.allSettled([
      invoke(handler, event),
      invoke(handler, event),
      invoke(handler, event),
    ]);
    await begun.opened;
    await wait(100); // for the losers to have been told
    done.open();
    const outcomes = (await first).map(messageOf).toSorted();
    expect(run).toHaveBeenCalledOnce();
    expect(outcomes).toEqual([
      expect.stringContaining(`SlotBusy: ${name}: the slot is being run`),
      expect.stringContaining('SlotBusy'),
      'fulfilled',
    ]);
    // Lambda's retries find it done.
    await invoke(handler, event);
    expect(run).toHaveBeenCalledOnce();
  });

  it('C3 does not run a slot that is done, and says so', async () => {
    const run = vi.fn<() => void>();
    const { lines } = await captureLogs(async () => {
      const handler = cronHandler({ schedule: fresh(), once }, run);
      await invoke(handler, scheduledEvent({ time: slot }));
      await invoke(handler, scheduledEvent({ time: slot })); // another id: another event of the same slot
    });
    expect(run).toHaveBeenCalledOnce();
    expect(lines.map(({ message }) => message)).toEqual(['slot done', 'slot skipped: done before']);
    expect(lines[1]).toMatchObject({ slot: slot.toISOString(), schedule: name, level: 'INFO' });
  });

  it('C3 runs the next slot', async () => {
    const slots: Date[] = [];
    const handler = cronHandler({ ...quiet, schedule: fresh(), once }, (run) => slots.push(run.slot));
    await invoke(handler, scheduledEvent({ time: slot }));
    await invoke(handler, scheduledEvent({ time: nextSlot }));
    expect(slots).toEqual([slot, nextSlot]);
  });

  it('C2 tells runs by schedule and slot: never by the execution or the attempt', async () => {
    const run = vi.fn<() => void>();
    const handler = cronHandler({ ...quiet, once }, run);
    const input = {
      slot: '<aws.scheduler.scheduled-time>',
      scheduleArn: '<aws.scheduler.schedule-arn>',
      attempt: '<aws.scheduler.attempt-number>',
    };
    const schedule = fresh();
    for (const attempt of [1, 2, 3]) {
      // oxlint-disable-next-line no-await-in-loop -- attempts follow each other
      await invoke(handler, schedulerEvent(input, { schedule, time: slot, attempt }));
    }
    expect(run).toHaveBeenCalledOnce();
    // Of another group: another schedule, whatever it is called.
    await invoke(handler, schedulerEvent(input, { schedule, group: 'reports', time: slot }));
    expect(run).toHaveBeenCalledTimes(2);
  });

  it('C3 frees a slot whose run failed, for the retry', async () => {
    const run = vi.fn<() => Promise<void>>().mockRejectedValueOnce(new Error('boom'));
    const handler = cronHandler({ ...quiet, schedule: fresh(), once }, run);
    await expect(invoke(handler, scheduledEvent({ time: slot }))).rejects.toThrow('boom');
    await invoke(handler, scheduledEvent({ time: slot }));
    await invoke(handler, scheduledEvent({ time: slot }));
    expect(run).toHaveBeenCalledTimes(2);
  });

  it('C3 holds a slot no longer than its owner can live: the retry after a crash runs', async () => {
    const crashed = new Promise<void>(() => {}); // never settles, as in an environment that was killed
    const run = vi.fn<() => Promise<void> | undefined>().mockReturnValueOnce(crashed);
    const handler = cronHandler({ ...quiet, schedule: fresh(), once }, run);
    const event = scheduledEvent({ time: slot });
    const owner = invoke(handler, event, lambdaContext({ timeout: 400 })).catch(String);
    await vi.waitFor(() => expect(run).toHaveBeenCalledOnce());
    const early = await invoke(handler, event).catch((error: unknown) => error);
    expect(early).toBeInstanceOf(SlotBusy);
    expect((early as SlotBusy).retryAfter).toBeLessThanOrEqual(400);
    expect(await owner).toContain('DeadlineReached');
    await wait(450);
    await invoke(handler, event);
    expect(run).toHaveBeenCalledTimes(2);
    await invoke(handler, event);
    expect(run).toHaveBeenCalledTimes(2);
  });

  it('C3 lets a late owner change nothing: neither its end nor its failure undoes a newer run', async () => {
    const [lateEnd, newEnd] = [gate(), gate()];
    const failing = gate();
    const run = vi
      .fn<() => Promise<void>>()
      .mockReturnValueOnce(lateEnd.opened)
      .mockReturnValueOnce(failing.opened.then(() => Promise.reject(new Error('late failure'))))
      .mockReturnValueOnce(newEnd.opened);
    const handler = cronHandler({ ...quiet, schedule: fresh(), once }, run);
    const event = scheduledEvent({ time: slot });
    for (const late of [1, 2]) {
      // oxlint-disable-next-line no-await-in-loop -- invocations follow each other
      await invoke(handler, event, lambdaContext({ timeout: 120 })).catch(() => {});
      expect(run).toHaveBeenCalledTimes(late);
      await wait(150); // oxlint-disable-line no-await-in-loop -- for the lease to end
    }
    const newer = invoke(handler, event, lambdaContext({ timeout: 30_000 }));
    await vi.waitFor(() => expect(run).toHaveBeenCalledTimes(3));
    lateEnd.open();
    failing.open();
    await wait(100);
    // The newer one still holds it: neither done by the first, nor freed by the second.
    await expect(invoke(handler, event)).rejects.toThrow(SlotBusy);
    newEnd.open();
    await newer;
    await invoke(handler, event);
    expect(run).toHaveBeenCalledTimes(3);
  });

  it('C3 runs one slot of a schedule at a time, and skips one that is done meanwhile', async () => {
    const [begun, done] = [gate(), gate()];
    const slots: Date[] = [];
    const handler = cronHandler({ ...quiet, schedule: fresh(), once }, async (run) => {
      slots.push(run.slot);
      if (run.slot.getTime() !== nextSlot.getTime()) return;
      begun.open();
      await done.opened;
    });
    await invoke(handler, scheduledEvent({ time: slot }));
    const running = invoke(handler, scheduledEvent({ time: nextSlot }));
    await begun.opened;
    const third = new Date('2026-11-03T02:00:00.000Z');
    await expect(invoke(handler, scheduledEvent({ time: third }))).rejects.toThrow(
      'another slot is being run',
    );
    await invoke(handler, scheduledEvent({ time: slot })); // done: no reason to wait
    done.open();
    await running;
    await invoke(handler, scheduledEvent({ time: third }));
    expect(slots).toEqual([slot, nextSlot, third]);
  });

  it("C3 runs slots side by side with overlap 'allow', and other schedules always", async () => {
    const done = gate();
    const run = vi.fn<() => Promise<void>>(() => done.opened);
    const allowed = cronHandler({ ...quiet, schedule: fresh(), once, overlap: 'allow' }, run);
    const other = cronHandler({ ...quiet, schedule: fresh(), once }, run);
    const running = [
      invoke(allowed, scheduledEvent({ time: slot })),
      invoke(allowed, scheduledEvent({ time: nextSlot })),
      invoke(other, scheduledEvent({ time: slot })),
    ];
    await vi.waitFor(() => expect(run).toHaveBeenCalledTimes(3));
    done.open();
    await Promise.all(running);
  });

  it('C4 takes a slot by hand for the same slot', async () => {
    const run = vi.fn<() => void>();
    const handler = cronHandler({ ...quiet, schedule: fresh(), once }, run);
    await invoke(handler, { slot: '2026-11-01T02:00:00Z' });
    await invoke(handler, scheduledEvent({ time: slot }));
    await invoke(handler, { slot: '2026-11-01T03:00:00+01:00' });
    expect(run).toHaveBeenCalledOnce();
  });

  it('O5 refuses a slot that comes again with another input', async () => {
    const run = vi.fn<() => void>();
    const handler = cronHandler({ ...quiet, schedule: fresh(), once }, run);
    const byHand = { slot: '2026-11-01T02:00:00Z' };
    await invoke(handler, { ...byHand, input: { report: 'sales' } });
    await expect(invoke(handler, { ...byHand, input: { report: 'stock' } })).rejects.toThrow(SlotMismatch);
    await invoke(handler, byHand); // says nothing of input
    expect(run).toHaveBeenCalledOnce();
  });

  it('O5 runs a slot once for each function on a schedule', async () => {
    const run = vi.fn<() => void>();
    const handler = cronHandler({ ...quiet, schedule: fresh(), once }, run);
    for (const functionName of ['report', 'clean-up', 'report']) {
      // oxlint-disable-next-line no-await-in-loop -- invocations follow each other
      await invoke(handler, scheduledEvent({ time: slot }), lambdaContext({ functionName }));
    }
    expect(run).toHaveBeenCalledTimes(2);
  });

  it('O6 runs a slot once whatever its run returns', async () => {
    const run = vi.fn<() => unknown>(() => ({ big: 'x'.repeat(500_000), number: 1n }));
    const handler = cronHandler({ ...quiet, schedule: fresh(), once }, run);
    expect(await invoke(handler, scheduledEvent({ time: slot }))).toBeUndefined();
    await invoke(handler, scheduledEvent({ time: slot }));
    expect(run).toHaveBeenCalledOnce();
  });

  it('C3 forgets a slot after its ttl', async () => {
    const run = vi.fn<() => void>();
    const handler = cronHandler({ ...quiet, schedule: fresh(), once, ttl: 0.2 }, run);
    await invoke(handler, scheduledEvent({ time: slot }));
    await wait(2_100); // DynamoDB counts whole seconds
    await invoke(handler, scheduledEvent({ time: slot }));
    expect(run).toHaveBeenCalledTimes(2);
  });
});

it('C3 a slot by hand needs the name of its schedule', async () => {
  const run = vi.fn<() => void>();
  const handler = cronHandler({ ...quiet, once: memoryStore() }, run);
  await expect(invoke(handler, { slot: '2026-11-01T02:00:00Z' })).rejects.toThrow(
    'set the option "schedule"',
  );
  expect(run).not.toHaveBeenCalled();
});

it('C3 keeps a slot for 30 days', async () => {
  const memory = memoryStore();
  const kept: number[] = [];
  const once = customStore({
    ...memory,
    complete: (key, token, result, ttl) => {
      kept.push(ttl);
      return memory.complete(key, token, result, ttl);
    },
  });
  await invoke(
    cronHandler({ ...quiet, once }, () => {}),
    scheduledEvent(),
  );
  expect(kept).toEqual([2_592_000]);
});

// The fault that no real table gives when asked to.
it('O5 runs nothing when the store cannot be asked, for the slot nor for the schedule', async () => {
  const memory = memoryStore();
  const run = vi.fn<() => void>();
  let answers = 0;
  const once = customStore({
    ...memory,
    claim: async (key, request) => {
      if (answers === 0) throw new Error('no table');
      answers -= 1;
      return memory.claim(key, request);
    },
  });
  const handler = cronHandler({ ...quiet, schedule: 'nightly', once }, run);
  const event = scheduledEvent({ time: slot });
  await expect(invoke(handler, event)).rejects.toThrow(/could not be asked \(Error: no table\)/);
  answers = 1;
  await expect(invoke(handler, event)).rejects.toThrow(/could not be asked/);
  expect(run).not.toHaveBeenCalled();
  answers = 2;
  await invoke(handler, event);
  expect(run).toHaveBeenCalledOnce();
});
