/**
 * Options → plain async function: what the handlers of both streams share.
 *
 * @module
 */
import type { Context } from 'aws-lambda';

import type { Invocation } from '../handler/invocation.ts';
import { isThenable } from '../handler/thenable.ts';
import { buildTrigger } from '../handler/trigger.ts';
import type { IdempotencyOptions } from '../idempotency/options.ts';
import { runOnce } from '../idempotency/record.ts';
import { type RecordView, runBatch } from '../records/batch.ts';
import { Discarded, type Outcome, PermanentFailure, Skipped } from '../records/outcome.ts';
import { type WindowEvent, windowOf } from './event.ts';
import type { BatchOptions, StreamIdempotencyOptions } from './options.ts';
import { checkState, closing, nextState, stateAfter, type StreamWindow, streamWindow } from './window.ts';

/** What tells one stream from another. */
export interface StreamSource<Record> {
  /** On the trace. */
  readonly name: string;
  /** @throws TypeError when the event is foreign */
  readonly recordsOf: (event: unknown) => readonly Record[];
  /** Takes apart what several records came in. Default: each is one. */
  readonly itemsOf?: (records: readonly Record[]) => readonly Record[];
  readonly eventIdOf: (record: Record) => string | undefined;
  /** ARN of the stream: ids are unique within it. */
  readonly arnOf: (record: Record) => string | undefined;
  readonly sequenceNumberOf: (record: Record) => string | undefined;
  /** The key within which order must hold. */
  readonly keyOf: (record: Record) => string;
}

/** What a record's work is given of its batch. With a window, the state so far. */
export type Scope = { state: object; readonly window: StreamWindow } | undefined;

/** Does the work of a record, unless it was done before. */
export type Once = (input: object, work: () => unknown) => unknown;

/** What a factory does with a record. */
export interface StreamWork<Record> {
  /** Reads the record and calls the team's function. */
  readonly run: (record: Record, view: RecordView, scope: Scope, once: Once) => unknown;
  /** The team's function for the end of a window. */
  readonly close: ((input: object) => unknown) | undefined;
}

/** What Lambda is told of a batch. */
interface Answer {
  readonly state?: object;
  readonly batchItemFailures: { readonly itemIdentifier: string }[];
}

/**
 * Builds the function of a handler of streams.
 *
 * @param factory - the name users know, for messages
 * @param options - checked by the factory before
 */
export function buildStream<Record>(
  factory: string,
  options: BatchOptions,
  source: StreamSource<Record>,
  work: StreamWork<Record>,
): (event: unknown, context?: Partial<Context>) => Promise<unknown> {
  const { concurrency = 1, onPermanent = 'retry' } = options;
  const run = onPermanent === 'drop' ? dropping(work.run) : work.run;
  const once = runOnce(factory, source.name, withKey(source, options.idempotency));

  const runRecords = async (
    invocation: Invocation,
    received: readonly Record[],
    scope: Scope,
  ): Promise<{ outcomes: readonly Outcome[]; failures: Answer['batchItemFailures']; finished: number }> => {
    const records = source.itemsOf?.(received) ?? received;
    const outcomes = await runBatch(invocation, {
      records,
      order: 'sequence',
      concurrency,
      ...(concurrency > 1 ? { keyOf: source.keyOf } : {}), // one at a time is strict order without keys
      describe: (record) => describe(source, record),
      run: (record, view) =>
        run(record, view, scope, (input, each) => once(input as Keyed<Record>, invocation, view, each)), // it has a record
    });
    const finished = finishedOf(source, records, outcomes);
    return { outcomes, failures: failuresOf(source, records, finished), finished };
  };

  const serve = buildTrigger(options, {
    name: source.name,
    correlationId: (event) => {
      const records = source.recordsOf(event);
      return records.length === 1 && records[0] !== undefined ? source.eventIdOf(records[0]) : undefined;
    },
    serve: async (invocation): Promise<Answer> => {
      const records = source.recordsOf(invocation.event);
      const windowed = windowFor(factory, options, windowOf(invocation.event));
      if (windowed === undefined) {
        const { failures } = await runRecords(invocation, records, undefined);
        return { batchItemFailures: failures };
      }
      const window = streamWindow(windowed.event);
      const { outcomes, failures, finished } = await runRecords(invocation, records, {
        state: windowed.state,
        window,
      });
      const state = stateAfter(windowed.state, outcomes, finished);
      checkState(state); // before the window is closed: what is refused comes again, and would be closed again
      // What failed comes again, and with it the end of the window.
      if (window.final && failures.length === 0) await work.close?.(closing(invocation, state, window));
      return { state, batchItemFailures: failures };
    },
  });
  return (event, context = {}) => serve(event, context);
}

/**
 * The window of an event and the state it brings.
 *
 * @throws Error where the event source mapping has a window and the handler none, or the other way round
 */
function windowFor(
  factory: string,
  { window }: BatchOptions,
  event: WindowEvent | undefined,
): { readonly event: WindowEvent; readonly state: object } | undefined {
  if (window === undefined) {
    if (event === undefined) return undefined;
    throw new Error(
      `${factory}: the event source mapping has TumblingWindowInSeconds, so each answer must have a state: give the handler the option "window", or take the setting away`,
    );
  }
  if (event === undefined)
    throw new Error(
      `${factory}: the option "window" needs TumblingWindowInSeconds in the event source mapping: the event has no window`,
    );
  return { event, state: Object.keys(event.state).length === 0 ? window.initial() : event.state };
}

/**
 * Calls the team's function. With a window, what it returns is the state that the next record gets.
 */
export function call(run: (input: object) => unknown, input: object, scope: Scope, once: Once): unknown {
  const returned = once(input, () => run(input));
  if (scope === undefined) return returned;
  const settle = (value: unknown): unknown => {
    if (value instanceof Skipped) return value;
    scope.state = nextState(value);
    return scope.state;
  };
  return isThenable(returned) ? Promise.resolve(returned).then(settle) : settle(returned);
}

/** Goes on when an asynchronous schema has looked, unless time is up: what begins then would run in a later invocation. */
export async function afterwards<Looked>(
  looking: PromiseLike<Looked>,
  view: RecordView,
  deliver: (looked: Looked) => unknown,
): Promise<unknown> {
  const looked = await looking;
  view.signal.throwIfAborted();
  return deliver(looked);
}

interface Keyed<Record> {
  readonly eventId: string;
  readonly record: Record;
}

/** The id of a delivery stays when it is repeated; nothing else in it is so sure to. */
function withKey<Record>(
  { arnOf }: StreamSource<Record>,
  options: StreamIdempotencyOptions<never> | undefined,
): IdempotencyOptions<Keyed<Record>> | undefined {
  if (options === undefined) return undefined;
  const eventKey = ({ record, eventId }: Keyed<Record>): readonly string[] => [arnOf(record) ?? '', eventId];
  // Typed by the factory for its own records, which are these.
  return {
    ...(options as StreamIdempotencyOptions<Record>),
    key: (options as StreamIdempotencyOptions<Record>).key ?? eventKey,
  };
}

/** Passes over what fails for good; the batch logs it. */
function dropping<Parameters extends readonly unknown[]>(
  run: (...parameters: Parameters) => unknown,
): (...parameters: Parameters) => unknown {
  return (...parameters) => {
    try {
      const returned = run(...parameters);
      return isThenable(returned) ? Promise.resolve(returned).catch(dropped) : returned;
    } catch (error) {
      return dropped(error);
    }
  };
}

function dropped(error: unknown): Discarded {
  if (error instanceof PermanentFailure) return new Discarded(error, 'dropped');
  throw error;
}

/** What every line of a record says of it. */
function describe<Record>(source: StreamSource<Record>, record: Record): { [name: string]: unknown } {
  const id = source.eventIdOf(record);
  return { record_id: id, correlation_id: id, sequence_number: source.sequenceNumberOf(record) };
}

/** How many records, from the first, need nothing more. Those that came in one come again together. */
function finishedOf<Record>(
  { sequenceNumberOf }: StreamSource<Record>,
  records: readonly Record[],
  outcomes: readonly Outcome[],
): number {
  const first = outcomes.findIndex(
    ({ status }) => status !== 'done' && status !== 'skipped' && status !== 'discarded',
  );
  const unfinished = records[first];
  if (unfinished === undefined) return outcomes.length;
  const number = sequenceNumberOf(unfinished);
  return number === undefined ? first : records.findIndex((record) => sequenceNumberOf(record) === number);
}

/**
 * The checkpoint: Lambda takes the lowest number it is told and sends everything from there on again, whatever else it
 * is told. So it is told one.
 *
 * @throws Error where that record has no number: Lambda would take the batch for done, and the record would be lost
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
 */
function failuresOf<Record>(
  source: StreamSource<Record>,
  records: readonly Record[],
  finished: number,
): Answer['batchItemFailures'] {
  const record = records[finished];
  if (record === undefined) return [];
  const number = source.sequenceNumberOf(record);
  if (typeof number !== 'string' || number === '')
    throw new Error('A record without a sequence number is unfinished: the whole batch has to come again');
  return [{ itemIdentifier: number }];
}
