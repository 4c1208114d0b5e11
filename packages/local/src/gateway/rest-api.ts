/**
 * REST API of API Gateway with Lambda proxy integration.
 *
 * @module
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
import type { AppGateway } from '../template/app.ts';
import { gatewayError, jsonAnswer, withContentType } from './answer.ts';
import { eventBody } from './body.ts';
import type { GatewayKind } from './kind.ts';
import { API_BODY_LIMIT, INVOCATION_PAYLOAD_LIMIT } from './limits.ts';
import { eventV1, readV1 } from './payload-v1.ts';
import { header } from './request.ts';
import type { GatewayRequest } from './request.ts';
import { routeFinder } from './routes.ts';

/** The only keys that an answer may hold. */
const ANSWER_KEYS = new Set(['statusCode', 'headers', 'multiValueHeaders', 'body', 'isBase64Encoded']);

/** The path stays encoded, parameters and query arrive decoded; the stage is in the context's path alone. */
export function restApi(gateway: AppGateway, accountId: string): GatewayKind {
  const find = routeFinder(gateway.routes, { fallsBack: false });
  const prefix = `/${gateway.stage}`;
  const isBinary = binaryTypes(gateway.binaryMediaTypes);
  const failed = gatewayError(502, 'Internal server error');
  const tooLarge = gatewayError(413, 'Request Too Long');
  const noRoute = gatewayError(403, 'Missing Authentication Token');
  const forbidden = gatewayError(403, 'Forbidden');
  return {
    bodyLimit: API_BODY_LIMIT,
    answerLimit: INVOCATION_PAYLOAD_LIMIT,
    refusals: {
      'body-too-large': tooLarge,
      'event-too-large': tooLarge,
      'function-failed': failed,
      'malformed-answer': failed,
      timeout: gatewayError(504, 'Endpoint request timed out'),
      throttled: gatewayError(500, 'Internal server error'),
      unauthorized: gatewayError(401, 'Unauthorized'),
      forbidden: jsonAnswer(403, { Message: 'User is not authorized to access this resource' }),
      'authorizer-failed': jsonAnswer(500, { message: null }),
    },
    find(request) {
      if (request.path !== prefix && !request.path.startsWith(`${prefix}/`)) return forbidden;
      return find(request.method, request.path.slice(prefix.length)) ?? noRoute;
    },
    // Which keys there are, nobody here knows: one must be there.
    refuse: (request, { route }) =>
      route.needsKey === true && keyOf(request) === undefined ? forbidden : undefined,
    event(request, { route, parameters }, identity) {
      const type = header(request.headers, 'content-type');
      return eventV1(request, {
        accountId,
        apiId: gateway.name,
        resource: route.path,
        stage: gateway.stage,
        path: request.path.slice(prefix.length) || '/',
        contextPath: request.path,
        parameters: Object.fromEntries(
          Object.entries(parameters).map(([name, value]) => [name, decoded(value)]),
        ),
        identity,
        ...(route.needsKey === true && { apiKey: keyOf(request) }),
        body: eventBody(request.body, !isBinary(type)),
      });
    },
    read(payload, request) {
      const parts = readV1(payload);
      if (parts === undefined || Object.keys(parts.answer).some((key) => !ANSWER_KEYS.has(key)))
        return undefined;
      // Base64 is decoded for clients that accept a binary type first; all others get the letters.
      const asBytes = parts.isBase64Encoded && isBinary(firstAccepted(request));
      const body = Buffer.from(parts.body, asBytes ? 'base64' : 'utf8');
      return { status: parts.status, headers: withContentType(parts.lines, body, 'application/json'), body };
    },
  };
}

/** An empty one is none. */
function keyOf(request: GatewayRequest): string | undefined {
  return header(request.headers, 'x-api-key') || undefined;
}

function firstAccepted(request: GatewayRequest): string | undefined {
  return header(request.headers, 'accept')?.split(',', 1)[0];
}

function binaryTypes(types: readonly string[]): (type: string | undefined) => boolean {
  // Templates write the slash as `~1`.
  const known = new Set(types.map((type) => type.replaceAll('~1', '/').toLowerCase()));
  return (type) => known.has('*/*') || known.has((type ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '');
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
