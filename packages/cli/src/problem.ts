/**
 * How a command says that it did not work out. Everything else that is thrown is told in the same way.
 *
 * @module
 */

/** What the shell is told. */
export const EXIT = { ok: 0, failed: 1, wrongUse: 2, interrupted: 130 } as const;

/** The command line makes no sense: an option, an argument or a file that is not there. */
export class WrongUse extends Error {
  override readonly name = 'WrongUse';
}

/** What was asked for was tried and failed. Each line of the message is shown as it is. */
export class Failed extends Error {
  override readonly name = 'Failed';
}

/** What is wrong, for people. Of a failure in the wake of another one, both. */
export function messageOf(error: unknown): string {
  if (error instanceof Error && 'suppressed' in error && 'error' in error)
    return `${messageOf(error.suppressed)}\nAnd then: ${messageOf(error.error)}`;
  return error instanceof Error ? error.message : String(error);
}

/** `ENOENT` and so on. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
