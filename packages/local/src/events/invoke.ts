/**
 * `Invoke` of Lambda.
 *
 * @module
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
import type { FunctionResult } from '../function/function.ts';
import type { ServiceAnswer, ServiceRequest } from '../service/listen.ts';
import { refusal, textHeader, traceOf } from './answer.ts';
import { logTail } from './log-tail.ts';
import type { Logged } from './log-tail.ts';

const TYPES = ['RequestResponse', 'Event', 'DryRun'] as const;

/** Bytes of a payload. */
const LARGEST = { RequestResponse: 6 * 1024 * 1024, Event: 1024 * 1024, DryRun: 6 * 1024 * 1024 } as const;

/** Characters of a client context, which is base64. */
const CLIENT_CONTEXT = 3583;

/** An Invoke of a function by its name or ARN. */
export interface InvokeRequest {
  /** A name or an ARN, without version or alias. */
  readonly name: string;
  /** A version or an alias, where one is asked for. */
  readonly qualifier?: string;
  readonly type: (typeof TYPES)[number];
  readonly payload: unknown;
  /** As JSON. */
  readonly clientContext?: string;
  readonly trace: string | undefined;
}

export type Invoked = FunctionResult & Logged;

export interface InvokeOptions {
  readonly region: string;
  readonly accountId: string;
  /** Gives undefined where there is no such function, version or alias; an asynchronous one answers at once. */
  readonly invoke: (request: InvokeRequest) => Promise<Invoked | 'accepted' | undefined>;
}

/** @param reference - a name, an ARN or a part of one, a version or an alias after it or not */
export async function invokeFunction(
  options: InvokeOptions,
  reference: string,
  request: ServiceRequest,
): Promise<ServiceAnswer> {
  const given = textHeader(request, 'x-amz-invocation-type') ?? 'RequestResponse';
  const type = TYPES.find((one) => one === given);
  if (type === undefined)
    return refusal(400, 'InvalidParameterValueException', `InvocationType is one of ${TYPES.join(', ')}.`);
  if (request.body.length > LARGEST[type]) {
    const message = `Request must be smaller than ${LARGEST[type]} bytes for the InvokeFunction operation`;
    return refusal(413, 'RequestTooLargeException', message);
  }
  const named = targetOf(reference, new URL(request.url, 'http://localhost').searchParams.get('Qualifier'));
  if (named === undefined)
    return refusal(
      400,
      'InvalidParameterValueException',
      'The derived qualifier from the function name does not match the specified qualifier.',
    );
  const payload = parsed(request.body.toString());
  if (payload === undefined)
    return refusal(400, 'InvalidRequestContentException', 'Could not parse request body into json');
  const clientContext = clientContextOf(request);
  if (clientContext === null)
    return refusal(
      400,
      'InvalidRequestContentException',
      `Client context must be a valid Base64-encoded JSON object of up to ${CLIENT_CONTEXT} bytes.`,
    );

  const result = await options.invoke({
    ...named,
    type,
    payload: payload.value,
    // It is there for an invocation that somebody waits for.
    ...(clientContext !== undefined && type === 'RequestResponse' && { clientContext }),
    trace: traceOf(request),
  });
  if (result === undefined) {
    const { region, accountId } = options;
    const { name, qualifier } = named;
    const arn = `arn:aws:lambda:${region}:${accountId}:function:${name.replace(/^.*:/u, '')}`;
    const qualified = qualifier === undefined ? arn : `${arn}:${qualifier}`;
    return refusal(404, 'ResourceNotFoundException', `Function not found: ${qualified}`);
  }
  if (result === 'accepted') return { status: type === 'Event' ? 202 : 204, headers: {}, body: '' };
  if (!result.ok && result.reason === 'throttled')
    return refusal(429, 'TooManyRequestsException', 'Rate Exceeded.');
  const isTailed = textHeader(request, 'x-amz-log-type') === 'Tail';
  return {
    status: 200,
    headers: {
      'content-type': 'application/json',
      'x-amz-executed-version': '$LATEST',
      ...(!result.ok && { 'x-amz-function-error': 'Unhandled' }),
      ...(isTailed && { 'x-amz-log-result': logTail(result).toString('base64') }),
    },
    body: result.ok ? payloadText(result.payload) : JSON.stringify(result.error),
  };
}

/** What is asked for; undefined where name and parameter contradict each other. */
function targetOf(
  reference: string,
  parameter: string | null,
): Pick<InvokeRequest, 'name' | 'qualifier'> | undefined {
  const { name = reference, qualifier = parameter ?? undefined } =
    /^(?<name>(?:.*:function:)?[^:]+)(?::(?<qualifier>[^:]+))?$/u.exec(reference)?.groups ?? {};
  if (parameter !== null && parameter !== qualifier) return undefined;
  const isWhole = name.startsWith('arn:');
  return { name: isWhole ? name : name.replace(/^.*:/u, ''), ...(qualifier !== undefined && { qualifier }) };
}

/** An empty payload is an empty object; what is no JSON gives undefined. */
function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: text === '' ? {} : (JSON.parse(text) as unknown) };
  } catch {
    return undefined;
  }
}

/** Null for a malformed one. */
function clientContextOf(request: ServiceRequest): string | null | undefined {
  const encoded = textHeader(request, 'x-amz-client-context');
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const value = parsed(text)?.value;
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject && text !== '' && encoded.length <= CLIENT_CONTEXT ? text : null;
}

function payloadText(payload: string | Uint8Array): string {
  return typeof payload === 'string' ? payload : Buffer.from(payload).toString('utf8');
}
