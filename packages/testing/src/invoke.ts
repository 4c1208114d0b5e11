/**
 * Calls a handler as the Lambda runtime does.
 *
 * @module
 */
import type { Context } from 'aws-lambda';

import { lambdaContext } from './context.ts';
import { snapshot } from './unchanged.ts';

/**
 * Any handler, whatever event it wants: a function that takes more than `never` is one that takes `never`, so every
 * handler fits and a test needs neither generics nor casts. The callback is there for handlers that are typed with
 * the `Handler` types of `@types/aws-lambda`; none is passed.
 */
export type AnyHandler<Answer = unknown> = (event: never, context: never, callback: never) => Answer;

/**
 * Invokes a handler once, and makes sure that it leaves the event alone.
 *
 * @param handler - handler under test
 * @param event - what AWS would send; of any shape, so that a test can send a wrong one
 * @param context - context of the invocation; a new `lambdaContext()` if not given
 * @returns what the handler returns
 * @throws what the handler throws; and an Error that names the path when the event was changed
 * @example
 * const answer = await invoke(handler, httpEvent('rest', { path: '/items' }), lambdaContext({ timeout: 500 }));
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
 */
export async function invoke<Answer>(
  handler: AnyHandler<Answer>,
  event: unknown,
  context: Context = lambdaContext(),
): Promise<Awaited<Answer>> {
  const before = snapshot(event, 'event');
  // AnyHandler takes `never` so that every handler fits it; no value has that type, so a call has to widen it again.
  const run = handler as unknown as (event: unknown, context: Context) => Answer;
  let answer: Awaited<Answer>;
  try {
    answer = await run(event, context);
  } catch (error) {
    const change = before.change();
    if (change !== undefined) throw changed(change, { cause: error });
    throw error;
  }
  const change = before.change();
  if (change !== undefined) throw changed(change);
  return answer;
}

function changed(path: string, options?: ErrorOptions): Error {
  return new Error(
    `The handler changed the event it was given: ${path} is not what it was. Give it frozen(event) to see where.`,
    options,
  );
}
