/**
 * What every `run` gets, passed on.
 *
 * @module
 */
import type { Context } from 'aws-lambda';

import type { Logger } from '../observability/logger.ts';
import type { InvocationTracer } from '../observability/tracer.ts';
import type { FunctionInput } from './environment.ts';

/** An environment whose types have done their work. */
interface AnyEnvironment {
  readonly resources: unknown;
  readonly context: Partial<Context>;
}

/**
 * The base of what a trigger gives to `run`: the trigger adds its own members, these come from the invocation or the
 * record. They are read when they are asked for, so that nothing is made for a `run` that needs none of them.
 */
export class Provided implements FunctionInput<AnyEnvironment> {
  readonly #source: FunctionInput<AnyEnvironment>;

  /** @param source - the invocation, or the view of the record */
  constructor(source: FunctionInput<AnyEnvironment>) {
    this.#source = source;
  }

  get logger(): Logger {
    return this.#source.logger;
  }

  get tracer(): InvocationTracer {
    return this.#source.tracer;
  }

  get context(): Partial<Context> {
    return this.#source.context;
  }

  get signal(): AbortSignal {
    return this.#source.signal;
  }

  get remaining(): () => number {
    return this.#source.remaining;
  }

  get resources(): unknown {
    return this.#source.resources;
  }
}
