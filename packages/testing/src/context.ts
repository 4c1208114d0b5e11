/**
 * A complete Lambda context for tests.
 *
 * @module
 */
import type { Context } from 'aws-lambda';

import { type Clock, systemClock } from './clock.ts';

/** What a test may say about the function that is running. */
export interface LambdaContextOptions {
  /** Name of the function; the ARN and the log group follow from it. `test-function` if not given. */
  readonly functionName?: string | undefined;
  /** Version that was invoked. `$LATEST` if not given. */
  readonly functionVersion?: string | undefined;
  /** Memory of the function in MB, a string as in the real context. `'128'` if not given. */
  readonly memoryLimitInMB?: string | undefined;
  /** Id of this invocation. A new UUID if not given. */
  readonly awsRequestId?: string | undefined;
  /** Milliseconds the function may run, counted from this call. 3000 if not given, as in Lambda. */
  readonly timeout?: number | undefined;
  /** Clock that the remaining time is counted on. The system's if not given. */
  readonly clock?: Clock | undefined;
}

/**
 * Makes the context of one invocation. Every call is another invocation: it has its own request id, and its time
 * starts to run with the call.
 *
 * `done`, `fail` and `succeed` throw: handlers return or throw, callbacks are gone from `nodejs24.x`.
 *
 * @param options - what the test has to say about the function
 * @returns a context with every member the runtime gives; `getRemainingTimeInMillis` works unbound
 * @example
 * const context = lambdaContext({ functionName: 'orders', timeout: 10_000 });
 * await handler(event, context);
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html
 */
export function lambdaContext(options: LambdaContextOptions = {}): Context {
  const {
    functionName = 'test-function',
    functionVersion = '$LATEST',
    memoryLimitInMB = '128',
    awsRequestId = crypto.randomUUID(),
    timeout = 3000,
    clock = systemClock,
  } = options;
  const endsAt = clock.now() + timeout;
  const day = new Date().toISOString().slice(0, 10).replaceAll('-', '/');
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName,
    functionVersion,
    invokedFunctionArn: `arn:aws:lambda:eu-west-1:123456789012:function:${functionName}`,
    memoryLimitInMB,
    awsRequestId,
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: `${day}/[${functionVersion}]${crypto.randomUUID().replaceAll('-', '')}`,
    // Lambda gives whole milliseconds and never less than nothing.
    getRemainingTimeInMillis: () => Math.max(0, Math.floor(endsAt - clock.now())),
    done: () => refuseCallback('done'),
    fail: () => refuseCallback('fail'),
    succeed: () => refuseCallback('succeed'),
  };
}

function refuseCallback(member: string): never {
  throw new Error(
    `context.${member}() was called, but nodejs24.x has no callbacks: return the answer or throw the error instead.`,
  );
}
