/**
 * Powertools idempotency 2.35 around the plain handler "put the blob, then put the row", to show what this library's
 * store is for.
 *
 * @module
 */
import { budgetLayout, calm, capacityOf, faults, sortInFlight, type Budget } from './adversary.ts';
import type { Codec } from './engine/codec.ts';
import type { Model, Step } from './engine/model.ts';
import { breachesOf, leakOf, type World } from './invariants.ts';
import { letter } from './letter.ts';
import {
  applyTo,
  recordStates,
  writerSteps,
  type PowertoolsState,
  type Writer,
  type WriterStep,
} from './powertools-layer.ts';

export interface PowertoolsOptions {
  /** The payload of each invocation, all under one key. */
  readonly payloads: readonly string[];
  readonly budget: Budget;
  /** Where the names of blob and row come from. */
  readonly ids?: 'random' | 'key';
  /** The Middy middleware of 2.35: its `onError` deletes the record whatever the error was. */
  readonly middleware?: boolean;
  /** The time of a record in progress may pass while its owner is only paused. */
  readonly zombies?: boolean;
  /** A request without an answer may be applied later. */
  readonly late?: boolean;
}

export function powertools(options: PowertoolsOptions): Model<PowertoolsState> {
  const { payloads, ids = 'random', middleware = true, zombies = false, late = false } = options;
  const names = ['', ...new Set(payloads)];
  const payloadOf = (invocation: number): number => names.indexOf(payloads[invocation] ?? '');
  const blobOf = (invocation: number): number => (ids === 'random' ? invocation + 1 : 1);
  const items = ids === 'random' ? payloads.length : 1;
  const nameOf = (blob: number): string => (ids === 'random' ? `doc/${letter(blob - 1)}` : 'doc/K');

  function first(): PowertoolsState {
    return {
      writers: payloads.map(() => ({ step: 'idle', response: 0 })),
      inFlight: [],
      record: { state: '-', owner: 0, payload: 0, response: 0 },
      bucket: Array.from({ length: items + 1 }, () => 0),
      rows: Array.from({ length: items + 1 }, () => 0),
      budget: { ...options.budget },
    };
  }

  const apply = (
    state: PowertoolsState,
    operation: WriterStep,
    invocation: number,
    expired = false,
  ): string =>
    applyTo(state, operation, {
      invocation,
      payload: payloadOf(invocation),
      blob: blobOf(invocation),
      expired,
    });

  function layout(state: PowertoolsState, codec: Codec): void {
    for (const writer of state.writers) {
      writer.step = codec.oneOf(writerSteps, writer.step);
      writer.response = codec.byte(writer.response);
    }
    state.inFlight = codec.words(state.inFlight, capacityOf(options.budget));
    const { record } = state;
    record.state = codec.oneOf(recordStates, record.state);
    record.owner = codec.byte(record.owner);
    record.payload = codec.byte(record.payload);
    record.response = codec.byte(record.response);
    for (let item = 1; item <= items; item++) {
      state.bucket[item] = codec.byte(state.bucket[item] ?? 0);
      state.rows[item] = codec.byte(state.rows[item] ?? 0);
    }
    budgetLayout(state.budget, codec);
  }

  function receive(state: PowertoolsState, invocation: number, reply: string): void {
    const writer = writerOf(state, invocation);
    if (writer.step === 'saveInProgress' && reply !== 'ok') {
      if (reply === 'replay') end(writer, state.record.response);
      else fail(writer, false);
    } else if (writer.step === 'saveSuccess') end(writer, blobOf(invocation));
    else if (writer.step === 'deleteRecord') end(writer, 0);
    else writer.step = writerSteps[writerSteps.indexOf(writer.step) + 1] ?? 'over';
  }

  /** The handler or the layer round it throws. */
  function fail(writer: Writer, ownsRecord: boolean): void {
    if (middleware || ownsRecord) writer.step = 'deleteRecord';
    else end(writer, 0);
  }

  function giveUp(state: PowertoolsState, invocation: number): void {
    const writer = writerOf(state, invocation);
    if (writer.step === 'deleteRecord') end(writer, 0);
    else fail(writer, writer.step === 's3.put' || writer.step === 'ddb.put');
  }

  function stepsOf(state: PowertoolsState, step: Step<PowertoolsState>): void {
    for (const [invocation, writer] of state.writers.entries()) {
      const title = `${letter(invocation)} (${payloads[invocation] ?? ''})`;
      if (writer.step === 'over') continue;
      if (writer.step === 'idle') {
        const same = payloads[invocation];
        const idle = state.writers.findIndex((other, at) => other.step === 'idle' && payloads[at] === same);
        if (idle === invocation)
          step(
            () => `${title} begins`,
            (next) => {
              writerOf(next, invocation).step = 'saveInProgress';
              return undefined;
            },
          );
        continue;
      }
      requests(state, step, invocation, title);
    }
    for (const [index, word] of state.inFlight.entries()) {
      const operation = writerSteps[word & 7] ?? 'over';
      step(
        () => `late ${operation} of ${letter(word >>> 3)} is applied`,
        (next) => {
          next.inFlight.splice(index, 1);
          return apply(next, operation, word >>> 3);
        },
      );
    }
    if (state.budget.expiries > 0 && state.record.state === 'COMPLETED')
      step(
        () => 'the record expires',
        (next) => {
          next.budget.expiries--;
          return apply(next, 'deleteRecord', 0);
        },
      );
  }

  function requests(
    state: PowertoolsState,
    step: Step<PowertoolsState>,
    invocation: number,
    title: string,
  ): void {
    const { step: operation } = writerOf(state, invocation);
    const describe = (): string => `${title} ${operation}`;
    const send = (next: PowertoolsState, expired: boolean): string => {
      const reply = apply(next, operation, invocation, expired);
      receive(next, invocation, reply);
      return reply;
    };
    step(describe, (next) => send(next, false));
    const { record } = state;
    const held = record.state === 'INPROGRESS' && record.owner !== invocation;
    if (operation === 'saveInProgress' && held && (zombies || state.writers[record.owner]?.step === 'over'))
      step(
        () => `${describe()}, the time of the record in progress is over`,
        (next) => send(next, true),
      );

    const giveUpNow = (next: PowertoolsState): void => giveUp(next, invocation);
    const die = (next: PowertoolsState): void => end(writerOf(next, invocation), 0);
    const applied = (next: PowertoolsState): void => void apply(next, operation, invocation);
    if (late) {
      const request = writerSteps.indexOf(operation) | (invocation << 3);
      faults(state, step, { describe, request, retries: false, giveUp: giveUpNow, die });
      return;
    }
    // Without late requests: lost before it was applied, or after.
    const fault = { describe, request: undefined, retries: false, giveUp: giveUpNow, die };
    faults(state, step, fault);
    faults(state, step, {
      ...fault,
      describe: () => `${describe()} is applied`,
      giveUp: (next) => {
        applied(next);
        giveUpNow(next);
      },
      die: (next) => {
        applied(next);
        die(next);
      },
    });
  }

  function worldOf(state: PowertoolsState): World {
    const written = [...state.rows.entries()].filter(([, payload]) => payload !== 0);
    return {
      rows: written.map(([blob, payload]) => ({ blob, payload, effect: effectOf(blob, payload) })),
      answers: state.writers.flatMap(({ step, response }, invocation) => {
        const payload = payloadOf(invocation);
        if (step !== 'over' || response === 0) return [];
        return [{ key: 0, payload, response, effect: effectOf(response, payload) }];
      }),
      contentOf: (blob) => state.bucket[blob] ?? 0,
      effects: [written.length],
      superseded: () => false,
      blobs: () => [...state.bucket.keys()].filter((blob) => state.bucket[blob] !== 0),
      nameOf,
    };
  }

  return {
    first,
    layout,
    canonical: sortInFlight,
    steps: stepsOf,
    breaches: (state) => breachesOf(worldOf(state)),
    rests: ({ writers }) => writers.every(({ step }) => step === 'idle' || step === 'over'),
    settle: calm,
    // Nothing sweeps after Powertools: what is left is left.
    breachesAtEnd: (state) => leakOf(worldOf(state)),
  };
}

function writerOf(state: PowertoolsState, invocation: number): Writer {
  const writer = state.writers[invocation];
  if (!writer) throw new RangeError(`there is no invocation ${invocation}`);
  return writer;
}

function end(writer: Writer, response: number): void {
  writer.step = 'over';
  writer.response = response;
}

/** A write is told by its blob and its payload: with derived names two payloads share a blob. */
function effectOf(blob: number, payload: number): number {
  return blob * 8 + payload;
}
