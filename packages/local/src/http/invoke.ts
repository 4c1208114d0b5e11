/**
 * One invocation, as API Gateway and Lambda run it between them.
 *
 * @module
 */
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';

import { gatewayError, readAnswer } from './answer.ts';
import type { GatewayAnswer } from './answer.ts';
import { lambdaContext } from './context.ts';
import { INVOCATION_PAYLOAD_LIMIT } from './limits.ts';

export interface Timeouts {
  /** Milliseconds until Lambda ends the function. */
  readonly function: number;
  /** Milliseconds until the gateway stops waiting. */
  readonly integration: number;
}

/**
 * Calls the handler and makes of its answer, error or silence what a client of the gateway would see.
 *
 * A handler that runs into a timeout keeps running here, where Lambda would end it; its answer is thrown away.
 *
 * @param report - told why, in the cases where the client is not
 */
export async function invoke(
  handler: (event: APIGatewayProxyEventV2, context: Context) => unknown,
  event: APIGatewayProxyEventV2,
  timeouts: Timeouts,
  report: (problem: string, cause?: unknown) => void,
): Promise<GatewayAnswer> {
  const payload = JSON.stringify(event);
  if (Buffer.byteLength(payload) > INVOCATION_PAYLOAD_LIMIT) {
    report(`The event is larger than the ${INVOCATION_PAYLOAD_LIMIT} bytes that Lambda takes`);
    return gatewayError(413, 'Request Entity Too Large');
  }

  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<GatewayAnswer>((answer) => {
    const gatewayFirst = timeouts.integration <= timeouts.function;
    const wait = gatewayFirst ? timeouts.integration : timeouts.function;
    timer = setTimeout(() => {
      report(gatewayFirst ? `The gateway gave up after ${wait} ms` : `Task timed out after ${wait} ms`);
      answer(
        gatewayFirst ? gatewayError(503, 'Service Unavailable') : gatewayError(500, 'Internal Server Error'),
      );
    }, wait);
  });
  try {
    return await Promise.race([answerOf(handler, payload, timeouts.function, report), silence]);
  } finally {
    clearTimeout(timer);
  }
}

async function answerOf(
  handler: (event: APIGatewayProxyEventV2, context: Context) => unknown,
  payload: string,
  timeout: number,
  report: (problem: string, cause?: unknown) => void,
): Promise<GatewayAnswer> {
  const failed = gatewayError(500, 'Internal Server Error');
  try {
    // A handler that forgets `async` and throws fails as one that rejects.
    const returned = await handler(JSON.parse(payload) as APIGatewayProxyEventV2, lambdaContext(timeout));
    // For undefined there is no JSON, which the type does not say; Lambda makes null of it.
    const json = (JSON.stringify(returned) as string | undefined) ?? 'null';
    if (Buffer.byteLength(json) > INVOCATION_PAYLOAD_LIMIT) {
      report(
        `The answer is ${Buffer.byteLength(json)} bytes, more than the ${INVOCATION_PAYLOAD_LIMIT} that Lambda gives back`,
      );
      return failed;
    }
    const answer = readAnswer(JSON.parse(json));
    if (answer === undefined)
      report('The answer is malformed: see statusCode, headers, cookies, body, isBase64Encoded');
    return answer ?? failed;
  } catch (error) {
    report('The handler failed', error);
    return failed;
  }
}
