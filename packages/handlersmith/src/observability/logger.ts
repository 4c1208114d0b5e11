/**
 * What a logger is to a handler. Nothing here loads Powertools.
 *
 * @module
 */
import type { Logger as PowertoolsLogger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';

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

export declare function adaptLogger(logger: PowertoolsLogger): LoggerBase;
