import { describe, expect, it } from 'vitest';

import { play } from './function.fixture.ts';

const HOUR = 3_600_000;

const SOURCE = `
const early = Date.now;
class Day extends Date {}
export const handler = (_event: unknown, context: any) => {
  return {
  times: [Date.now(), early(), new Date().getTime(), new Day().getTime(), Date.parse(Date())],
  given: new Date(0).toISOString(),
  utc: Date.UTC(2026, 0, 1),
  kinds: [new Date() instanceof Date, new Date().constructor === Date, new Day() instanceof Day, new Date(new Date()) instanceof Date],
  left: context.getRemainingTimeInMillis(),
  };
};
`;

interface Told {
  readonly times: number[];
  readonly given: string;
  readonly utc: number;
  readonly kinds: boolean[];
  readonly left: number;
}

describe('the time of a function', () => {
  it('is that of the app, whose clock was moved, and goes back to that of the machine', async () => {
    const played = await play(SOURCE);
    for (const ahead of [0, 5 * HOUR, 9 * HOUR, 0]) {
      const before = Date.now() + ahead;
      // oxlint-disable-next-line no-await-in-loop -- one environment, one after the other
      const result = await played.call({}, { ahead });
      expect(result.ok).toBe(true);
      const told = JSON.parse(result.ok ? String(result.payload) : '') as Told; // what the source above answers
      for (const time of told.times) {
        // To the second: Date() says no more.
        expect(time).toBeGreaterThanOrEqual(before - 1000);
        expect(time).toBeLessThan(Date.now() + ahead + 1);
      }
      expect([told.given, told.utc]).toEqual(['1970-01-01T00:00:00.000Z', Date.UTC(2026, 0, 1)]);
      expect(told.kinds).toEqual([true, true, true, true]);
      // A timeout is 20 seconds here, whatever the clock says.
      expect(told.left).toBeGreaterThan(10_000);
      expect(told.left).toBeLessThanOrEqual(20_000);
    }
  });
});
