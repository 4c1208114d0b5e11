/**
 * A sweeper and retire worker: S1-S5, R1, R2, what it sends at each step and what it does with the answer.
 *
 * @module
 */
import type { Names } from './names.ts';
import type { Settings } from './options.ts';
import type { Request, Services } from './services.ts';
import type { Janitor, JanitorStep, State } from './state.ts';

export interface Sweeper {
  /** S1: blobs in the bucket that may be judged old. */
  listed(state: State): readonly number[];
  /** Blobs on the retire list. */
  retired(state: State): readonly number[];
  take(janitor: Janitor, blob: number, from: 'bucket' | 'retire list'): void;
  /** What it sends next; `undefined` where it reads. */
  request(janitor: Janitor): Request | undefined;
  /** Takes the step without a fault. Says what came of it. */
  advance(state: State, janitor: Janitor): string;
  /** A whole sweep without a fault: retired blobs first, then everything listed. */
  sweep(state: State): void;
}

export function sweeperOf(names: Names, settings: Settings, services: Services): Sweeper {
  const [firstStep = 'idle'] = settings.sweep;
  const all = names.blobs.map((_blob, number) => number).slice(1);

  /** The protocol makes no timing assumption: any blob may be judged old at any time. */
  const isOld = (state: State, blob: number): boolean =>
    !settings.graceHonoured ||
    (!state.writers.some((writer) => writer.blob === blob) && !mentions(state.inFlight, blob));

  const afterwards = (step: JanitorStep): JanitorStep => {
    const steps: readonly JanitorStep[] = settings.sweep;
    return steps[steps.indexOf(step) + 1] ?? 'idle';
  };

  function request({ step, blob }: Janitor): Request | undefined {
    if (step === 'idle' || step === 'S2' || step === 'S4') return undefined;
    const generation = step === 'S3' ? (names.blobs[blob]?.generation ?? 0) : 0;
    return { operation: step, invocation: 0, generation, blob, expected: 0 };
  }

  function advance(state: State, janitor: Janitor): string {
    const { step, blob } = janitor;
    if (step === 'S2' || step === 'S4') {
      // The row decides, never the record: a record may have expired, or name a blob that was replaced since.
      const live = services.isLive(state, blob);
      goTo(janitor, live ? 'idle' : afterwards(step));
      return live ? 'a row refers to it' : 'no row refers to it';
    }
    const sent = request(janitor);
    if (!sent) return 'nothing to do';
    const reply = services.apply(state, sent);
    if (step === 'R1') goTo(janitor, 'R2');
    else if (step === 'S3') {
      const trusted = settings.trustRecord && reply.kind === 'committed' && reply.blob === blob;
      goTo(janitor, trusted ? 'idle' : afterwards(step));
    } else goTo(janitor, 'idle');
    return reply.kind;
  }

  function take(janitor: Janitor, blob: number, from: 'bucket' | 'retire list'): void {
    janitor.blob = blob;
    janitor.step = from === 'bucket' ? firstStep : 'R1';
  }

  const listed = (state: State): readonly number[] =>
    settings.sweep.length === 0 ? [] : all.filter((blob) => state.bucket[blob] !== 0 && isOld(state, blob));
  const retired = (state: State): readonly number[] =>
    state.retired === 0 ? [] : all.filter((blob) => (state.retired & (1 << blob)) !== 0);

  function visit(state: State, blob: number, from: 'bucket' | 'retire list'): void {
    const janitor: Janitor = { step: 'idle', blob: 0 };
    take(janitor, blob, from);
    while (janitor.step !== 'idle') advance(state, janitor);
  }

  return {
    listed,
    retired,
    take,
    request,
    advance,
    sweep: (state) => {
      for (const blob of retired(state)) visit(state, blob, 'retire list');
      for (const blob of listed(state)) visit(state, blob, 'bucket');
      if (!settings.pendingTag) return;
      for (const blob of all)
        if ((state.tagged & (1 << blob)) !== 0)
          services.apply(state, { operation: 'S5', invocation: 0, generation: 0, blob, expected: 0 });
    },
  };
}

function goTo(janitor: Janitor, step: JanitorStep): void {
  janitor.step = step;
  if (step === 'idle') janitor.blob = 0;
}

function mentions(inFlight: readonly number[], blob: number): boolean {
  return inFlight.some((word) => ((word >>> 13) & 63) === blob);
}
