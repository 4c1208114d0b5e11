/**
 * Long polls: receives that wait until there is something.
 *
 * @module
 */
import type { Store } from './store.ts';

interface Waiting {
  /** Tries to receive; true once that is settled, one way or the other. */
  readonly attempt: () => boolean;
  readonly end: () => void;
}

export interface LongPolls {
  /**
   * Receives now, or as soon as the queue has something, for at most so many milliseconds.
   *
   * @param attempt - gives what there is; what it throws is thrown
   * @param onGone - tells when nobody waits for the answer any more
   * @returns nothing after that time
   */
  receive<Item>(
    queue: string,
    milliseconds: number,
    attempt: () => readonly Item[],
    onGone: (callback: () => void) => void,
  ): Promise<readonly Item[]>;
  /** Ends all of them: they give nothing. */
  close(): void;
}

export function longPolls(store: Store): LongPolls {
  const { clock } = store;
  const polls = new Map<string, Set<Waiting>>();
  const timers = new Map<string, () => void>();
  /** Queues whose polls are being served: a receive is a commit too. */
  const serving = new Set<string>();

  const serve = (name: string): void => {
    const waiting = polls.get(name);
    if (waiting === undefined || serving.has(name)) return;
    serving.add(name);
    for (const poll of waiting) if (!poll.attempt()) break;
    serving.delete(name);
    setTimer(name);
  };
  /** Polls wake when a message becomes visible by the passing of time alone. */
  const setTimer = (name: string): void => {
    timers.get(name)?.();
    timers.delete(name);
    const due = polls.has(name) ? store.find(name)?.nextDue() : undefined;
    if (due !== undefined)
      timers.set(
        name,
        clock.after(due - clock.now(), () => serve(name)),
      );
  };
  store.onCommit(serve);

  return {
    receive(name, milliseconds, attempt, onGone) {
      return new Promise((done, fail) => {
        const found = attempt();
        if (found.length > 0 || milliseconds === 0) return done(found);

        const end = (): void => {
          stopTimer();
          waiting.delete(poll);
          if (waiting.size === 0) polls.delete(name);
          setTimer(name);
          done([]);
        };
        const poll: Waiting = {
          attempt() {
            try {
              const now = attempt();
              if (now.length === 0) return false;
              done(now);
            } catch (error) {
              fail(error);
            }
            end();
            return true;
          },
          end,
        };
        const stopTimer = clock.after(milliseconds, end);
        const waiting = polls.get(name) ?? new Set();
        polls.set(name, waiting.add(poll));
        setTimer(name);
        onGone(end);
        return undefined;
      });
    },
    close() {
      for (const waiting of polls.values()) for (const poll of waiting) poll.end();
    },
  };
}
