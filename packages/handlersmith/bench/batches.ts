/**
 * Who takes part in the batch rows.
 *
 * @module
 */
import { type Candidate, inFolder } from './candidates.ts';
import type { BatchScenario } from './job/batches.ts';

/** Contestants that do one job. */
export interface BatchField {
  /** The name of the one all others are held against. */
  readonly base: string;
  /** The event they prove themselves on before they are timed. */
  readonly check: BatchScenario;
  readonly candidates: readonly Candidate[];
}

/** The empty handler: what the harness costs. */
export const idle: Candidate = inFolder('candidates', 'base', 'empty', 'empty handler', false);

/** The jobs of the batch rows. */
export const batchFields = {
  sqs: {
    base: 'sqs-loop',
    check: 'sqs-check',
    candidates: [
      inFolder('candidates', 'base', 'sqs-loop', 'bare sequential loop', false),
      inFolder('candidates', 'ours', 'sqs-ours', 'handlersmith', false),
      inFolder('peers', 'peer', 'sqs-middy', 'Middy sqs-partial-batch-failure', false),
      inFolder('peers', 'peer', 'sqs-powertools', 'Powertools batch', false),
      inFolder('peers', 'peer', 'sqs-powertools-sequential', 'Powertools batch, sequential', false),
    ],
  },
  json: {
    base: 'json-loop',
    check: 'json-check',
    candidates: [
      inFolder('candidates', 'base', 'json-loop', 'bare loop, JSON.parse alone', false),
      inFolder('candidates', 'ours', 'json-ours', 'handlersmith + zod', false),
      inFolder('peers', 'peer', 'json-powertools', 'Powertools batch + parser + zod', false),
    ],
  },
  images: {
    base: 'images-sdk',
    check: 'images-check',
    candidates: [
      inFolder('peers', 'base', 'images-sdk', 'unmarshall of @aws-sdk/util-dynamodb', false),
      inFolder('candidates', 'ours', 'images-ours', 'handlersmith', false),
    ],
  },
  replay: {
    base: 'replay-bare',
    check: 'replay',
    candidates: [
      inFolder('candidates', 'base', 'replay-bare', 'the bare call', false),
      inFolder('candidates', 'ours', 'replay-ours', 'handlersmith, memoryStore', false),
    ],
  },
} as const satisfies Record<string, BatchField>;

/** A job of the batch rows. */
export type BatchJob = keyof typeof batchFields;
