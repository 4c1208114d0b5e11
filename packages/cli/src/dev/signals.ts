/**
 * How somebody says that it is enough.
 *
 * @module
 */
import { EXIT } from '../problem.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface Stopping {
  /** Resolves with the first signal. */
  readonly asked: Promise<void>;
  /** Hears signals no more. */
  readonly off: () => void;
}

/**
 * Hears Ctrl-C and what else asks a program to end. The second signal ends it at once.
 *
 * @param onFirst - told when it is asked for the first time
 */
export function untilStopped(onFirst: () => void): Stopping {
  const { promise, resolve } = Promise.withResolvers<void>();
  let count = 0;
  const hear = (): void => {
    count += 1;
    if (count > 1) process.exit(EXIT.interrupted);
    onFirst();
    resolve();
  };
  for (const signal of SIGNALS) process.on(signal, hear);
  return {
    asked: promise,
    off() {
      for (const signal of SIGNALS) process.off(signal, hear);
    },
  };
}
