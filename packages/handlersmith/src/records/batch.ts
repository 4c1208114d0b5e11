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
  readonly #shared: Shared;
  readonly #index: number;
  /** The span of this record. */
  readonly tracer: InvocationTracer;
  #logger: Logger | undefined;

  constructor(shared: Shared, index: number, tracer: InvocationTracer) {
    this.#shared = shared;
    this.#index = index;
    this.tracer = tracer;
  }

  /** Bound to this record: its id is on every line. Made when it is first asked for. */
  get logger(): Logger {
    this.#logger ??= this.#shared.loggers.of(this.#index);
    return this.#logger;
  }

  get context(): Invocation['context'] {
    return this.#shared.invocation.context;
  }

  get signal(): AbortSignal {
    return this.#shared.time.signal;
  }

  get remaining(): () => number {
    return this.#shared.time.remaining;
  }

  get resources(): unknown {
    return this.#shared.invocation.resources;
  }
}

/** What all records of a batch have in common: a view is no more than this and a number. */
interface Shared {
  readonly invocation: Invocation;
  readonly time: WorkTime;
  readonly loggers: RecordLoggers;
}

/** The loggers of the records that log: to make one for each record would cost more than the rest of the batch. */
class RecordLoggers {
  readonly #made = new Map<number, Logger>();
  readonly #make: (index: number) => Logger;

  constructor(make: (index: number) => Logger) {
    this.#make = make;
  }

  /** The logger of a record, always the same one while the record runs. */
  of(index: number): Logger {
    const made = this.#made.get(index) ?? this.#make(index);
    this.#made.set(index, made);
    return made;
  }

  /** Lets go of the logger of a record that has settled. */
  drop(index: number): void {
    if (this.#made.size > 0) this.#made.delete(index);
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
  const loggers = new RecordLoggers(
    (index) => invocation.logger.child(describe(records[index] as Record)), // an index of this very list
  );
  const shared: Shared = { invocation, time, loggers };
  const outcomes = await schedule({
    records,
    order: batch.order,
    concurrency: batch.concurrency,
    ...(batch.keyOf === undefined ? {} : { keyOf: batch.keyOf }),
    signal: time.signal,
    grace: time.grace,
    run: runnerOf(batch, shared),
    onOutcome: (outcome, index) => {
      if (outcome.status !== 'done') logOutcome(outcome, index, loggers);
      loggers.drop(index);
    },
  });
  time.clear();
  logSummary(invocation, outcomes);
  return outcomes;
}

/** What runs a record. Without a tracer nothing is made for it but its view: a closure for each record shows. */
function runnerOf<Record>(
  { run }: Batch<Record>,
  shared: Shared,
): (record: Record, index: number) => unknown {
  const { tracer } = shared.invocation;
  if (tracer === noTracer) return (record, index) => run(record, new RecordView(shared, index, noTracer));
  return (record, index) =>
    tracer.span('record', (span) => run(record, new RecordView(shared, index, within(span, tracer))));
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

/** The one line of a record that was not simply done. */
function logOutcome(outcome: Outcome, index: number, loggers: RecordLoggers): void {
  if ('reason' in outcome) loggers.of(index).info(`record ${outcome.status}`, { reason: outcome.reason });
  if (!('error' in outcome)) return;
  const { error } = outcome;
  loggers.of(index).error('record failed', {
    permanent: outcome.status !== 'retry',
    ...(outcome.status === 'discarded' ? { handling: outcome.how } : {}),
    error: error instanceof Error ? error : { thrown: textOf(error) },
  });
}

/** The line that closes a batch. */
function logSummary(invocation: Invocation, outcomes: readonly Outcome[]): void {
  const counts = {
    done: 0,
    retry: 0,
    permanent: 0,
    discarded: 0,
    skipped: 0,
    postponed: 0,
    unstarted: 0,
  } satisfies { [Status in Outcome['status']]: number };
  for (const { status } of outcomes) counts[status]++;
  const { done, retry, permanent, discarded, skipped, postponed, unstarted } = counts;
  const failed = retry + permanent;
  const fields = {
    records: outcomes.length,
    done,
    failed,
    discarded,
    skipped,
    postponed,
    unstarted,
    duration_ms: invocation.elapsed(),
  };
  if (failed + discarded + unstarted > 0) invocation.logger.warn('batch finished with failures', fields);
  else invocation.logger.info('batch finished', fields);
}
