/**
 * Which lines are written: the level, from options and environment.
 *
 * @module
 */
import type { LogLevel } from './logger.ts';

/** The numbers Powertools gives its levels: a line is written when its number is not below the logger's. */
export const THRESHOLDS: Readonly<Record<LogLevel, number>> = {
  TRACE: 6,
  DEBUG: 8,
  INFO: 12,
  WARN: 16,
  ERROR: 20,
  CRITICAL: 24,
  SILENT: 28,
};

const NAMES = Object.keys(THRESHOLDS).join(', ');

export interface ResolvedLevel {
  readonly level: LogLevel;
  /** Lambda's own log level decided: nothing else may make the log wordier. */
  readonly fixed: boolean;
  /** What is wrong with the environment, to be said once in the log. */
  readonly notice: string | undefined;
}

/** Reads a level in any case; `FATAL` is Lambda's name for `CRITICAL`. */
function parseLevel(text: string): LogLevel | undefined {
  const name = text.trim().toUpperCase();
  if (name === 'FATAL') return 'CRITICAL';
  // hasOwn has just shown that the name is one of the keys
  return Object.hasOwn(THRESHOLDS, name) ? (name as LogLevel) : undefined;
}

/**
 * Picks the level: Lambda's advanced logging control first, then the option, then `POWERTOOLS_LOG_LEVEL`, then `LOG_LEVEL`.
 *
 * @param option - the level the team wrote in code, in any case
 * @param environment - the environment variables
 * @throws TypeError when the option is no level; a bad environment variable is only noted
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
 */
export function resolveLevel(option: unknown, environment: NodeJS.ProcessEnv): ResolvedLevel {
  const wanted = typeof option === 'string' ? parseLevel(option) : undefined;
  if (option !== undefined && wanted === undefined) {
    throw new TypeError(
      `logger option "level" must be one of ${NAMES} in any case, but is ${JSON.stringify(option)}`,
    );
  }

  const lambda = parseLevel(environment['AWS_LAMBDA_LOG_LEVEL'] ?? '');
  if (lambda !== undefined) return { level: lambda, fixed: true, notice: undefined };
  if (wanted !== undefined) return { level: wanted, fixed: false, notice: undefined };

  const variable = environment['POWERTOOLS_LOG_LEVEL']?.trim() ? 'POWERTOOLS_LOG_LEVEL' : 'LOG_LEVEL';
  const text = environment[variable]?.trim() ?? '';
  const level = parseLevel(text);
  if (level !== undefined || text === '') return { level: level ?? 'INFO', fixed: false, notice: undefined };
  const notice = `environment variable ${variable} must be one of ${NAMES} in any case, but is ${JSON.stringify(text)}: logging at INFO`;
  return { level: 'INFO', fixed: false, notice };
}
