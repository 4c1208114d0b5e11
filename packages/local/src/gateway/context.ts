/**
 * The Lambda context of one invocation.
 *
 * @module
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html
 */
import { randomUUID } from 'node:crypto';

import type { Context } from 'aws-lambda';

const FUNCTION_NAME = 'local';

/** @param timeout - the function's timeout in milliseconds; the clock starts now */
export function lambdaContext(timeout: number): Context {
  const endsAt = performance.now() + timeout;
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: FUNCTION_NAME,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:us-east-1:000000000000:function:${FUNCTION_NAME}`,
    memoryLimitInMB: '1024',
    awsRequestId: randomUUID(),
    logGroupName: `/aws/lambda/${FUNCTION_NAME}`,
    logStreamName: `${new Date().toISOString().slice(0, 10).replaceAll('-', '/')}/[$LATEST]local`,
    getRemainingTimeInMillis: () => Math.max(0, Math.floor(endsAt - performance.now())),
    // The type still asks for them; the runtime has not had them since callbacks went.
    done: () => {},
    fail: () => {},
    succeed: () => {},
  };
}
