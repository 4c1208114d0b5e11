/**
 * What a logger is to a handler. Nothing here loads Powertools.
 *
 * @module
 */
import type { Logger as PowertoolsLogger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';

import { AdaptedLogger } from './adapted.ts';
import { isColdStart } from './coldstart.ts';
import { contextFields } from './fields.ts';
import { createRedactor } from './redaction.ts';
import type { Redact } from './redaction.ts';

/** Named values on a log line. */
export type LogFields = Record<string, unknown>;

export type LogLevel = 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'CRITICAL' | 'SILENT';

/** The text of a line, alone or with fields beside it. */
export type LogMessage = string | (LogFields & { message: string });

/** What may follow the message: fields, an error (logged as `error`), a text (logged as `extra`). */
export type LogExtra = LogFields | Error | string | undefined;

/**
 * What `run` gets as `logger`: bound to one invocation, or to one record of a batch. Takes what the Powertools Logger takes.
 * No method throws, whatever it is given.
 */
export interface Logger {
  trace(message: LogMessage, ...extra: LogExtra[]): void;
  debug(message: LogMessage, ...extra: LogExtra[]): void;
  info(message: LogMessage, ...extra: LogExtra[]): void;
  warn(message: LogMessage, ...extra: LogExtra[]): void;
  error(message: LogMessage, ...extra: LogExtra[]): void;
  critical(message: LogMessage, ...extra: LogExtra[]): void;
  /** Adds fields to all further lines of this logger, and of no other. */
  appendKeys(fields: LogFields): void;
  /** Takes fields off all further lines of this logger. */
  removeKeys(names: readonly string[]): void;
  /** A logger with these fields on top of those bound so far. Cheap enough for one per record. */
  child(fields: LogFields): Logger;
  /** Whether a line of this level would be written: ask before computing something only the log needs. */
  isEnabled(level: LogLevel): boolean;
}

/** What a factory holds: made once per handler, bound once per invocation. */
export interface LoggerBase {
  bind(context: Partial<Context> | undefined, fields: LogFields): Logger;
}

/**
 * Makes a team's own Powertools Logger serve as a handler's logger: its formatter, level, buffer and persistent keys stay as
 * they are. Fields of an invocation travel with each line, never on the shared instance, so that they cannot show in another.
 *
 * A logger made by `createLogger` binds by itself, and is given back as it is.
 *
 * @param logger - an instance the team made; it is not changed
 * @param redact - key names to redact on top of the defaults, or `false`
 * @example
 * import { Logger } from '@aws-lambda-powertools/logger';
 *
 * const base = adaptLogger(new Logger({ serviceName: 'shop', logFormatter: new OurFormatter() }));
 * base.bind(context, { route: 'GET /items' }).info('listed', { count: 3 });
 * @see https://docs.aws.amazon.com/powertools/typescript/latest/features/logger/
 */
export function adaptLogger(logger: PowertoolsLogger | LoggerBase, redact?: Redact): LoggerBase {
  if ('bind' in logger) return logger;
  const redacts = createRedactor(redact);
  return {
    bind: (context, fields) =>
      new AdaptedLogger(logger, redacts, { ...contextFields(context, isColdStart(context)), ...fields }),
  };
}
