/**
 * A logger's options, and what they come to in an environment.
 *
 * @module
 */
import { createClock } from './clock.ts';
import { resolveLevel, THRESHOLDS } from './level.ts';
import type { LogFields, LogLevel } from './logger.ts';
import { chooseOutput } from './output.ts';
import type { Output } from './output.ts';
import { createRedactor } from './redaction.ts';
import type { Redact, Redactor } from './redaction.ts';

export interface LoggerOptions {
  /** Name of the service on every line. Default: `POWERTOOLS_SERVICE_NAME`, then `service_undefined`. */
  readonly service?: string | undefined;
  /**
   * Lowest level that is written, in any case. Default: `POWERTOOLS_LOG_LEVEL`, then `LOG_LEVEL`, then `INFO`.
   * `AWS_LAMBDA_LOG_LEVEL`, which Lambda sets from the function's logging configuration, wins over all of them.
   */
  readonly level?: LogLevel | Lowercase<LogLevel> | undefined;
  /** Fields on every line of every invocation. */
  readonly persistentKeys?: LogFields | undefined;
  /** Key names to redact on top of the defaults, or `false` to redact nothing. Only key names decide. */
  readonly redact?: Redact | undefined;
  /**
   * Share of invocations, 0 to 1, that log at `DEBUG` from start to end. Default: `POWERTOOLS_LOGGER_SAMPLE_RATE`, then 0.
   * Without effect where `AWS_LAMBDA_LOG_LEVEL` is set.
   */
  readonly sampleRate?: number | undefined;
}

/** Options and environment, read once. */
export interface LogSettings {
  readonly service: string;
  readonly level: LogLevel;
  readonly threshold: number;
  /** Lambda decided the level: sampling may not make the log wordier. */
  readonly fixed: boolean;
  readonly persistentKeys: LogFields;
  readonly redacts: Redactor;
  readonly sampleRate: number;
  readonly time: () => string;
  readonly output: Output;
  /** What is wrong with the environment. */
  readonly notices: readonly string[];
}

const isRate = (value: number): boolean => value >= 0 && value <= 1;

function resolveRate(option: number | undefined, text: string): { rate: number; notice: string | undefined } {
  if (option !== undefined) {
    if (typeof option === 'number' && isRate(option)) return { rate: option, notice: undefined };
    throw new TypeError(
      `logger option "sampleRate" must be a number from 0 to 1, but is ${JSON.stringify(option)}`,
    );
  }
  if (text === '') return { rate: 0, notice: undefined };
  const rate = Number(text);
  if (isRate(rate)) return { rate, notice: undefined };
  const problem = `must be a number from 0 to 1, but is ${JSON.stringify(text)}: not sampling`;
  return { rate: 0, notice: `environment variable POWERTOOLS_LOGGER_SAMPLE_RATE ${problem}` };
}

/**
 * Reads options and environment.
 *
 * @throws TypeError naming the option that is wrong; wrong environment variables become notices
 */
export function resolveSettings(
  options: LoggerOptions,
  environment: NodeJS.ProcessEnv = process.env,
): LogSettings {
  const { level, fixed, notice } = resolveLevel(options.level, environment);
  const sampling = resolveRate(
    options.sampleRate,
    environment['POWERTOOLS_LOGGER_SAMPLE_RATE']?.trim() ?? '',
  );
  return {
    service: options.service?.trim() || environment['POWERTOOLS_SERVICE_NAME']?.trim() || 'service_undefined',
    level,
    threshold: THRESHOLDS[level],
    fixed,
    persistentKeys: { ...options.persistentKeys },
    redacts: createRedactor(options.redact),
    sampleRate: sampling.rate,
    time: createClock(environment['TZ']),
    output: chooseOutput(environment),
    notices: [notice, sampling.notice].filter((text) => text !== undefined),
  };
}
