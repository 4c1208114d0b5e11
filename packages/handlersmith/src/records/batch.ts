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
export interface Batch<Record, View extends RecordView<Record> = RecordView<Record>> {
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
  readonly run: (record: Record, view: View) => unknown;
  /** Makes the view of a record: a trigger's own, so that a record costs one object. Default: a plain one. */
  readonly viewOf?: ViewOf<Record, View>;
}

/** What `run` of a record gets besides the record. It holds as little as it can: a batch has thousands of them. */
export class RecordView<Record = unknown> {
  readonly #scope: BatchScope;
  readonly record: Record;

  constructor(scope: BatchScope, record: Record) {
    this.#scope = scope;
    this.record = record;
  }

  /** Bound to this record: its id is on every line. Made when it is first asked for. */
  get logger(): Logger {
    return this.#scope.loggers.of(this.record);
  }

  /** The span of this record. */
  get tracer(): InvocationTracer {
    return this.#scope.tracer;
  }

  get context(): Invocation['context'] {
    return this.#scope.invocation.context;
  }

  get signal(): AbortSignal {
    return this.#scope.time.signal ?? this.#scope.invocation.signal;
  }

  get remaining(): () => number {
    return this.#scope.time.remaining;
  }

  get resources(): unknown {
    return this.#scope.invocation.resources;
  }
}

/** What the records of a batch have in common. */
export interface BatchScope {
  readonly invocation: Invocation;
  readonly time: WorkTime;
  readonly loggers: RecordLoggers;
  /** Of one record where there are traces; then each has a scope of its own. */
  readonly tracer: InvocationTracer;
}

/** The loggers of the records that log: to make one for each record would cost more than the rest of the batch. */
class RecordLoggers {
  readonly #made = new Map<unknown, Logger>();
  readonly #make: (record: unknown) => Logger;

  constructor(make: (record: unknown) => Logger) {
    this.#make = make;
  }

  /** The logger of a record, always the same one while the record runs. */
  of(record: unknown): Logger {
    const made = this.#made.get(record) ?? this.#make(record);
    this.#made.set(record, made);
    return made;
  }

  /** Lets go of the logger of a record that has settled. */
  drop(record: unknown): void {
    if (this.#made.size > 0) this.#made.delete(record);
  }
}

/**
 * Runs a batch. Once the invocation's signal aborts no record is started, and one that hangs on counts as failed
 * while there is still time to answer.
 *
 * @returns one outcome for each record, in their order
 */
export async function runBatch<Record, View extends RecordView<Record> = RecordView<Record>>(
  invocation: Invocation,
  batch: Batch<Record, View>,
): Promise<readonly Outcome[]> {
  const { records, describe } = batch;
  const time = timeFor(invocation, batch.reserve ?? 0);
  const loggers = new RecordLoggers((record) => invocation.logger.child(describe(record as Record))); // of this list
  const outcomes = await schedule({
    records,
    order: batch.order,
    concurrency: batch.concurrency,
    ...(batch.keyOf === undefined ? {} : { keyOf: batch.keyOf }),
    signal: time.stop,
    remaining: time.remaining,
    grace: time.grace,
    run: runnerOf(batch, { invocation, time, loggers, tracer: noTracer }),
    onOutcome: (outcome, index) => {
      const record = records[index];
      if (outcome.status !== 'done') logOutcome(outcome, record, loggers);
      loggers.drop(record);
    },
  });
  time.clear();
  logSummary(invocation, outcomes);
  return outcomes;
}

/** What runs a record. Without a tracer nothing is made for it but its view: a closure for each record shows. */
function runnerOf<Record, View extends RecordView<Record>>(
  { run, viewOf = plainView as unknown as ViewOf<Record, View> }: Batch<Record, View>, // without one, View is RecordView
  scope: BatchScope,
): (record: Record) => unknown {
  const { tracer } = scope.invocation;
  if (tracer === noTracer) return (record) => run(record, viewOf(scope, record));
  return (record) =>
    tracer.span('record', (span) => run(record, viewOf({ ...scope, tracer: within(span, tracer) }, record)));
}

type ViewOf<Record, View> = (scope: BatchScope, record: Record) => View;

function plainView<Record>(scope: BatchScope, record: Record): RecordView<Record> {
  return new RecordView(scope, record);
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
function logOutcome(outcome: Outcome, record: unknown, loggers: RecordLoggers): void {
  if ('reason' in outcome) loggers.of(record).info(`record ${outcome.status}`, { reason: outcome.reason });
  if (!('error' in outcome)) return;
  const { error } = outcome;
  loggers.of(record).error('record failed', {
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
