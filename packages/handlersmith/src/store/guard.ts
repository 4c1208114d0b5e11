/**
 * The second layer of time: no commit leaves long after its attempt began.
 *
 * @module
 */
import type { PutItemCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';

import type { Attempt } from './attempt.ts';

/** The attempt was frozen for so long that its commit was not sent. */
class AttemptTooOld extends Error {
  override readonly name = 'AttemptTooOld';

  constructor(age: number, maxAttemptAge: number) {
    super(
      `The attempt began ${age} ms ago; after ${maxAttemptAge} ms (limits.maxAttemptAge) no commit is sent any more`,
    );
  }
}

type Command = TransactWriteItemsCommand | PutItemCommand;

/**
 * Makes a command refuse to leave once its attempt is too old. It looks after signing, on each try of the SDK: DynamoDB
 * takes a signature for 15 minutes, so whatever froze and thawed in between, no commit takes effect later than
 * `maxAttemptAge` and 15 minutes after the attempt began. Sweeps and expiry come much later than that.
 *
 * The middleware is the command's own: nothing is added to the team's client.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
 */
export function guarded<Guarded extends Command>(command: Guarded, attempt: Attempt): Guarded {
  const { maxAttemptAge } = attempt.settings.limits;
  // The stacks of the two differ in the types of what goes through, and the guard does not look at that.
  const stack = command.middlewareStack as TransactWriteItemsCommand['middlewareStack'];
  stack.add(
    (next) => (parameters) => {
      if (attempt.age > maxAttemptAge) throw new AttemptTooOld(attempt.age, maxAttemptAge);
      return next(parameters);
    },
    { step: 'finalizeRequest', priority: 'low', name: 'handlersmithAttemptAge' },
  );
  return command;
}
