/**
 * How an invocation ends: W4, where it deletes its own blob, and W5, where it answers.
 *
 * @module
 */
import type { Names } from './names.ts';
import type { Settings } from './options.ts';
import type { Services } from './services.ts';
import { writerOf, type Result, type State, type Writer } from './state.ts';

/** A write that was committed under a key: as the record says, or the row. */
export interface Committed {
  readonly blob: number;
  /** Invocation + 1. */
  readonly by: number;
}

export interface Endings {
  /** Somebody committed this key: this invocation with a lost answer, or another one. */
  replay(state: State, invocation: number, old: Committed): void;
  /** The row is not as the commit needs it. */
  conflict(writer: Writer, result: '404' | '409'): void;
  /** The commit may have been applied or not. */
  unknown(writer: Writer): void;
}

export function endingsOf(names: Names, settings: Settings, services: Services): Endings {
  return {
    replay: (state, invocation, old) => {
      const writer = writerOf(state, invocation);
      const matches = !settings.fingerprint || services.payloadOf(old.by) === names.payloadOf[invocation];
      writer.result = matches ? 'ok' : '422';
      writer.response = matches ? old.blob : 0;
      // Only a committed record makes sure that no other attempt, and no late commit of this one, takes this blob.
      // A row without its record does not: once the row is removed, there is nothing left of the write.
      const committed = !settings.records || services.recordOf(state, invocation).state === 'C';
      deleteOr(writer, settings.deleteLoser && committed && writer.blob !== old.blob);
    },
    conflict: (writer, result) => {
      writer.result = result;
      // Another attempt may still commit this blob once the row allows: it stays for the sweep.
      deleteOr(writer, settings.deleteOnConflict);
    },
    unknown: (writer) => {
      writer.result = '503';
      deleteOr(writer, settings.deleteOnUnknown);
    },
  };
}

function deleteOr(writer: Writer, deletes: boolean): void {
  if (deletes && writer.blob !== 0) writer.step = 'W4';
  else finish(writer);
}

export function end(writer: Writer, result: Result): void {
  writer.result = result;
  finish(writer);
}

/** An invocation that was killed: whatever it knew is gone. */
export function die(writer: Writer): void {
  end(writer, 'none');
}

/** W5. The answer is all that is left of an invocation. */
export function finish(writer: Writer): void {
  writer.step = 'over';
  writer.generation = 0;
  writer.blob = 0;
  writer.expected = 0;
  writer.parts = 0;
  if (writer.result !== 'ok') writer.response = 0;
}
