/**
 * Where lines go.
 *
 * @module
 */
import type { LogLevel } from './logger.ts';

/** Takes one finished line. Never throws. */
export type Output = (level: LogLevel, line: string) => void;

const TRUE_WORDS = new Set(['1', 'y', 'yes', 't', 'true', 'on']);

/** The console's method for a level; `console.trace` would add a stack. */
const METHODS = {
  TRACE: 'log',
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'error',
  CRITICAL: 'error',
  SILENT: 'debug',
} as const;

/**
 * One write of one line to standard output. Every level goes there: two streams would lose the order of lines.
 * `process.stdout.write` is looked up on each call, so that tests and tools that replace it see the lines.
 */
const writeLine: Output = (_level, line) => {
  try {
    process.stdout.write(`${line}\n`);
  } catch {
    // standard output is gone; there is nowhere left to say so
  }
};

const unfold = (key: string, value: unknown): unknown =>
  key === 'stack' && typeof value === 'string' ? value.split('\n') : value;

/** For a developer's terminal: indented, stacks line by line, through the console. */
const writePretty: Output = (level, line) => {
  try {
    console[METHODS[level]](JSON.stringify(JSON.parse(line), unfold, 4));
  } catch {
    writeLine(level, line);
  }
};

/** Compact lines, or indented ones where `POWERTOOLS_DEV` is set. */
export function chooseOutput(environment: NodeJS.ProcessEnv): Output {
  return TRUE_WORDS.has(environment['POWERTOOLS_DEV']?.trim().toLowerCase() ?? '') ? writePretty : writeLine;
}
