/**
 * What a function prints: `console` in Lambda's format, standard output and standard error as they are.
 *
 * @module
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html
 */
import { Writable } from 'node:stream';
import { format } from 'node:util';

import { FRAME } from '../protocol.ts';
import { send, sendLine } from './outbox.ts';

const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const;
type Level = (typeof LEVELS)[number];

/** Lambda's console has one method more than others. */
type LambdaConsole = Console & { fatal?: (...items: unknown[]) => void };

/**
 * Sends what is printed out of the process, in the order in which it was printed.
 *
 * @param requestId - gives the invocation that runs, `-` where none does
 */
export function patchOutput(requestId: () => string): void {
  const { AWS_LAMBDA_LOG_FORMAT: logFormat, AWS_LAMBDA_LOG_LEVEL: logLevel } = process.env;
  const compose = logFormat?.toUpperCase() === 'JSON' ? jsonLine : textLine;
  const least = Math.max(
    0,
    LEVELS.findIndex((level) => level === logLevel?.toUpperCase()),
  );
  const printer = (level: Level): ((...items: unknown[]) => void) => {
    if (LEVELS.indexOf(level) < least) return () => {};
    const stream = level === 'WARN' || level === 'ERROR' || level === 'FATAL' ? 'stderr' : 'stdout';
    return (...items) => {
      const time = Date.now();
      sendLine(stream, time, compose(new Date(time).toISOString(), requestId(), level, items));
    };
  };
  const target: LambdaConsole = console;
  target.trace = printer('TRACE');
  target.debug = printer('DEBUG');
  const print = printer('INFO');
  target.info = print;
  target.log = print;
  target.warn = printer('WARN');
  target.error = printer('ERROR');
  target.fatal = printer('FATAL');

  replaceStream('stdout', 1, FRAME.output);
  replaceStream('stderr', 2, FRAME.errorOutput);
}

function replaceStream(name: 'stdout' | 'stderr', fd: number, type: 11 | 12): void {
  let stream: Writable | undefined;
  Object.defineProperty(process, name, {
    configurable: true,
    enumerable: true,
    get: () => (stream ??= outputStream(fd, type)),
  });
}

function outputStream(fd: number, type: 11 | 12): Writable {
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      send(type, chunk);
      done();
    },
    // Node's own cannot be closed either.
    destroy: (_error, done) => done(null),
  });
  return Object.assign(stream, { fd });
}

function textLine(time: string, requestId: string, level: Level, items: readonly unknown[]): string {
  return `${time}\t${requestId}\t${level}\t${format(...items)}`;
}

function jsonLine(timestamp: string, requestId: string, level: Level, items: readonly unknown[]): string {
  const head = { timestamp, level, requestId };
  const [first] = items;
  if (items.length === 1) {
    try {
      return JSON.stringify({ ...head, message: first }, openErrors);
    } catch {
      return JSON.stringify({ ...head, message: format(first) });
    }
  }
  const error = items.slice(1).find((item) => item instanceof Error);
  return JSON.stringify({
    ...head,
    message: format(...items),
    ...(error && {
      errorType: error.constructor.name,
      errorMessage: error.message,
      stackTrace: error.stack?.split('\n') ?? [],
    }),
  });
}

function openErrors(_key: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  return {
    errorType: value.constructor.name,
    errorMessage: value.message,
    stackTrace: value.stack?.split('\n'),
    ...Object.fromEntries(Object.entries(value)),
  };
}
