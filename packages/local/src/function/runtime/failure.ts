/**
 * Errors, as Lambda's runtime for Node.js reports them.
 *
 * @module
 */
import type { ReportedError } from '../protocol.ts';

/** An error of the runtime's own, such as `Runtime.HandlerNotFound`. */
export function runtimeError(name: string, message: string, cause?: unknown): Error {
  const error = new Error(message, cause === undefined ? {} : { cause });
  error.name = `Runtime.${name}`;
  return error;
}

/** Whatever was thrown, as the caller is told of it. Cannot throw. */
export function reported(thrown: unknown): ReportedError {
  try {
    if (!(thrown instanceof Error))
      return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
    return {
      errorType: thrown.name,
      errorMessage: thrown.message,
      // A stack may be taken away or replaced.
      trace: typeof thrown.stack === 'string' ? thrown.stack.split('\n') : [],
    };
  } catch {
    return { errorType: 'handled', errorMessage: 'The error thrown cannot be read', trace: [] };
  }
}

/** Whatever was thrown, as the log shows it: one line of JSON with what the error carries. Cannot throw. */
export function logged(thrown: unknown): string {
  const error = thrown instanceof Error ? thrown : new Error(describe(thrown));
  try {
    return JSON.stringify(error, (_key, value: unknown) => (value instanceof Error ? open(value) : value));
  } catch {
    return JSON.stringify(reported(error));
  }
}

function open(error: Error & { readonly code?: unknown }): object {
  return {
    errorType: error.name,
    errorMessage: error.message,
    code: error.code,
    ...Object.fromEntries(Object.entries(error)),
    stack: typeof error.stack === 'string' ? error.stack.split('\n') : error.stack,
  };
}

function describe(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return typeof thrown;
  }
}
