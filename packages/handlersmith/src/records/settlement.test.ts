import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { type Order, schedule } from './index.ts';

/** Time that passes only while records run, and how often somebody looked at it. */
function clock(left: number): { looks: number; pass(milliseconds: number): void; remaining: () => number } {
  return {
    looks: 0,
    pass(milliseconds) {
      left -= milliseconds;
    },
    remaining() {
      this.looks += 1;
      return Math.max(0, left);
    },
  };
}

const orders: readonly Order[] = ['free', 'group', 'sequence'];

describe.each(orders)('records in the order %s that wait for nothing', (order) => {
  const run = async (costs: readonly number[], left: number, concurrency = 1): Promise<[number, number]> => {
    const time = clock(left);
    const outcomes = await schedule({
      records: costs,
      order,
      concurrency,
      keyOf: () => 'one',
      remaining: () => time.remaining(),
      run: (cost) => time.pass(cost),
    });
    const done = outcomes.filter(({ status }) => status === 'done').length;
    const unstarted = outcomes.filter(({ status }) => status === 'unstarted').length;
    expect(done + unstarted).toBe(costs.length);
    return [done, time.looks];
  };

  it('Q6 are not started when time is up, though no timer could fire', async () => {
    expect(
      await run(
        Array.from({ length: 10 }, () => 30),
        100,
      ),
    ).toEqual([4, 5]);
    expect(await run([30, 30], 0)).toEqual([0, 1]);
  });

  it('Q6 and take a millisecond or more each: none starts after the end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 60 }),
        fc.nat({ max: 600 }),
        fc.integer({ min: 1, max: 8 }),
        async (costs, left, concurrency) => {
          let [passed, inTime] = [0, 0];
          for (const cost of costs) {
            if (passed >= left) break;
            inTime += 1;
            passed += cost;
          }
          expect((await run(costs, left, concurrency))[0]).toBe(inTime);
        },
      ),
    );
  });

  it('are looked after now and then as long as they are quick', async () => {
    const [done, looks] = await run(
      Array.from({ length: 1000 }, () => 0),
      1000,
    );
    expect(done).toBe(1000);
    expect(looks).toBeLessThan(1000 / 16 + 8);
  });
});
