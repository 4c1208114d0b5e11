/**
 * Whether an invocation is the first of its environment.
 *
 * @module
 */
import type { Context } from 'aws-lambda';

/** The context of the environment's first invocation; weak, because the invocation ends and the environment stays. */
let first: WeakRef<Partial<Context>> | undefined;
/** No further invocation can be the first one. */
let over = false;
let begun = false;

/**
 * True for the first invocation an environment serves, unless Lambda had started the environment ahead of time
 * (provisioned concurrency, SnapStart, managed instances).
 *
 * Ask when an invocation starts. Who asks later with the same context gets the same answer, whatever has started since.
 *
 * @param context - the Lambda context of the invocation, the object Lambda passed
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
export function isColdStart(context: Partial<Context> | undefined): boolean {
  if (over) return false;
  if (!begun) return begin(context);
  const cold = first?.deref();
  over = cold === undefined;
  return !over && cold === context;
}

function begin(context: Partial<Context> | undefined): boolean {
  begun = true;
  // unset outside Lambda, where a process that has just started is as cold as an environment
  over = !['', 'on-demand'].includes(process.env['AWS_LAMBDA_INITIALIZATION_TYPE']?.trim() ?? '');
  if (!over && context !== undefined) first = new WeakRef(context);
  return !over;
}
