/**
 * Logs and traces of a handler: `handlersmith/logging`.
 *
 * @module
 */
export { correlationId } from './correlation.ts';
export { adaptLogger } from './logger.ts';
export type { LogExtra, LogFields, Logger, LoggerBase, LogLevel, LogMessage } from './logger.ts';
export { createLogger, HandlersmithLogger } from './powertools.ts';
export type { LoggerOptions } from './powertools.ts';
export { REDACTED, redactionDefaults } from './redaction.ts';
export type { Redact, RedactionDefaults } from './redaction.ts';
export { noTracer } from './tracer.ts';
export type { InvocationInfo, InvocationTracer, Span, Tracer } from './tracer.ts';
