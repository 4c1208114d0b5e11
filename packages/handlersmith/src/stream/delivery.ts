/**
 * What `run` gets of a record, whatever stream it is from.
 *
 * @module
 */
import type { Context } from 'aws-lambda';

import type { Logger } from '../observability/logger.ts';
import type { InvocationTracer } from '../observability/tracer.ts';
import type { RecordView } from '../records/batch.ts';

/** A record on its way into `run`: its own fields, and those of its view. */
export class Delivery {
  readonly #view: RecordView;

  /** @param fields - the record's own; they become members, and what is absent stays absent */
  constructor(view: RecordView, fields: object) {
    this.#view = view;
    Object.assign(this, fields);
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
