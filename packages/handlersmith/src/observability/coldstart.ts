/**
 * Whether an invocation is the first of its environment.
 *
 * @module
 */
import type { Context } from 'aws-lambda';

/** Before any invocation; also the mark that the first one is over. */
const NONE = Symbol('none');

let first: Partial<Context> | undefined | typeof NONE = NONE;
let over = false;

/**
 * True for the first invocation an environment serves, unless Lambda had started the environment ahead of time
 * (provisioned concurrency, SnapStart, managed instances).
 *
 * Ask when an invocation starts: all who ask with the context of the first invocation before the next one starts get `true`.
 *
 * @param context - the Lambda context of the invocation
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
export function isColdStart(context: Partial<Context> | undefined): boolean {
  if (over) return false;
  if (first === NONE) {
    first = context;
    const type = process.env['AWS_LAMBDA_INITIALIZATION_TYPE']?.trim();
    // unset outside Lambda, where a process that has just started is as cold as an environment
    over = type !== undefined && type !== '' && type !== 'on-demand';
    return !over;
  }
  if (context !== undefined && first === context) return true;
  over = true;
  first = NONE;
  return false;
}
