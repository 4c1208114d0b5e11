/**
 * Presigned upload: B1 to B4. The client's three calls are one invocation here; what the third knows, it knows from
 * the record.
 *
 * @module
 */
import { end, type Endings } from './ending.ts';
import type { Names } from './names.ts';
import type { Services } from './services.ts';
import { writerOf, type State } from './state.ts';

export interface Uploader {
  /** B1: which blob the client may upload, as the record says or will say. */
  begin(state: State, invocation: number): void;
  /** After B2: B3, as the record says. */
  complete(state: State, invocation: number): void;
  /** S3 tells of a blob. */
  notify(state: State, invocation: number, blob: number): void;
  /** B4: what the record says of that blob. */
  look(state: State, invocation: number): string;
}

export function uploaderOf(names: Names, services: Services, endings: Endings): Uploader {
  return {
    begin: (state, invocation) => {
      const record = services.recordOf(state, invocation);
      if (record.state === 'C') {
        endings.replay(state, invocation, record);
        return;
      }
      const writer = writerOf(state, invocation);
      if (record.generation > names.generations) {
        end(writer, '503');
        return;
      }
      const begun = record.state === 'L' && services.payloadOf(record.by) === names.payloadOf[invocation];
      writer.generation = record.generation;
      writer.blob = begun ? record.blob : names.blobFor(invocation, state.day, record.generation);
      writer.step = 'B1';
    },
    complete: (state, invocation) => {
      const writer = writerOf(state, invocation);
      const record = services.recordOf(state, invocation);
      if (record.state === 'C') endings.replay(state, invocation, record);
      else if (record.state === 'L') {
        writer.generation = record.generation;
        writer.blob = record.blob;
        writer.step = 'B3';
      } else end(writer, '410');
    },
    notify: (state, invocation, blob) => {
      const writer = writerOf(state, invocation);
      writer.blob = blob;
      writer.generation = names.blobs[blob]?.generation ?? 0;
      writer.step = 'B4';
    },
    look: (state, invocation) => {
      const writer = writerOf(state, invocation);
      const record = services.recordOf(state, invocation);
      // Committed by the client's own call, or fenced since: nothing to do.
      const begun = record.state === 'L' && record.blob === writer.blob;
      if (begun) writer.step = 'W3';
      else end(writer, '410');
      return begun ? 'begun, not committed' : 'nothing to commit';
    },
  };
}
