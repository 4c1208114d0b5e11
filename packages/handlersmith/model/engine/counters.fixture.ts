/**
 * A protocol small enough to count by hand: two processes, each counts from 0 to 2.
 *
 * @module
 */
import type { Breach, Model } from './model.ts';

export interface Counters {
  readonly counts: number[];
}

export interface CountersOptions {
  /** Whether the processes may change places. */
  readonly interchangeable?: boolean;
  readonly breaches?: (counts: readonly number[]) => readonly Breach[];
  readonly breachesAtEnd?: (counts: readonly number[]) => readonly Breach[];
}

export function counters({ interchangeable, breaches, breachesAtEnd }: CountersOptions): Model<Counters> {
  return {
    first: () => ({ counts: [0, 0] }),
    layout: ({ counts }, codec) => {
      for (const [process, count] of counts.entries()) counts[process] = codec.byte(count);
    },
    canonical: ({ counts }) => {
      if (interchangeable) counts.sort((one, other) => one - other);
    },
    steps: ({ counts }, step) => {
      for (const [process, count] of counts.entries())
        if (count < 2)
          step(
            () => `process ${process} counts`,
            (next) => {
              next.counts[process] = count + 1;
              return String(count + 1);
            },
          );
    },
    breaches: ({ counts }) => breaches?.(counts) ?? [],
    rests: ({ counts }) => counts.every((count) => count === 2),
    settle: () => undefined,
    breachesAtEnd: ({ counts }) => breachesAtEnd?.(counts) ?? [],
  };
}
