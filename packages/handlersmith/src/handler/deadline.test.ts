import { getEventListeners } from 'node:events';

import { lambdaContext, manualClock } from '@handlersmith/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { Deadline, DEFAULT_MARGIN_MS, DeadlineReached } from './deadline.ts';

const never = new Promise<never>(() => {});
const contextWith = (left: number): { getRemainingTimeInMillis: () => number } => ({
  getRemainingTimeInMillis: () => left,
});

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('remaining', () => {
  it.each([undefined, {}, { awsRequestId: 'id' }])(
    'A4 is endless where the context knows no time: %j',
    (context) => {
      expect(new Deadline(context, 200).remaining()).toBe(Infinity);
    },
  );

  it('A4 asks an unbound method, a bound one and one that needs its context', () => {
    const unbound = Reflect.get(
      lambdaContext({ timeout: 1000, clock: manualClock() }),
      'getRemainingTimeInMillis',
    );
    class Timed {
      readonly #left = 1000;
      getRemainingTimeInMillis(): number {
        return this.#left;
      }
    }
    expect(new Deadline({ getRemainingTimeInMillis: unbound }, 200).remaining()).toBe(800);
    expect(new Deadline(new Timed(), 200).remaining()).toBe(800);
  });

  it('A5 is what the function has left, less the margin', () => {
    const clock = manualClock();
    const deadline = new Deadline(lambdaContext({ timeout: 3000, clock }), 200);
    expect(deadline.remaining()).toBe(2800);
    clock.advance(2500);
    expect(deadline.remaining()).toBe(300);
  });

  it('A5 keeps a margin that is too large to half of what is left', () => {
    expect(new Deadline(contextWith(300), 200).remaining()).toBe(150);
    expect(new Deadline(contextWith(400), 200).remaining()).toBe(200);
    expect(new Deadline(contextWith(100), 5000).remaining()).toBe(50);
  });

  it.each([0, -50])('A5 never goes below nothing: %d ms left', (left) => {
    expect(new Deadline(contextWith(left), 200).remaining()).toBe(0);
  });

  it('H18 is capped by what the caller waits', () => {
    vi.setSystemTime(0);
    const deadline = new Deadline(contextWith(900_000), 200, 29_000);
    expect(deadline.remaining()).toBeCloseTo(28_800, 0);
    vi.advanceTimersByTime(29_000);
    expect(deadline.remaining()).toBe(0);
    expect(new Deadline(contextWith(1000), 200, 29_000).remaining()).toBe(800);
    expect(new Deadline(undefined, 200, 1000).remaining()).toBeCloseTo(800, 0);
  });

  it('has a margin that leaves time for log and trace', () => {
    expect(DEFAULT_MARGIN_MS).toBe(200);
  });
});

/** How a promise settles while the clock goes on. */
async function settledWithin(
  milliseconds: number,
  work: Promise<unknown>,
): Promise<PromiseSettledResult<unknown>> {
  const [[outcome]] = await Promise.all([
    Promise.allSettled([work]),
    vi.advanceTimersByTimeAsync(milliseconds),
  ]);
  return outcome;
}

const reached: unknown = { status: 'rejected', reason: expect.any(DeadlineReached) };

describe('race', () => {
  it('A5 rejects with DeadlineReached when work does not end', async () => {
    const outcome = await settledWithin(850, new Deadline(contextWith(1000), 200).race(never));
    expect(outcome).toEqual(reached);
    expect(outcome).toMatchObject({ reason: { name: 'DeadlineReached', margin: 200 } });
    expect(outcome).toHaveProperty(
      'reason.message',
      expect.stringContaining("200 ms before its own or its caller's timeout"),
    );
  });

  it('A5 aborts the signal first, and rejects only after a grace', async () => {
    const deadline = new Deadline(contextWith(1000), 200);
    const { signal } = deadline;
    const settled = vi.fn<() => void>();
    deadline.race(never).catch(settled);
    await vi.advanceTimersByTimeAsync(799);
    expect(signal.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(signal.aborted).toBe(true);
    expect(signal.reason).toBeInstanceOf(DeadlineReached);
    await vi.advanceTimersByTimeAsync(49);
    expect(settled).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(settled).toHaveBeenCalledExactlyOnceWith(signal.reason);
  });

  it('A5 counts what work gives within the grace', async () => {
    const deadline = new Deadline(contextWith(1000), 200);
    const partial = new Promise((resolve) => {
      deadline.signal.addEventListener('abort', () => resolve('partial'));
    });
    expect(await settledWithin(800, deadline.race(partial))).toEqual({
      status: 'fulfilled',
      value: 'partial',
    });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('A5 passes on what work rejects with within the grace', async () => {
    const deadline = new Deadline(contextWith(1000), 200);
    const reason = new Error('half done');
    const aborted = new Promise((_, reject) => {
      deadline.signal.addEventListener('abort', () => reject(reason));
    });
    expect(await settledWithin(800, deadline.race(aborted))).toEqual({ status: 'rejected', reason });
  });

  it('A5 takes the AbortError of a call that its signal stopped for the deadline it is', async () => {
    const deadline = new Deadline(contextWith(1000), 200);
    const aborted = new Promise((_, reject) => {
      // As Node's timers and the AWS SDK do it.
      const error = Object.assign(new Error('The operation was aborted'), { name: 'AbortError' });
      deadline.signal.addEventListener('abort', () => reject(error));
    });
    expect(await settledWithin(800, deadline.race(aborted))).toEqual(reached);
  });

  it('A5 shows a signal that is asked for after the deadline as aborted', async () => {
    const deadline = new Deadline(contextWith(1000), 200);
    expect(await settledWithin(1000, deadline.race(never))).toEqual(reached);
    expect(deadline.signal.aborted).toBe(true);
    expect(deadline.signal.reason).toBeInstanceOf(DeadlineReached);
  });

  it.each([0, -5])('A5 ends at once where nothing is left: %d ms', async (left) => {
    expect(await settledWithin(51, new Deadline(contextWith(left), 200).race(never))).toEqual(reached);
  });

  it('does not fire early for more time than a timer can count', async () => {
    const deadline = new Deadline(contextWith(Number.MAX_SAFE_INTEGER), 200);
    const settled = vi.fn<() => void>();
    deadline.race(never).catch(settled);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(deadline.signal.aborted).toBe(false);
    expect(settled).not.toHaveBeenCalled();
  });

  it('frees its timers when work settles either way', async () => {
    await new Deadline(contextWith(1000), 200).race(Promise.resolve(1));
    expect(vi.getTimerCount()).toBe(0);
    await expect(new Deadline(contextWith(1000), 200).race(Promise.reject(new Error('no')))).rejects.toThrow(
      'no',
    );
    expect(vi.getTimerCount()).toBe(0);
  });

  it('frees its timers after the deadline too', async () => {
    expect(await settledWithin(1000, new Deadline(contextWith(1000), 200).race(never))).toEqual(reached);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('A3 leaves no unhandled rejection when work fails after its deadline', async () => {
    const unhandled = vi.fn<() => void>();
    process.on('unhandledRejection', unhandled);
    const late = new Promise((_, reject) => {
      setTimeout(() => reject(new Error('late')), 2000);
    });
    expect(await settledWithin(3000, new Deadline(contextWith(1000), 200).race(late))).toEqual(reached);
    vi.useRealTimers();
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it('A4 sets no timer where there is no time to know of', async () => {
    const work = Promise.resolve(1);
    expect(new Deadline({}, 200).race(work)).toBe(work);
    expect(vi.getTimerCount()).toBe(0);
  });
});

it('A1 gives each invocation a signal of its own, and the same one each time', () => {
  const [one, other] = [new Deadline({}, 200), new Deadline({}, 200)];
  expect(one.signal).toBe(one.signal);
  expect(one.signal).not.toBe(other.signal);
  expect(getEventListeners(one.signal, 'abort')).toHaveLength(0);
});

describe('who only wants to know when to stop', () => {
  it('A5 is told once, before the signal aborts, and why', async () => {
    const deadline = new Deadline(contextWith(1000), 200);
    const heard: string[] = [];
    deadline.addEventListener('abort', () => heard.push(`listener, ${String(deadline.aborted)}`));
    deadline.signal.addEventListener('abort', () => heard.push('signal'));
    const raced = deadline.race(never).catch((error: unknown) => error);
    expect([deadline.aborted, deadline.reason]).toEqual([false, undefined]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(await raced).toBeInstanceOf(DeadlineReached);
    expect(heard).toEqual(['listener, true', 'signal']);
    expect(deadline.reason).toBe(deadline.signal.reason);
  });

  it('A5 is not told once it has stopped listening, and others still are', async () => {
    const deadline = new Deadline(contextWith(1000), 200);
    const [one, other] = [vi.fn<() => void>(), vi.fn<() => void>()];
    deadline.addEventListener('abort', one);
    deadline.addEventListener('abort', other);
    deadline.removeEventListener('abort', one);
    const raced = deadline.race(never).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(1000);
    expect(await raced).toBeInstanceOf(DeadlineReached);
    expect(one).not.toHaveBeenCalled();
    expect(other).toHaveBeenCalledOnce();
  });
});
