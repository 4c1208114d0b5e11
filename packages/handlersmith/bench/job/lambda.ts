/**
 * What Lambda's runtime gives a function: its environment variables and a context per invocation.
 *
 * @module
 */
import type { Context } from 'aws-lambda';

const functionArn = 'arn:aws:lambda:us-east-1:123456789012:function:items';
let invocations = 0;

/**
 * Makes the context of one invocation, in the shape the runtime client gives it.
 *
 * @returns a fresh context with its own request id and 30 s to go
 */
export function makeContext(): Context {
  const endsAt = Date.now() + 30_000;
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: 'items',
    functionVersion: '$LATEST',
    invokedFunctionArn: functionArn,
    memoryLimitInMB: '1024',
    awsRequestId: `8476a536-e9f4-11e8-9739-${String(invocations++).padStart(12, '0')}`,
    logGroupName: '/aws/lambda/items',
    logStreamName: '2026/01/01/[$LATEST]abc',
    getRemainingTimeInMillis: () => endsAt - Date.now(),
    // nodejs24.x has no callback handlers; the types still ask for these three.
    done() {},
    fail() {},
    succeed() {},
  };
}

/** The environment of a measured process: what Lambda sets, and nothing of the machine but its PATH. */
export const lambdaEnvironment: Readonly<Record<string, string>> = {
  PATH: process.env['PATH'] ?? '',
  HOME: '/tmp',
  TZ: ':UTC',
  LANG: 'en_US.UTF-8',
  AWS_LAMBDA_FUNCTION_NAME: 'items',
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1024',
  AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/items',
  AWS_LAMBDA_LOG_STREAM_NAME: '2026/01/01/[$LATEST]abc',
  AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
  AWS_REGION: 'us-east-1',
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
  AWS_XRAY_DAEMON_ADDRESS: '127.0.0.1:2000',
  _X_AMZN_TRACE_ID: 'Root=1-5e6722a7-cc56e2a17ed46db7ae02d4da;Parent=53995c3f42cd8ad8;Sampled=0',
  LAMBDA_TASK_ROOT: '/var/task',
  LAMBDA_RUNTIME_DIR: '/var/runtime',
  POWERTOOLS_SERVICE_NAME: 'items',
  NODE_NO_WARNINGS: '1',
};
