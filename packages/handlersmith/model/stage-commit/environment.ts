/**
 * What happens by itself: late requests are applied, records expire, lifecycle rules of the bucket run.
 *
 * @module
 */
import type { Step } from '../engine/model.ts';
import type { Names } from './names.ts';
import type { Settings } from './options.ts';
import { unpack, type Services } from './services.ts';
import type { State } from './state.ts';

/** Whether time may pass only when nothing is in flight. */
export function isTimed({ graceHonoured, attemptsEndFirst }: Settings): boolean {
  return graceHonoured || attemptsEndFirst;
}

export function environmentOf(
  names: Names,
  settings: Settings,
  services: Services,
): (state: State, step: Step<State>) => void {
  const timed = isTimed(settings);
  const nameOfBlob = (blob: number): string => names.blobs[blob]?.name ?? 'nothing';

  function arrivals(step: Step<State>, index: number, word: number): void {
    const request = unpack(word);
    const describe = (): string => `late ${request.operation} ${nameOfBlob(request.blob)}`;
    step(
      () => `${describe()} is applied`,
      (next) => {
        next.inFlight.splice(index, 1);
        return services.apply(next, request).kind;
      },
    );
    // Elsewhere what never arrives just stays in flight. Here that something is in flight keeps time from passing.
    if (timed)
      step(
        () => `${describe()} is lost`,
        (next) => {
          next.inFlight.splice(index, 1);
          return undefined;
        },
      );
  }

  function expiries(state: State, step: Step<State>): void {
    if (state.budget.expiries === 0) return;
    const busy =
      state.inFlight.length > 0 || state.writers.some(({ step: at }) => at !== 'idle' && at !== 'over');
    if (settings.attemptsEndFirst && busy) return;
    for (const [key, record] of state.records.entries())
      if (record.state === 'C' || (record.state === 'F' && settings.expire === 'committed and fenced'))
        step(
          () => `the record of ${names.keys[key] ?? ''} expires, a day begins`,
          (next) => {
            next.budget.expiries--;
            next.day++;
            Object.assign(next.records[key] ?? {}, { state: '-', generation: 0, blob: 0, by: 0 });
            return undefined;
          },
        );
  }

  /** Lifecycle rules of the bucket: for tagged blobs (wrong), and for unfinished multipart uploads. */
  function lifecycle(state: State, step: Step<State>): void {
    if (state.budget.visits === 0) return;
    if (!settings.pendingTag && settings.parts === 0) return;
    for (let blob = 1; blob < names.blobsInRun; blob++) {
      const rule = (operation: 'S5' | 'W2d', what: string): void =>
        step(
          () => `a lifecycle rule ${what} ${nameOfBlob(blob)}`,
          (next) => {
            next.budget.visits--;
            services.apply(next, { operation, invocation: 0, generation: 0, blob, expected: 0 });
            return undefined;
          },
        );
      if ((state.tagged & (1 << blob)) !== 0) rule('S5', 'deletes the tagged');
      if (state.uploads[blob] !== 0) rule('W2d', 'aborts the upload of');
    }
  }

  return (state, step) => {
    for (const [index, word] of state.inFlight.entries()) arrivals(step, index, word);
    expiries(state, step);
    lifecycle(state, step);
  };
}
