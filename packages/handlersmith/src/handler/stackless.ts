/**
 * Errors that are answers, not faults, made without their stack.
 *
 * @module
 */

/**
 * Runs `make` with stack traces off. A refusal is meant for the caller, who never sees a stack; collecting it
 * costs more than the rest of the answer.
 *
 * @param make - synchronous; whatever it throws passes through
 */
export function withoutStack<T>(make: () => T): T {
  const limit = Error.stackTraceLimit;
  try {
    Error.stackTraceLimit = 0;
  } catch {
    return make(); // frozen intrinsics: the stack is paid for, nothing else changes
  }
  try {
    return make();
  } finally {
    Error.stackTraceLimit = limit;
  }
}
