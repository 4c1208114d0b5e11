/**
 * Who sends requests: an attempt at a write, a sweep. Each is a task of its own.
 *
 * @module
 */
import { AsyncLocalStorage } from 'node:async_hooks';

import type { Simulation } from './simulation.ts';

/** What became of a task, as far as its caller can tell. */
export type Outcome<Value> =
  | { readonly kind: 'done'; readonly value: Value }
  | { readonly kind: 'failed'; readonly error: unknown }
  /** It died, or was frozen: nothing was heard of it. */
  | { readonly kind: 'silent' };

/** One task of a simulation. */
export interface Task {
  readonly simulation: Simulation;
  readonly name: string;
  /** In the order they began. */
  readonly number: number;
  readonly controller: AbortController;
  /** Milliseconds it believes to have left. */
  remaining: number;
  /** It sends nothing any more, and no code of it runs. */
  over: boolean;
  /** Its caller is told nothing. */
  readonly fallSilent: () => void;
}

/** The task whose code is running. */
export const currentTask: AsyncLocalStorage<Task> = new AsyncLocalStorage<Task>();

/** A request that a task is about to send: signed, and within the SDK's own tries. */
export interface SimulatedRequest {
  readonly task: Task;
  readonly service: 's3' | 'dynamodb';
  /** Such as `PutObject`. */
  readonly command: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** What it is about, for traces. */
  readonly target: string;
  /** Simulated time. */
  readonly signedAt: number;
  /** Lets it reach the service. */
  readonly send: () => Promise<unknown>;
}
