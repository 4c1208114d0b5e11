/**
 * The protocol SQS clients speak: AWS JSON 1.0.
 *
 * @module
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-json.html
 */
import { randomUUID } from 'node:crypto';

import type { ServiceAnswer, ServiceRequest } from '../service/listen.ts';
import { notImplemented, SqsError } from './errors.ts';
import { isInput } from './input.ts';
import type { Input } from './input.ts';
import { attributeOperations } from './operations/attributes.ts';
import { moveOperations } from './operations/move.ts';
import { queueOperations } from './operations/queues.ts';
import { receiveOperations } from './operations/receive.ts';
import { sendOperations } from './operations/send.ts';
import { settleOperations } from './operations/settle.ts';
import { tagOperations } from './operations/tags.ts';
import type { Caller, Operations, SqsService } from './service.ts';

const OPERATIONS: Operations = {
  ...queueOperations,
  ...attributeOperations,
  ...tagOperations,
  ...sendOperations,
  ...receiveOperations,
  ...settleOperations,
  ...moveOperations,
};

/** Shapes of the API; what else there is are errors every AWS service has. */
const COMMON_ERRORS: Readonly<Record<string, string>> = {
  InvalidParameterValue: 'com.amazon.coral.service#InvalidParameterValueException',
  MissingParameter: 'com.amazon.coral.service#MissingRequiredParameterException',
  SerializationException: 'com.amazon.coral.service#SerializationException',
};

/** Answers a request. Never rejects. */
export async function answer(service: SqsService, request: ServiceRequest): Promise<ServiceAnswer> {
  try {
    const { run, input } = requestedOf(request);
    return reply(200, await run(service, input, callerOf(request)), {});
  } catch (error) {
    return refusal(error instanceof SqsError ? error : internalError(error));
  }
}

function callerOf(request: ServiceRequest): Caller {
  const trace = request.headers['x-amzn-trace-id'];
  return {
    trace: typeof trace === 'string' ? trace : undefined,
    onGone: (callback) => request.onGone(callback),
  };
}

function requestedOf({ method, headers, body }: ServiceRequest): {
  run: Operations[string]['run'];
  input: Input;
} {
  const target = headers['x-amz-target'];
  if (method !== 'POST' || typeof target !== 'string') {
    throw notImplemented('requests other than POST with an X-Amz-Target header, as AWS JSON 1.0 has it');
  }
  // A page in a browser cannot send this header to us without being asked for leave.
  if (headers.authorization === undefined) {
    throw new SqsError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403);
  }
  const name = target.replace('AmazonSQS.', '');
  const operation = Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined;
  if (operation === undefined) throw notImplemented(`the operation ${name}`);
  const input = parse(body);
  const unknown = Object.keys(input).find((parameter) => !operation.parameters.includes(parameter));
  if (unknown !== undefined) throw notImplemented(`the parameter ${unknown} of ${name}`);
  return { run: operation.run, input };
}

function parse(body: Buffer): Input {
  try {
    const input: unknown = JSON.parse(body.toString());
    if (isInput(input)) return input;
  } catch {
    // What follows says it.
  }
  throw new SqsError('SerializationException', 'The request is no JSON object.');
}

function reply(status: number, output: object, headers: Readonly<Record<string, string>>): ServiceAnswer {
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': randomUUID(), ...headers },
    body: JSON.stringify(output),
  };
}

function refusal({ code, queryCode, message, status }: SqsError): ServiceAnswer {
  const type = COMMON_ERRORS[code] ?? `com.amazonaws.sqs#${code}`;
  const fault = status >= 500 && status !== 501 ? 'Receiver' : 'Sender';
  return reply(status, { __type: type, message }, { 'x-amzn-query-error': `${queryCode};${fault}` });
}

function internalError(cause: unknown): SqsError {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new SqsError('InternalFailure', `The SQS on this machine failed: ${message}`, 500);
}
