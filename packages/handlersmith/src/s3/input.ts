/**
 * What `run` gets: one object.
 *
 * @module
 */
import type { Context } from 'aws-lambda';

import type { FunctionEnvironment, FunctionInput } from '../handler/environment.ts';
import type { Logger } from '../observability/logger.ts';
import type { InvocationTracer } from '../observability/tracer.ts';
import type { RecordView } from '../records/batch.ts';
import type { ObjectRecord } from './notification.ts';
import type { S3Object } from './object.ts';

/** One event of one object, as a handler sees it. */
export interface S3Input<Env extends FunctionEnvironment> extends FunctionInput<Env> {
  /** What the event says of the object, and its bytes. */
  readonly object: S3Object;
  /** The record as it came: of a notification, or a whole EventBridge event. */
  readonly record: ObjectRecord;
}

/** One object on its way through a handler. */
export class ObjectWork implements Record<keyof S3Input<FunctionEnvironment>, unknown> {
  readonly object: S3Object;
  readonly record: ObjectRecord;
  readonly #view: RecordView;

  constructor(object: S3Object, record: ObjectRecord, view: RecordView) {
    this.object = object;
    this.record = record;
    this.#view = view;
  }

  get logger(): Logger {
    return this.#view.logger;
  }

  get tracer(): InvocationTracer {
    return this.#view.tracer;
  }

  get context(): Partial<Context> {
    return this.#view.context;
  }

  get signal(): AbortSignal {
    return this.#view.signal;
  }

  get remaining(): () => number {
    return this.#view.remaining;
  }

  get resources(): unknown {
    return this.#view.resources;
  }
}
