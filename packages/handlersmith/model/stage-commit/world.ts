/**
 * A state of this protocol as the invariants see it, and what must hold once all is at rest.
 *
 * @module
 */
import { packer, unpacker } from '../engine/codec.ts';
import type { Breach } from '../engine/model.ts';
import { breachesOf, leakOf, orphansOf, type Answer, type World } from '../invariants.ts';
import type { Names } from './names.ts';
import type { Settings } from './options.ts';
import type { Services } from './services.ts';
import { firstState, layoutOf, type Result, type State } from './state.ts';
import type { Sweeper } from './sweeper.ts';
import { isRead, type Invoker } from './writer.ts';

/** Steps after which a retry that has not ended counts as endless. */
const PATIENCE = 30;

export interface Judge {
  breaches(state: State): readonly Breach[];
  /** Sweeps, then sends every request once more; changes the state. */
  breachesAtEnd(state: State): readonly Breach[];
  /** The most blobs without a row that any end state had before it was swept. */
  mostOrphans(): number;
}

export function judgeOf(
  names: Names,
  settings: Settings,
  services: Services,
  sweeper: Sweeper,
  invoker: Invoker,
): Judge {
  let orphans = 0;
  const copy = copierOf(names, settings);

  const answersOf = (state: State): Answer[] => {
    const answers: Answer[] = [];
    for (const [invocation, { step, result, response }] of state.writers.entries())
      if (step === 'over' && result === 'ok')
        answers.push({
          key: names.keyOf[invocation] ?? 0,
          payload: names.payloadOf[invocation] ?? 0,
          response,
          effect: response,
        });
    return answers;
  };

  const worldOf = (state: State): World => ({
    rows: state.rows
      .filter(({ by }) => by !== 0)
      .map(({ blob, by }) => ({ blob, payload: services.payloadOf(by), effect: blob })),
    answers: answersOf(state),
    contentOf: (blob) => state.bucket[blob] ?? 0,
    effects: state.effects,
    superseded: (effect) => (state.replaced & (1 << effect)) !== 0,
    blobs: () => [...state.bucket.keys()].filter((blob) => state.bucket[blob] !== 0),
    nameOf: (blob) => names.blobs[blob]?.name ?? 'nothing',
  });

  /** L1: the same request once more, when nothing goes wrong. */
  function retry(state: State, invocation: number): Result {
    invoker.start(state, invocation);
    const writer = state.writers[invocation];
    if (!writer) return 'none';
    for (let patience = PATIENCE; patience > 0; patience--) {
      const request = invoker.request(state, invocation);
      if (request) invoker.receive(state, invocation, services.apply(state, request, { leaseExpired: true }));
      else if (isRead(writer.step)) invoker.read(state, invocation);
    }
    return writer.step === 'over' ? writer.result : 'none';
  }

  function convergence(state: State, acknowledged: readonly Answer[], invocation: number): Breach[] {
    const key = names.keyOf[invocation] ?? 0;
    const payload = names.payloadOf[invocation] ?? 0;
    const mine = acknowledged.find((answer) => answer.key === key && answer.payload === payload);
    const other = acknowledged.some((answer) => answer.key === key && answer.payload !== payload);
    const result = retry(state, invocation);
    const response = state.writers[invocation]?.response;
    const due = mine
      ? result === 'ok' && response === mine.response
      : other
        ? result === '422'
        : result !== 'none' && result !== '503';
    const { key: name = '', kind = '' } = names.invocations[invocation] ?? {};
    return due ? [] : [{ invariant: 'L1', reason: `a retry of ${kind} ${name} is answered ${result}` }];
  }

  return {
    breaches: (state) => breachesOf(worldOf(state)),
    breachesAtEnd: (state) => {
      orphans = Math.max(orphans, orphansOf(worldOf(state)).length);
      sweeper.sweep(state);
      const swept = worldOf(state);
      const breaches = [...leakOf(swept), ...breachesOf(swept)];
      for (let invocation = names.writers; invocation < names.invocations.length; invocation++) {
        if (names.invocations[invocation]?.kind === 'event') continue; // nobody waits for its answer
        const again = copy(state);
        breaches.push(...convergence(again, swept.answers, invocation), ...breachesOf(worldOf(again)));
      }
      return breaches;
    },
    mostOrphans: () => orphans,
  };
}

/** Copies all of a state, also what only a retry at the end can reach. */
function copierOf(names: Names, settings: Settings): (state: State) => State {
  const layout = layoutOf(names, settings, 'everything');
  const pack = packer();
  const unpack = unpacker();
  const bytes = new Uint8Array(4096);
  return (state) => {
    pack.aim(bytes);
    layout(state, pack);
    unpack.aim(bytes, 0);
    const copy = firstState(names, settings);
    layout(copy, unpack);
    return copy;
  };
}
