/**
 * A handler of this process as the function behind a gateway.
 *
 * @module
 */
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';

import type { FunctionFailure, FunctionResult } from '../function/function.ts';
import { lambdaContext } from './context.ts';
import type { InvokeForGateway, ReportProblem } from './exchange.ts';
import { INVOCATION_PAYLOAD_LIMIT } from './limits.ts';

/**
 * Invokes a handler. What goes in and comes out goes through JSON, as it does in AWS.
 *
 * One that runs into its timeout keeps running here, where Lambda would end it; its answer is thrown away.
 *
 * @param timeout - the function's, in milliseconds
 * @param report - told why an invocation failed
 */
export function inProcess(
  handler: (event: APIGatewayProxyEventV2, context: Context) => unknown,
  timeout: number,
  report: ReportProblem,
): InvokeForGateway {
  return async ({ event }) => {
    const startedAt = performance.now();
    const measured = (): Pick<FunctionResult, 'duration' | 'memoryUsed'> => ({
      duration: performance.now() - startedAt,
      memoryUsed: 0,
    });
    const failure = (reason: FunctionFailure['reason'], errorMessage: string): FunctionFailure => ({
      ok: false,
      reason,
      error: { errorType: 'Error', errorMessage, trace: [] },
      ...measured(),
    });

    let timer: NodeJS.Timeout | undefined;
    const over = new Promise<FunctionFailure>((resolve) => {
      timer = setTimeout(() => {
        const message = `Task timed out after ${timeout} ms`;
        report(message);
        resolve(failure('timeout', message));
      }, timeout);
    });
    const answered = async (): Promise<FunctionResult> => {
      try {
        // A handler that forgets `async` and throws fails as one that rejects.
        const returned = await handler(JSON.parse(event) as APIGatewayProxyEventV2, lambdaContext(timeout));
        // For undefined there is no JSON, which the type does not say; Lambda makes null of it.
        const payload = (JSON.stringify(returned) as string | undefined) ?? 'null';
        if (Buffer.byteLength(payload) <= INVOCATION_PAYLOAD_LIMIT)
          return { ok: true, payload, ...measured() };
        const message = `The answer is ${Buffer.byteLength(payload)} bytes, more than the ${INVOCATION_PAYLOAD_LIMIT} that Lambda gives back`;
        report(message);
        return failure('too-large', message);
      } catch (error) {
        report('The handler failed', error);
        return failure('error', error instanceof Error ? error.message : String(error));
      }
    };
    try {
      return await Promise.race([answered(), over]);
    } finally {
      clearTimeout(timer);
    }
  };
}
