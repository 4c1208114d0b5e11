/**
 * The state of the Powertools configurations, and what each request does to it. The conditions are those of Powertools'
 * persistence layer for DynamoDB:
 *
 * - `saveInProgress` writes where there is no record, or one in progress whose time is over
 * - `saveSuccess` and `deleteRecord` write without a condition
 *
 * @module
 */
import type { Budget } from './adversary.ts';

export const writerSteps = [
  'idle',
  'saveInProgress',
  's3.put',
  'ddb.put',
  'saveSuccess',
  'deleteRecord',
  'over',
] as const;
export type WriterStep = (typeof writerSteps)[number];

export const recordStates = ['-', 'INPROGRESS', 'COMPLETED'] as const;

export interface Writer {
  step: WriterStep;
  /** The blob the answer names; 0 without success. */
  response: number;
}

export interface PowertoolsState {
  readonly writers: Writer[];
  inFlight: number[];
  readonly record: { state: (typeof recordStates)[number]; owner: number; payload: number; response: number };
  /** By blob: the payload in it, or 0. */
  readonly bucket: number[];
  /** By row: the payload of its write, or 0. A row refers to the blob with its own number. */
  readonly rows: number[];
  budget: Budget;
}

export interface Sender {
  readonly invocation: number;
  readonly payload: number;
  readonly blob: number;
  /** Whether the time of another's record in progress is over. */
  readonly expired: boolean;
}

/** Applies a request. Says what it is answered. */
export function applyTo(
  { bucket, record, rows }: PowertoolsState,
  operation: WriterStep,
  { invocation, payload, blob, expired }: Sender,
): string {
  switch (operation) {
    case 's3.put':
      bucket[blob] = payload;
      break;
    case 'ddb.put':
      rows[blob] = payload;
      break;
    case 'saveSuccess':
      Object.assign(record, { state: 'COMPLETED', owner: invocation, payload, response: blob });
      break;
    case 'deleteRecord':
      Object.assign(record, { state: '-', owner: 0, payload: 0, response: 0 });
      break;
    case 'saveInProgress':
      if (record.state === 'COMPLETED' || (record.state === 'INPROGRESS' && !expired)) {
        if (record.payload !== payload) return 'IdempotencyValidationError';
        return record.state === 'COMPLETED' ? 'replay' : 'IdempotencyAlreadyInProgressError';
      }
      Object.assign(record, { state: 'INPROGRESS', owner: invocation, payload, response: 0 });
      break;
    case 'idle':
    case 'over':
  }
  return 'ok';
}
