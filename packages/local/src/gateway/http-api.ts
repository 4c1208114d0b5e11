/**
 * HTTP API of API Gateway.
 *
 * @module
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api.html
 */
import type { AppGateway } from '../template/app.ts';
import { gatewayError, withContentType } from './answer.ts';
import { encodeBody } from './body.ts';
import { authorizerV2 } from './identity.ts';
import type { GatewayKind } from './kind.ts';
import { API_BODY_LIMIT, INVOCATION_PAYLOAD_LIMIT } from './limits.ts';
import { eventV1, readV1 } from './payload-v1.ts';
import { eventV2, readV2 } from './payload-v2.ts';
import { header } from './request.ts';
import type { GatewayRequest } from './request.ts';
import { routeFinder } from './routes.ts';

/**
 * An HTTP API decodes the path before it fills in `rawPath`, other than its name says and other than a Function URL:
 * `/a%2Fb` arrives as `/a/b`. The query arrives as it was sent. A named stage stays in the path.
 */
export function httpApi(gateway: AppGateway, accountId: string): GatewayKind {
  const find = routeFinder(gateway.routes, { fallsBack: true });
  const prefix = gateway.stage === '$default' ? '' : `/${gateway.stage}`;
  const tooLarge = gatewayError(413, 'Request Entity Too Large');
  const failed = gatewayError(500, 'Internal Server Error');
  return {
    bodyLimit: API_BODY_LIMIT,
    answerLimit: INVOCATION_PAYLOAD_LIMIT,
    refusals: {
      'body-too-large': tooLarge,
      'event-too-large': tooLarge,
      'function-failed': failed,
      'malformed-answer': failed,
      timeout: gatewayError(503, 'Service Unavailable'),
      throttled: gatewayError(503, 'Service Unavailable'),
      unauthorized: gatewayError(401, 'Unauthorized'),
      forbidden: gatewayError(403, 'Forbidden'),
      'authorizer-failed': failed,
    },
    find(request) {
      const path = decodedPath(request);
      if (path === undefined) return gatewayError(400, 'Bad Request');
      if (path !== prefix && !path.startsWith(`${prefix}/`)) return gatewayError(404, 'Not Found');
      return find(request.method, path.slice(prefix.length)) ?? gatewayError(404, 'Not Found');
    },
    event(request, { route, parameters }, identity) {
      const path = decodedPath(request) ?? request.path;
      const body = encodeBody(request.body, header(request.headers, 'content-type'));
      const place = { accountId, apiId: gateway.name, stage: gateway.stage, path, parameters, body };
      if (route.payloadVersion === '1.0')
        return eventV1(request, {
          ...place,
          version: '1.0',
          resource: route.path,
          contextPath: path,
          identity,
        });
      const routeKey = route.path === '$default' ? '$default' : `${route.method} ${route.path}`;
      return eventV2(request, {
        ...place,
        routeKey,
        requestId: shortId(request.id),
        authorizer: authorizerV2(identity),
      });
    },
    read(payload, _, { route }) {
      if (route.payloadVersion === '2.0') return readV2(payload);
      const parts = readV1(payload);
      if (parts === undefined) return undefined;
      const body = Buffer.from(parts.body, parts.isBase64Encoded ? 'base64' : 'utf8');
      const headers = withContentType(parts.lines, body, 'text/plain;charset=UTF-8');
      return { status: parts.status, headers, body };
    },
  };
}

/** The ids of an HTTP API are shorter than the UUIDs of the others. */
function shortId(id: string): string {
  return `${Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url').slice(0, 15)}=`;
}

function decodedPath(request: GatewayRequest): string | undefined {
  try {
    return decodeURIComponent(request.path);
  } catch {
    return undefined;
  }
}
