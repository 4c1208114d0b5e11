/**
 * What the user is told when a trigger says no, or fails.
 *
 * @module
 */

/** A refusal whose message the user is shown. Make it with {@link refusal}. */
export class CognitoRefusal extends Error {
  override readonly name = 'CognitoRefusal';
}

/**
 * Refuses what the user wants to do. Cognito shows the message, behind words of its own: "PreSignUp failed with
 * error …".
 *
 * @param message - for the user's eyes
 * @param options - `cause`: the error behind it, for the log
 * @returns an error to throw
 * @example
 * if (!email.endsWith('@example.com')) throw refusal('Please use your work address.');
 */
export function refusal(message: string, options?: { readonly cause?: unknown }): CognitoRefusal {
  return new CognitoRefusal(message, options);
}

/** Stands for an error that is nobody's business: Cognito would show its message to the user. The error is the cause. */
export class CognitoTriggerFailed extends Error {
  override readonly name = 'CognitoTriggerFailed';

  constructor(cause: unknown) {
    super('Something went wrong on our side. Please try again.', { cause });
  }
}
