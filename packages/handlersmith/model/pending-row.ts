/**
 * The candidate that was not taken: a PENDING row first, then the upload, then COMMITTED; a sweeper works from the
 * rows. It never loses a write, but a blob that arrives after its row was swept is left for ever: no row names it, and
 * nobody lists the bucket.
 *
 * @module
 */
import { budgetLayout, calm, capacityOf, faults, sortInFlight, type Budget } from './adversary.ts';
import type { Codec } from './engine/codec.ts';
import type { Model, Step } from './engine/model.ts';
import { breachesOf, leakOf, type World } from './invariants.ts';
import { letter } from './letter.ts';

export interface PendingRowOptions {
  /** The payload of each invocation, all under one key. */
  readonly payloads: readonly string[];
  readonly budget: Budget;
}

const operations = ['idle', 'pending', 'put', 'commit', 'over', 'abort', 'delete', 'remove', 'drop'] as const;
type Operation = (typeof operations)[number];
const rowStates = ['-', 'PENDING', 'COMMITTED', 'ABORTED'] as const;

interface Actor {
  step: Operation;
  /** Writers: the blob of the answer. The sweeper: the blob it looks at. */
  blob: number;
}

export interface PendingRowState {
  readonly writers: Actor[];
  readonly sweeper: Actor;
  inFlight: number[];
  /** By blob: the payload in it, or 0. Each attempt has a blob of its own. */
  readonly bucket: number[];
  /** The row, and the set of blobs of attempts that were taken over. */
  readonly row: { state: (typeof rowStates)[number]; blob: number; superseded: number };
  budget: Budget;
}

export function pendingRow(options: PendingRowOptions): Model<PendingRowState> {
  const { payloads } = options;
  const names = ['', ...new Set(payloads)];
  const blobs = payloads.map((_payload, invocation) => invocation + 1);
  const payloadOf = (blob: number): number => names.indexOf(payloads[blob - 1] ?? '');

  function layout(state: PendingRowState, codec: Codec): void {
    for (const actor of [...state.writers, state.sweeper]) {
      actor.step = codec.oneOf(operations, actor.step);
      actor.blob = codec.byte(actor.blob);
    }
    state.inFlight = codec.words(state.inFlight, capacityOf(options.budget));
    for (const blob of blobs) state.bucket[blob] = codec.byte(state.bucket[blob] ?? 0);
    state.row.state = codec.oneOf(rowStates, state.row.state);
    state.row.blob = codec.byte(state.row.blob);
    state.row.superseded = codec.byte(state.row.superseded);
    budgetLayout(state.budget, codec);
  }

  function apply(state: PendingRowState, operation: Operation, blob: number, expired = false): string {
    const { row } = state;
    const mine = row.blob === blob;
    switch (operation) {
      case 'put':
        state.bucket[blob] = payloadOf(blob);
        return 'ok';
      case 'delete':
        state.bucket[blob] = 0;
        return 'ok';
      case 'pending':
        if (row.state === 'COMMITTED') return 'committed';
        if (row.state === 'PENDING' && !expired) return 'busy';
        if (row.state === 'PENDING') row.superseded |= 1 << row.blob;
        Object.assign(row, { state: 'PENDING', blob });
        return 'ok';
      case 'commit':
        if (row.state === 'COMMITTED') return 'committed';
        if (row.state !== 'PENDING' || !mine) return 'taken over';
        row.state = 'COMMITTED';
        return 'ok';
      case 'abort':
        if (row.state === 'PENDING' && mine) row.state = 'ABORTED';
        return row.state === 'ABORTED' ? 'ok' : 'refused';
      case 'remove':
        if (row.state === 'ABORTED' && mine) Object.assign(row, { state: '-', blob: 0, superseded: 0 });
        return 'ok';
      case 'drop':
        row.superseded &= ~(1 << blob);
        return 'ok';
      case 'idle':
      case 'over':
    }
    return 'ok';
  }

  function receive(state: PendingRowState, writer: Actor, blob: number, reply: string): void {
    const { row } = state;
    if (reply === 'committed') end(writer, payloadOf(row.blob) === payloadOf(blob) ? row.blob : 0);
    else if (reply !== 'ok') end(writer, 0);
    else if (writer.step === 'commit') end(writer, blob);
    else writer.step = writer.step === 'pending' ? 'put' : 'commit';
  }

  function writerSteps(state: PendingRowState, step: Step<PendingRowState>, invocation: number): void {
    const writer = state.writers[invocation];
    const blob = invocation + 1;
    if (!writer || writer.step === 'over') return;
    const title = `${letter(invocation)} (${payloads[invocation] ?? ''})`;
    if (writer.step === 'idle') {
      const same = payloads[invocation];
      if (
        state.writers.findIndex((other, at) => other.step === 'idle' && payloads[at] === same) === invocation
      )
        step(
          () => `${title} begins`,
          (next) => {
            actorOf(next, invocation).step = 'pending';
            return undefined;
          },
        );
      return;
    }
    const operation = writer.step;
    const describe = (): string => `${title} ${operation} ${nameOf(blob)}`;
    const send = (next: PendingRowState, expired: boolean): string => {
      const reply = apply(next, operation, blob, expired);
      receive(next, actorOf(next, invocation), blob, reply);
      return reply;
    };
    step(describe, (next) => send(next, false));
    if (operation === 'pending' && state.row.state === 'PENDING')
      step(
        () => `${describe()}, the time of the pending row is over`,
        (next) => send(next, true),
      );
    const stop = (next: PendingRowState): void => end(actorOf(next, invocation), 0);
    const request = operations.indexOf(operation) | (blob << 4);
    faults(state, step, { describe, request, retries: false, giveUp: stop, die: stop });
  }

  function sweeperSteps({ sweeper, row, budget }: PendingRowState, step: Step<PendingRowState>): void {
    const go = (from: Operation, blob: number, why: string): void =>
      step(
        () => `sweeper takes ${nameOf(blob)}, ${why}`,
        (next) => {
          next.budget.visits--;
          Object.assign(next.sweeper, { step: from, blob });
          return undefined;
        },
      );
    if (sweeper.step === 'idle') {
      if (budget.visits === 0) return;
      if (row.state === 'PENDING' || row.state === 'ABORTED') go('abort', row.blob, 'pending for long');
      for (const blob of blobs) if ((row.superseded & (1 << blob)) !== 0) go('drop', blob, 'taken over');
      return;
    }
    step(() => `sweeper ${sweeper.step} ${nameOf(sweeper.blob)}`, advance);
  }

  function advance(state: PendingRowState): string {
    const { sweeper } = state;
    const { step, blob } = sweeper;
    if (step === 'drop') apply(state, 'delete', blob);
    const reply = apply(state, step, blob);
    const after: Partial<Record<Operation, Operation>> = { abort: 'delete', delete: 'remove' };
    sweeper.step = (reply === 'ok' ? after[step] : undefined) ?? 'idle';
    if (sweeper.step === 'idle') sweeper.blob = 0;
    return reply;
  }

  function worldOf(state: PendingRowState): World {
    const { blob } = state.row;
    const rows = state.row.state === 'COMMITTED' ? [{ blob, payload: payloadOf(blob), effect: blob }] : [];
    return {
      rows,
      answers: state.writers.flatMap(({ step, blob: response }, invocation) =>
        step === 'over' && response !== 0
          ? [{ key: 0, payload: payloadOf(invocation + 1), response, effect: response }]
          : [],
      ),
      contentOf: (of) => state.bucket[of] ?? 0,
      effects: [rows.length],
      superseded: () => false,
      blobs: () => blobs.filter((of) => state.bucket[of] !== 0),
      nameOf,
    };
  }

  /** The sweeper once more over all the rows name. */
  function sweep(state: PendingRowState): void {
    for (const blob of blobs) if ((state.row.superseded & (1 << blob)) !== 0) run(state, 'drop', blob);
    if (state.row.state === 'PENDING' || state.row.state === 'ABORTED') run(state, 'abort', state.row.blob);
  }

  function run(state: PendingRowState, from: Operation, blob: number): void {
    Object.assign(state.sweeper, { step: from, blob });
    while (state.sweeper.step !== 'idle') advance(state);
  }

  return {
    first: () => ({
      writers: payloads.map(() => ({ step: 'idle', blob: 0 })),
      sweeper: { step: 'idle', blob: 0 },
      inFlight: [],
      bucket: [0, ...blobs.map(() => 0)],
      row: { state: '-', blob: 0, superseded: 0 },
      budget: { ...options.budget },
    }),
    layout,
    canonical: sortInFlight,
    steps: (state, step) => {
      for (const [invocation] of payloads.entries()) writerSteps(state, step, invocation);
      for (const [index, word] of state.inFlight.entries()) {
        const operation = operations[word & 15] ?? 'over';
        step(
          () => `late ${operation} ${nameOf(word >>> 4)} is applied`,
          (next) => {
            next.inFlight.splice(index, 1);
            return apply(next, operation, word >>> 4);
          },
        );
      }
      sweeperSteps(state, step);
    },
    breaches: (state) => breachesOf(worldOf(state)),
    rests: ({ writers, sweeper }) =>
      sweeper.step === 'idle' && writers.every(({ step }) => step === 'idle' || step === 'over'),
    settle: calm,
    breachesAtEnd: (state) => {
      sweep(state);
      const world = worldOf(state);
      return [...leakOf(world), ...breachesOf(world)];
    },
  };
}

function actorOf(state: PendingRowState, invocation: number): Actor {
  const actor = state.writers[invocation];
  if (!actor) throw new RangeError(`there is no invocation ${invocation}`);
  return actor;
}

function end(actor: Actor, blob: number): void {
  Object.assign(actor, { step: 'over', blob });
}

function nameOf(blob: number): string {
  return `K/attempt${letter(blob - 1)}`;
}
