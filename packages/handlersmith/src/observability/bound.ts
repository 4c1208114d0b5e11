/**
 * The logger of one invocation, or of one record in it.
 *
 * @module
 */
import type { Context } from 'aws-lambda';

import { currentTraceHeader, traceRoot } from './correlation.ts';
import { contextFields, gatherExtras, gatherMessage, gatherRecord } from './fields.ts';
import type { ContextFields, Gathered } from './fields.ts';
import { THRESHOLDS } from './level.ts';
import type { LineWriter } from './line.ts';
import type { LogExtra, LogFields, Logger, LogLevel, LogMessage } from './logger.ts';

/** What all loggers of one invocation share. Its part of the line is made when the first line needs it. */
export class Invocation {
  readonly writer: LineWriter;
  readonly threshold: number;
  readonly #context: Partial<Context> | undefined;
  readonly #coldStart: boolean;
  #fields: ContextFields | undefined;
  #text: string | undefined;

  constructor(
    writer: LineWriter,
    context: Partial<Context> | undefined,
    coldStart: boolean,
    threshold: number,
  ) {
    this.writer = writer;
    this.threshold = threshold;
    this.#context = context;
    this.#coldStart = coldStart;
  }

  get fields(): ContextFields {
    if (this.#fields !== undefined) return this.#fields;
    const traceId = traceRoot(currentTraceHeader());
    return (this.#fields = { ...contextFields(this.#context, this.#coldStart), xray_trace_id: traceId });
  }

  /** `,"cold_start":…` to the trace id. */
  get text(): string {
    return (this.#text ??= this.writer.contextPart(this.fields));
  }
}

export class BoundLogger implements Logger {
  readonly #invocation: Invocation;
  #fields: LogFields;
  /** The part of the line that stays: `undefined` until a line needs it and after a change, `false` where names meet. */
  #text: string | false | undefined;

  constructor(invocation: Invocation, fields: LogFields) {
    this.#invocation = invocation;
    this.#fields = fields;
  }

  trace(message: LogMessage, ...extra: LogExtra[]): void {
    this.#log('TRACE', message, extra);
  }

  debug(message: LogMessage, ...extra: LogExtra[]): void {
    this.#log('DEBUG', message, extra);
  }

  info(message: LogMessage, ...extra: LogExtra[]): void {
    this.#log('INFO', message, extra);
  }

  warn(message: LogMessage, ...extra: LogExtra[]): void {
    this.#log('WARN', message, extra);
  }

  error(message: LogMessage, ...extra: LogExtra[]): void {
    this.#log('ERROR', message, extra);
  }

  critical(message: LogMessage, ...extra: LogExtra[]): void {
    this.#log('CRITICAL', message, extra);
  }

  appendKeys(fields: LogFields): void {
    this.#fields = merged(this.#fields, fields);
    this.#text = undefined;
  }

  removeKeys(names: readonly string[]): void {
    const gone = new Set(names);
    this.#fields = Object.fromEntries(Object.entries(this.#fields).filter(([name]) => !gone.has(name)));
    this.#text = undefined;
  }

  child(fields: LogFields): Logger {
    return new BoundLogger(this.#invocation, merged(this.#fields, fields));
  }

  isEnabled(level: LogLevel): boolean {
    return level !== 'SILENT' && THRESHOLDS[level] >= this.#invocation.threshold;
  }

  #log(level: LogLevel, message: LogMessage, extras: readonly LogExtra[]): void {
    const { writer, threshold } = this.#invocation;
    if (THRESHOLDS[level] < threshold) return;
    try {
      writer.write(level, this.#fast(level, message, extras) ?? this.#full(level, message, extras));
    } catch (error) {
      writer.fail(level, error);
    }
  }

  #fast(level: LogLevel, message: LogMessage, extras: readonly LogExtra[]): string | undefined {
    const text = (this.#text ??= this.#compose());
    if (text === false || typeof message !== 'string' || extras.length > 1) return undefined;
    const record = extras[0];
    if (record === undefined)
      return this.#invocation.writer.fast(level, message, text, undefined, this.#fields);
    try {
      if (typeof record !== 'object' || Object.getPrototypeOf(record) !== Object.prototype) return undefined;
      // a plain object: not an error, whose class is the only other object the type allows
      return this.#invocation.writer.fast(level, message, text, record as LogFields, this.#fields);
    } catch {
      // a getter or a proxy that throws: the long way reads each field with care
      return undefined;
    }
  }

  #compose(): string | false {
    const { writer, text } = this.#invocation;
    const bound = writer.part(this.#fields);
    return bound === undefined || writer.start === undefined ? false : writer.start + text + bound;
  }

  #full(level: LogLevel, message: unknown, extras: readonly unknown[]): string {
    const { writer, fields } = this.#invocation;
    const gathered: Gathered = new Map();
    gatherRecord(gathered, fields);
    gatherRecord(gathered, writer.persistent);
    gatherRecord(gathered, this.#fields);
    const text = gatherMessage(gathered, message);
    gatherExtras(gathered, extras);
    return writer.compact(level, text, gathered);
  }
}

/** Both records' fields in a new one; what cannot be read is left out, because binding a field cannot throw either. */
function merged(fields: LogFields, more: LogFields): LogFields {
  try {
    return { ...fields, ...more };
  } catch {
    const gathered: Gathered = new Map(Object.entries(fields));
    gatherRecord(gathered, more);
    return Object.fromEntries(gathered);
  }
}
