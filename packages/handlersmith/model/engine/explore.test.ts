import { describe, expect, it } from 'vitest';

import { counters } from './counters.fixture.ts';
import { explore } from './explore.ts';

/** Broken where the counts are these, in this order. */
function never(...wrong: number[]) {
  return (counts: readonly number[]) =>
    counts.join() === wrong.join() ? [{ invariant: 'never', reason: wrong.join(' and ') }] : [];
}

describe('exploring', () => {
  it('meets every state once, by every step', () => {
    const { states, transitions, ends, cutOff, violations } = explore(counters({}));
    expect({ states, transitions, ends, cutOff }).toEqual({
      states: 9,
      transitions: 12,
      ends: 1,
      cutOff: false,
    });
    expect(violations).toEqual([]);
  });

  it('takes states for one that differ only in who is who', () => {
    expect(explore(counters({ interchangeable: true }))).toMatchObject({ states: 6, ends: 1 });
  });

  it('finds an invariant broken, by one of the shortest ways', () => {
    const { violations } = explore(counters({ breaches: never(2, 1) }));
    expect(violations).toMatchObject([{ invariant: 'never', reason: '2 and 1', atEnd: false }]);
    expect(violations[0]?.trace).toHaveLength(3);
  });

  it('tells the nearest of several states that break it', () => {
    const { violations } = explore(
      counters({ breaches: (counts) => [...never(2, 2)(counts), ...never(1, 0)(counts)] }),
    );
    expect(violations.map(({ reason, trace }) => [reason, trace])).toEqual([
      ['1 and 0', ['process 0 counts → 1']],
    ]);
  });

  it('keeps to one name for one process all along a trace', () => {
    // Canonical states have the smaller count first: the process that is ahead changes its place there.
    const { violations } = explore(counters({ interchangeable: true, breaches: never(0, 2) }));
    const [trace = []] = violations.map((violation) => violation.trace);
    expect(trace).toHaveLength(2);
    expect(new Set(trace.map((line) => line.split(' → ')[0])).size).toBe(1);
    expect(trace.map((line) => line.split(' → ')[1])).toEqual(['1', '2']);
  });

  it('looks at states of rest, and says so', () => {
    const { violations } = explore(counters({ breachesAtEnd: never(2, 2) }));
    expect(violations).toMatchObject([{ invariant: 'never', atEnd: true }]);
    expect(violations[0]?.trace).toHaveLength(4);
  });

  it('says when it gave up before the end', () => {
    const { states, cutOff } = explore(counters({}), { limit: 5 });
    expect({ states, cutOff }).toEqual({ states: 5, cutOff: true });
  });
});
