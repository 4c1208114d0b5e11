/**
 * One request through a gateway, from its bytes to its answer.
 *
 * @module
 */
import type { AnswerStream, FunctionResult } from '../function/function.ts';
import type { AppGateway, AppRoute } from '../template/app.ts';
import type { GatewayAnswer } from './answer.ts';
import { authorizerEvent, routeArn } from './authorizer-event.ts';
import { authorize } from './authorizer.ts';
import type { Identity } from './authorizer.ts';
import { corsOf } from './cors.ts';
import type { GatewayKind, Refusal } from './kind.ts';
import { INVOCATION_PAYLOAD_LIMIT } from './limits.ts';
import type { GatewayRequest } from './request.ts';
import type { RouteMatch } from './routes.ts';

/** An invocation that a gateway asks for. */
export interface GatewayInvocation {
  /** Logical id of the function. */
  readonly function: string;
  /** JSON text. */
  readonly event: string;
  readonly trace: string;
  /** For people: `GET /items/{id}`. */
  readonly summary: string;
  readonly stream?: AnswerStream;
}

/** Invokes a function for a gateway. Never rejects for what the function does. */
export type InvokeForGateway = (invocation: GatewayInvocation) => Promise<FunctionResult>;

/** Told what a client is not: why an answer became a 500, 502, 503 or 413. */
export type ReportProblem = (problem: string, cause?: unknown) => void;

export interface ExchangeOptions {
  readonly gateway: AppGateway;
  readonly accountId: string;
  readonly kind: GatewayKind;
  readonly invoke: InvokeForGateway;
  readonly report: ReportProblem;
}

/** Makes the function that answers a gateway's requests. A streamed answer goes to the stream it is given. */
export function exchange({
  gateway,
  accountId,
  kind,
  invoke,
  report,
}: ExchangeOptions): (request: GatewayRequest, stream?: AnswerStream) => Promise<GatewayAnswer | 'streamed'> {
  const cors = corsOf(gateway.cors, gateway.kind !== 'rest-api');

  const answer = async (
    request: GatewayRequest,
    stream: AnswerStream | undefined,
  ): Promise<GatewayAnswer | 'streamed'> => {
    const match = kind.find(request);
    if (!('route' in match)) return match;
    const identity = await identityOf(request, match);
    if (typeof identity === 'string') return kind.refusals[identity];
    const refused = kind.refuse?.(request, match);
    if (refused !== undefined) return refused;

    const event = JSON.stringify(kind.event(request, match, identity));
    if (Buffer.byteLength(event) > INVOCATION_PAYLOAD_LIMIT) {
      report(`The event is larger than the ${INVOCATION_PAYLOAD_LIMIT} bytes that Lambda takes`);
      return kind.refusals['event-too-large'];
    }
    return await invoked(request, match, event, stream);
  };

  const identityOf = async (
    request: GatewayRequest,
    match: RouteMatch,
  ): Promise<Identity | Refusal | undefined> => {
    const { authorizer } = match.route;
    if (authorizer === undefined) return undefined;
    return authorize(authorizer, request, routeArn(gateway, accountId, request), async (lambda) => {
      const result = await invoke({
        function: lambda.function,
        event: JSON.stringify(authorizerEvent(gateway, accountId, kind, request, match, authorizer)),
        trace: request.trace,
        summary: `authorizer ${authorizer.name}`,
      });
      if (!result.ok) throw new Error(result.error.errorMessage);
      return JSON.parse(payloadText(result.payload)) as unknown;
    });
  };

  const invoked = async (
    request: GatewayRequest,
    match: RouteMatch,
    event: string,
    stream: AnswerStream | undefined,
  ): Promise<GatewayAnswer | 'streamed'> => {
    const { route } = match;
    const streamed = { begun: false };
    const watched: AnswerStream | undefined = stream && {
      begin(prelude) {
        streamed.begun = true;
        stream.begin(prelude);
      },
      write: stream.write,
    };
    const result = await within(
      route.timeout,
      invoke({
        function: route.function,
        event,
        trace: request.trace,
        summary: summaryOf(request, route),
        ...(watched !== undefined && { stream: watched }),
      }),
    );
    if (streamed.begun) {
      if (result !== 'timeout' && result.ok) return 'streamed';
      // Half an answer cannot be taken back: the connection is broken off.
      throw new Error('The function ended before its streamed answer did');
    }
    if (result === 'timeout') {
      report(`The gateway gave up after ${route.timeout} ms`);
      return kind.refusals.timeout;
    }
    return read(result, request, match);
  };

  const read = (result: FunctionResult, request: GatewayRequest, match: RouteMatch): GatewayAnswer => {
    // Why it failed is for whoever runs the functions to tell.
    if (!result.ok) return kind.refusals[result.reason === 'throttled' ? 'throttled' : 'function-failed'];
    const text = payloadText(result.payload);
    if (Buffer.byteLength(text) > kind.answerLimit) {
      report(`The answer is ${Buffer.byteLength(text)} bytes, more than the ${kind.answerLimit} that fit`);
      return kind.refusals['function-failed'];
    }
    const payload = jsonOf(text);
    const readable = payload === undefined ? undefined : kind.read(payload.value, request, match);
    if (readable === undefined)
      report('The answer is malformed: see statusCode, headers, cookies, body, isBase64Encoded');
    return readable ?? kind.refusals['malformed-answer'];
  };

  return async (request, stream) => {
    const preflight = cors.preflight(request);
    if (preflight !== undefined) return preflight;
    const given = await answer(request, stream);
    return given === 'streamed' ? given : { ...given, headers: cors.apply(request, given.headers) };
  };
}

/** For people: the route where it has a path, else the path. */
function summaryOf(request: GatewayRequest, route: AppRoute): string {
  return `${request.method} ${route.path.includes('{') || route.path === '$default' ? request.path : route.path}`;
}

function payloadText(payload: string | Uint8Array): string {
  return typeof payload === 'string' ? payload : Buffer.from(payload).toString('utf8');
}

/** Bytes that a function streams where its gateway does not may be no JSON. */
function jsonOf(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

async function within<Value>(milliseconds: number, work: Promise<Value>): Promise<Value | 'timeout'> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<'timeout'>((resolve) => {
    timer = setTimeout(resolve, milliseconds, 'timeout');
  });
  try {
    return await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
  }
}
