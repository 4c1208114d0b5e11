/** What every function sees of Lambda. */
import { setTimeout as pause } from 'node:timers/promises';

import type { Context } from 'aws-lambda';

let invocations = 0;
let running = 0;

/** What the context says, before and after a while. */
export async function context(event: { wait: number }, given: Context): Promise<object> {
  invocations += 1;
  running += 1;
  const atOnce = running;
  const before = given.getRemainingTimeInMillis();
  await pause(event.wait);
  const after = given.getRemainingTimeInMillis();
  running -= 1;
  const { awsRequestId, functionName, memoryLimitInMB, invokedFunctionArn } = given;
  return {
    invocations,
    atOnce,
    before,
    after,
    awsRequestId,
    functionName,
    memoryLimitInMB,
    invokedFunctionArn,
    endpoint: process.env['AWS_ENDPOINT_URL_SQS'],
    region: process.env['AWS_REGION'],
  };
}
