/**
 * What became of an invocation, where not the function but Lambda says it.
 *
 * @module
 */
import type { FunctionFailure } from './function.ts';
import type { Ending } from './process.ts';
import { ANSWER_LIMIT } from './protocol.ts';

type Failure = Pick<FunctionFailure, 'reason' | 'error'>;

/** The function's process is gone, and not because of us. */
export function exited(requestId: string, ending: Ending): Failure {
  return failure('exit', 'Runtime.ExitError', `RequestId: ${requestId} Error: ${reasonOf(ending)}`);
}

/** @param seconds - the function's timeout */
export function timedOut(requestId: string, seconds: number): Failure {
  return failure('timeout', 'Sandbox.Timedout', `RequestId: ${requestId} Error: ${timeoutText(seconds)}`);
}

export function timeoutText(seconds: number): string {
  return `Task timed out after ${seconds.toFixed(2)} seconds`;
}

export function tooLarge(): Failure {
  return failure(
    'too-large',
    'Function.ResponseSizeTooLarge',
    `Response payload size exceeded maximum allowed payload size (${ANSWER_LIMIT} bytes).`,
  );
}

export function throttled(): Failure {
  return failure('throttled', 'TooManyRequestsException', 'Rate Exceeded.');
}

/** The runner itself ended it. */
export function closed(requestId: string): Failure {
  return failure('exit', 'Runtime.ExitError', `RequestId: ${requestId} Error: The local function was closed`);
}

function reasonOf({ code, signal, error }: Ending): string {
  if (error !== undefined) return `Runtime failed to start: ${error.message}`;
  if (signal !== null)
    return `Runtime exited with error: signal: ${SIGNALS[signal] ?? signal.slice(3).toLowerCase()}`;
  if (code === 0 || code === null) return 'Runtime exited without providing a reason';
  return `Runtime exited with error: exit status ${code}`;
}

/** As the language that Lambda's supervisor is written in calls them. */
const SIGNALS: Partial<Record<NodeJS.Signals, string>> = {
  SIGABRT: 'aborted',
  SIGBUS: 'bus error',
  SIGFPE: 'floating point exception',
  SIGHUP: 'hangup',
  SIGILL: 'illegal instruction',
  SIGINT: 'interrupt',
  SIGKILL: 'killed',
  SIGSEGV: 'segmentation fault',
  SIGTERM: 'terminated',
  SIGTRAP: 'trace/breakpoint trap',
};

function failure(reason: FunctionFailure['reason'], errorType: string, errorMessage: string): Failure {
  return { reason, error: { errorType, errorMessage, trace: [] } };
}
