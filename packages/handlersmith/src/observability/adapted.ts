/**
 * A Powertools Logger a team brings along, made safe to share between overlapping invocations.
 *
 * @module
 */
import type { Logger as PowertoolsLogger } from '@aws-lambda-powertools/logger';

import { errorAsError } from './errors.ts';
import { gatherExtras, gatherMessage, gatherRecord } from './fields.ts';
import type { Gathered } from './fields.ts';
import { THRESHOLDS } from './level.ts';
import { loggableEntry, put, startWalk } from './loggable.ts';
import type { LogExtra, LogFields, Logger, LogLevel, LogMessage } from './logger.ts';
import type { Redactor } from './redaction.ts';

type Method = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'critical';

const LEVELS = {
  trace: 'TRACE',
  debug: 'DEBUG',
  info: 'INFO',
  warn: 'WARN',
  error: 'ERROR',
  critical: 'CRITICAL',
} as const satisfies Record<Method, LogLevel>;

/** What `shouldBufferLog` is at run time; Powertools declares it `protected`. */
interface Buffering {
  shouldBufferLog?: (traceId: string, level: number) => boolean;
}

/** Lines below the logger's level still count where it keeps them to write them out after an error. */
function keeps(logger: PowertoolsLogger, level: LogLevel): boolean {
  // the method only reads the logger's configuration, and nothing public tells whether it buffers
  return (logger as unknown as Buffering).shouldBufferLog?.('any', THRESHOLDS[level]) ?? false;
}

/**
 * Fields travel with each line as extra input. Nothing is ever appended to the logger itself: it is shared by all invocations.
 */
export class AdaptedLogger implements Logger {
  readonly #logger: PowertoolsLogger;
  readonly #redacts: Redactor;
  #fields: LogFields;

  constructor(logger: PowertoolsLogger, redacts: Redactor, fields: LogFields) {
    this.#logger = logger;
    this.#redacts = redacts;
    this.#fields = fields;
  }

  trace(message: LogMessage, ...extra: LogExtra[]): void {
    this.#log('trace', message, extra);
  }

  debug(message: LogMessage, ...extra: LogExtra[]): void {
    this.#log('debug', message, extra);
  }

  info(message: LogMessage, ...extra: LogExtra[]): void {
    this.#log('info', message, extra);
  }

  warn(message: LogMessage, ...extra: LogExtra[]): void {
    this.#log('warn', message, extra);
  }

  error(message: LogMessage, ...extra: LogExtra[]): void {
    this.#log('error', message, extra);
  }

  critical(message: LogMessage, ...extra: LogExtra[]): void {
    this.#log('critical', message, extra);
  }

  appendKeys(fields: LogFields): void {
    this.#fields = this.#with(fields);
  }

  removeKeys(names: readonly string[]): void {
    const gone = new Set(names);
    this.#fields = Object.fromEntries(Object.entries(this.#fields).filter(([name]) => !gone.has(name)));
  }

  child(fields: LogFields): Logger {
    return new AdaptedLogger(this.#logger, this.#redacts, this.#with(fields));
  }

  isEnabled(level: LogLevel): boolean {
    return level !== 'SILENT' && THRESHOLDS[level] >= this.#logger.level;
  }

  #with(fields: LogFields): LogFields {
    const gathered: Gathered = new Map(Object.entries(this.#fields));
    gatherRecord(gathered, fields);
    return Object.fromEntries(gathered);
  }

  #log(method: Method, message: LogMessage, extras: readonly LogExtra[]): void {
    try {
      const level = LEVELS[method];
      if (!this.isEnabled(level) && !keeps(this.#logger, level)) return;
      const gathered: Gathered = new Map();
      gatherRecord(gathered, this.#fields);
      const text = gatherMessage(gathered, message);
      gatherExtras(gathered, extras);
      this.#logger[method](text, safeRecord(gathered, this.#redacts));
    } catch (error) {
      this.#fail(error);
    }
  }

  /** A formatter of the team's that throws must not fail the invocation, nor lose the fact that it did. */
  #fail(error: unknown): void {
    try {
      const reason = error instanceof Error ? error.message : String(error);
      process.stdout.write(`${JSON.stringify({ level: 'ERROR', message: 'the logger failed', reason })}\n`);
    } catch {
      // nothing is left to say it with
    }
  }
}

/** Gathered fields as data any formatter can print; errors stay errors, for formatters that look for them. */
function safeRecord(gathered: Gathered, redacts: Redactor): LogFields {
  const walk = startWalk(redacts, errorAsError);
  const record: LogFields = {};
  for (const [name, value] of gathered) put(record, name, loggableEntry(name, value, walk));
  return record;
}
