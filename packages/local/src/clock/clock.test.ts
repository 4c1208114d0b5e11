import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { manualClock, runningClock, systemClock } from './clock.ts';

const DAY_MS = 86_400_000;

describe.each([
  ['a manual clock', () => manualClock(1_000)],
  ['a running clock', () => runningClock()],
])('%s', (_, make) => {
  test('cannot be moved back, nor to no time at all', () => {
    const clock = make();
    expect(() => clock.moveTo(clock.now() - 1_000)).toThrow(RangeError);
    expect(() => clock.advance(Number.NaN)).toThrow(RangeError);
  });

  test('wakes sleepers in the order of their times, each at its own', () => {
    const clock = make();
    const start = clock.now();
    const woken: [string, number][] = [];
    const wake = (name: string) => (): void => void woken.push([name, clock.now() - start]);
    clock.after(30_000, wake('second'));
    clock.after(10_000, () => {
      wake('first')();
      clock.after(5_000, wake('made by the first'));
    });
    clock.after(30_000, wake('third'));
    clock.after(90_000, wake('not yet'))();
    clock.after(20_000, wake('called off'))();
    clock.advance(60_000);
    expect(woken.map(([name]) => name)).toEqual(['first', 'made by the first', 'second', 'third']);
    // A running clock goes on between two lines.
    for (const [index, expected] of [10_000, 15_000, 30_000, 30_000].entries()) {
      expect(Math.abs((woken[index]?.[1] ?? 0) - expected)).toBeLessThan(1_000);
    }
    expect(clock.now() - start).toBeGreaterThanOrEqual(60_000);
  });
});

test('a manual clock stands still', () => {
  const clock = manualClock(new Date('2026-03-01T00:00:00Z'));
  expect(clock.now()).toBe(Date.UTC(2026, 2, 1));
  clock.moveTo(new Date('2026-03-02T00:00:00Z'));
  expect(clock.now()).toBe(Date.UTC(2026, 2, 2));
});

test('a sleeper that throws does not keep the others of a running clock asleep', () => {
  const clock = runningClock();
  const woken: string[] = [];
  clock.after(1_000, () => {
    throw new Error('no');
  });
  clock.after(2_000, () => woken.push('second'));
  expect(() => clock.advance(5_000)).toThrow('no');
  clock.advance(0);
  expect(woken).toEqual(['second']);
});

describe('in real time', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test.each([
    ['the system clock', systemClock],
    ['a running clock', runningClock()],
  ])('%s waits longer than a timer of Node can', (_, clock) => {
    const woken = vi.fn<() => void>();
    clock.after(60 * DAY_MS, woken);
    vi.advanceTimersByTime(59 * DAY_MS);
    expect(woken).not.toHaveBeenCalled();
    vi.advanceTimersByTime(DAY_MS);
    expect(woken).toHaveBeenCalledOnce();
  });

  test('a running clock runs on, and has no timer once nobody sleeps', () => {
    const clock = runningClock();
    const woken = vi.fn<() => void>();
    const cancel = clock.after(10_000, woken);
    clock.advance(4_000);
    vi.advanceTimersByTime(5_999);
    expect(woken).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(woken).toHaveBeenCalledOnce();
    cancel();
    const other = clock.after(10_000, woken);
    expect(vi.getTimerCount()).toBe(1);
    other();
    expect(vi.getTimerCount()).toBe(0);
  });
});
