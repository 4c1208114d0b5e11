/**
 * Stage, commit, sweep: the protocol of `src/store`, and everything that can be taken away from it.
 *
 * @module
 */
import { calm, faults } from '../adversary.ts';
import type { Model, Step } from '../engine/model.ts';
import { letter } from '../letter.ts';
import { die } from './ending.ts';
import { environmentOf, isTimed } from './environment.ts';
import { namesOf } from './names.ts';
import { settingsOf, type StageCommitOptions } from './options.ts';
import { pack, servicesOf, unpack, type Request } from './services.ts';
import { canonicalOf, firstState, layoutOf, type Janitor, type State } from './state.ts';
import { sweeperOf } from './sweeper.ts';
import { judgeOf } from './world.ts';
import { invokerOf, isRead, wordOf } from './writer.ts';

export interface StageCommitModel extends Model<State> {
  /** The most blobs without a row that any end state had before it was swept. */
  mostOrphans(): number;
}

export function stageCommit(options: StageCommitOptions): StageCommitModel {
  const settings = settingsOf(options);
  const names = namesOf(settings);
  const services = servicesOf(names, settings);
  const invoker = invokerOf(names, settings, services);
  const sweeper = sweeperOf(names, settings, services);
  const judge = judgeOf(names, settings, services, sweeper, invoker);
  const environment = environmentOf(names, settings, services);
  const order = canonicalOf(names);
  const timed = isTimed(settings);

  const nameOfBlob = (blob: number): string => names.blobs[blob]?.name ?? 'nothing';
  const titles = names.invocations.map(
    ({ key, kind, payload }, index) => `${letter(index)} (${kind} ${key} ${payload})`,
  );

  function steps(state: State, step: Step<State>): void {
    for (let invocation = 0; invocation < names.writers; invocation++) writerSteps(state, step, invocation);
    for (const [index, janitor] of state.janitors.entries()) {
      if (janitor.step !== 'idle') janitorSteps(state, step, index);
      // Idle sweepers are all alike: the first one goes.
      else if (state.janitors.findIndex((other) => other.step === 'idle') === index)
        visits(state, step, index);
    }
    environment(state, step);
  }

  function writerSteps(state: State, step: Step<State>, invocation: number): void {
    const writer = state.writers[invocation];
    const title = titles[invocation] ?? '';
    if (!writer || writer.step === 'over') return;
    if (writer.step === 'idle') {
      begins(state, step, invocation);
      return;
    }
    const describe = (): string =>
      `${title} ${writer.step}${writer.blob === 0 ? '' : ` ${nameOfBlob(writer.blob)}`}`;
    if (isRead(writer.step)) {
      step(describe, (next) => invoker.read(next, invocation));
      faults(state, step, {
        describe,
        request: undefined,
        retries: true,
        die: (next) => kill(next, invocation),
      });
      return;
    }
    const request = invoker.request(state, invocation);
    if (!request) return;
    step(describe, (next) => receive(next, invocation, request, false));
    if (writer.step === 'L1' && services.recordOf(state, invocation).state === 'L')
      step(
        () => `${describe()}, the lease has run out`,
        (next) => receive(next, invocation, request, true),
      );
    faults(state, step, {
      describe,
      // Each CreateMultipartUpload makes another upload; one whose answer is lost is nobody's.
      request: writer.step === 'W2a' ? undefined : wordOf(request, names),
      retries: true,
      giveUp: (next) => invoker.giveUp(next, invocation),
      die: (next) => kill(next, invocation),
    });
  }

  function begins(state: State, step: Step<State>, invocation: number): void {
    const alike = names.alike[invocation];
    // Of those that ask for the same, the first one goes.
    if (
      state.writers.findIndex(({ step: at }, index) => at === 'idle' && names.alike[index] === alike) !==
      invocation
    )
      return;
    const title = titles[invocation] ?? '';
    if (names.invocations[invocation]?.kind !== 'event') {
      step(
        () => `${title} begins${settings.probe ? ', W1' : ''}`,
        (next) => {
          invoker.start(next, invocation);
          return told(next, invocation);
        },
      );
      return;
    }
    for (const blob of blobsOf(invocation))
      if (state.bucket[blob] !== 0)
        step(
          () => `${title} is told of ${nameOfBlob(blob)}`,
          (next) => {
            invoker.notify(next, invocation, blob);
            return undefined;
          },
        );
  }

  const ownBlobs = names.invocations.map((_one, invocation) => {
    const blobs = new Set<number>();
    for (let day = 0; day <= settings.budget.expiries; day++)
      for (let generation = 0; generation <= settings.budget.visits; generation++)
        blobs.add(names.blobFor(invocation, day, generation));
    return [...blobs];
  });
  const blobsOf = (invocation: number): readonly number[] => ownBlobs[invocation] ?? [];

  function receive(state: State, invocation: number, request: Request, leaseExpired: boolean): string {
    const reply = services.apply(state, request, { leaseExpired });
    invoker.receive(state, invocation, reply);
    return told(state, invocation, reply.kind);
  }

  /** What came of a step, and W5 where it was the last. */
  function told(state: State, invocation: number, outcome = 'goes on'): string {
    const writer = state.writers[invocation];
    if (writer?.step !== 'over') return outcome;
    return `${outcome}; W5 answers ${writer.result === 'ok' ? `200 ${nameOfBlob(writer.response)}` : writer.result}`;
  }

  function visits(state: State, step: Step<State>, index: number): void {
    if (state.budget.visits === 0) return;
    const visit = (blob: number, from: 'bucket' | 'retire list'): void =>
      step(
        () =>
          `sweeper ${index + 1} ${from === 'bucket' ? 'S1 lists' : 'takes from the retire list'} ${nameOfBlob(blob)}`,
        (next) => {
          const janitor = next.janitors[index];
          if (janitor) sweeper.take(janitor, blob, from);
          next.budget.visits--;
          return undefined;
        },
      );
    for (const blob of sweeper.listed(state)) visit(blob, 'bucket');
    for (const blob of sweeper.retired(state)) visit(blob, 'retire list');
  }

  function janitorSteps(state: State, step: Step<State>, index: number): void {
    const janitor = state.janitors[index];
    if (!janitor) return;
    const describe = (): string => `sweeper ${index + 1} ${janitor.step} ${nameOfBlob(janitor.blob)}`;
    step(describe, (next) => {
      const same = next.janitors[index];
      return same ? sweeper.advance(next, same) : undefined;
    });
    const stop = (next: State): void => {
      const same = next.janitors[index];
      if (same) free(same);
    };
    const request = sweeper.request(janitor);
    // A sweeper without an answer stops; the next sweep meets the blob again. So it does when it dies.
    faults(state, step, {
      describe,
      request: request && pack(request),
      retries: false,
      ...(request && { giveUp: stop }),
      die: stop,
    });
  }

  return {
    first: () => firstState(names, settings),
    layout: layoutOf(names, settings, 'run'),
    canonical: (state) => {
      if (!timed && state.inFlight.length > 0)
        state.inFlight = state.inFlight.filter((word) => !services.spent(state, unpack(word)));
      order(state);
    },
    steps,
    breaches: (state) => judge.breaches(state),
    rests: ({ writers, janitors }) =>
      writers.every(({ step: at }) => at === 'idle' || at === 'over') &&
      janitors.every(({ step: at }) => at === 'idle'),
    settle: calm,
    breachesAtEnd: (state) => judge.breachesAtEnd(state),
    mostOrphans: () => judge.mostOrphans(),
  };
}

function kill(state: State, invocation: number): void {
  const writer = state.writers[invocation];
  if (writer) die(writer);
}

function free(janitor: Janitor): void {
  janitor.step = 'idle';
  janitor.blob = 0;
}
