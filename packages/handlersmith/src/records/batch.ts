/**
 * A batch under way: each record with its own logger and span, each failure on one line, a summary at the end.
 *
 * @module
 */
import type { Invocation } from '../handler/invocation.ts';
import { textOf } from '../handler/thrown.ts';
import type { LogFields, Logger } from '../observability/logger.ts';
import { type InvocationTracer, noTracer, type Span } from '../observability/tracer.ts';
import type { Outcome } from './outcome.ts';
import { type Order, schedule } from './schedule.ts';
import { timeFor, type WorkTime } from './time.ts';

/** A batch, as a trigger describes it. */
export interface Batch<Record> {
  readonly records: readonly Record[];
  readonly order: Order;
  /** The key whose order must hold; not asked for the free order. */
  readonly keyOf?: (record: Record) => string | undefined;
  /** Records that run at one time. */
  readonly concurrency: number;
  /** Milliseconds before the deadline at which work is stopped, for what has to follow it. At most a quarter of what is left. */
  readonly reserve?: number;
  /** What every line of a record says of it: its id, its attempt. */
  readonly describe: (record: Record) => LogFields;
  /** Does the work of one record. Parsing and validation belong in here: one bad record fails no other. */
  readonly run: (record: Record, view: RecordView) => unknown;
}

/** What `run` of a record gets besides the record. */
export class RecordView {
  readonly #invocation: Invocation;
  readonly #time: WorkTime;
  readonly #describe: () => LogFields;
  /** The span of this record. */
  readonly tracer: InvocationTracer;
  #logger: Logger | undefined;

  constructor(invocation: Invocation, time: WorkTime, tracer: InvocationTracer, describe: () => LogFields) {
    this.#invocation = invocation;
    this.#time = time;
    this.#describe = describe;
    this.tracer = tracer;
  }

  /** Bound to this record: its id is on every line. Made when it is first asked for. */
  get logger(): Logger {
    this.#logger ??= this.#invocation.logger.child(this.#describe());
    return this.#logger;
  }

  get context(): Invocation['context'] {
    return this.#invocation.context;
  }

  get signal(): AbortSignal {
    return this.#time.signal;
  }

  get remaining(): () => number {
    return this.#time.remaining;
  }

  get resources(): unknown {
    return this.#invocation.resources;
  }
}

/**
 * Runs a batch. Once the invocation's signal aborts no record is started, and one that hangs on counts as failed
 * while there is still time to answer.
 *
 * @returns one outcome for each record, in their order
 */
export async function runBatch<Record>(
  invocation: Invocation,
  batch: Batch<Record>,
): Promise<readonly Outcome[]> {
  const { records, describe } = batch;
  const time = timeFor(invocation, batch.reserve ?? 0);
  const views = new Map<number, RecordView>();
  const viewOf = (record: Record, index: number, tracer: InvocationTracer): RecordView => {
    const view = new RecordView(invocation, time, tracer, () => describe(record));
    views.set(index, view);
    return view;
  };
  const outcomes = await schedule({
    records,
    order: batch.order,
    concurrency: batch.concurrency,
    ...(batch.keyOf === undefined ? {} : { keyOf: batch.keyOf }),
    signal: time.signal,
    grace: time.grace,
    run: (record, index) =>
      invocation.tracer === noTracer
        ? batch.run(record, viewOf(record, index, noTracer))
        : invocation.tracer.span('record', (span) =>
            batch.run(record, viewOf(record, index, within(span, invocation.tracer))),
          ),
    onOutcome: (outcome, index) => {
      const view = views.get(index);
      views.delete(index);
      if ('error' in outcome) logFailure(outcome, view?.logger ?? invocation.logger);
      else if ('reason' in outcome) view?.logger.info(`record ${outcome.status}`, { reason: outcome.reason });
    },
  });
  time.clear();
  logSummary(invocation, outcomes);
  return outcomes;
}

/** Notes on the record's own span; further spans below the invocation's. */
function within(span: Span, tracer: InvocationTracer): InvocationTracer {
  return {
    annotate: (key, value) => span.annotate(key, value),
    metadata: (key, value) => span.metadata(key, value),
    error: (error) => span.error(error),
    span: (name, run) => tracer.span(name, run),
    traceId: tracer.traceId,
  };
}

/** The one line of a record that failed. */
function logFailure(outcome: Outcome & { readonly error: unknown }, logger: Logger): void {
  const { error } = outcome;
  logger.error('record failed', {
    permanent: outcome.status !== 'retry',
    ...(outcome.status === 'discarded' ? { handling: outcome.how } : {}),
    error: error instanceof Error ? error : { thrown: textOf(error) },
  });
}

/** The line that closes a batch. */
function logSummary(invocation: Invocation, outcomes: readonly Outcome[]): void {
  const count = (status: Outcome['status']): number =>
    outcomes.filter((outcome) => outcome.status === status).length;
  const failed = count('retry') + count('permanent');
  const discarded = count('discarded');
  const left = count('unstarted');
  const fields = {
    records: outcomes.length,
    done: count('done'),
    failed,
    discarded,
    skipped: count('skipped'),
    postponed: count('postponed'),
    unstarted: left,
    duration_ms: invocation.elapsed(),
  };
  if (failed + discarded + left > 0) invocation.logger.warn('batch finished with failures', fields);
  else invocation.logger.info('batch finished', fields);
}
