/**
 * The event of a Lambda authorizer.
 *
 * @module
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html
 */
import type { AppGateway, RouteAuthorizer } from '../template/app.ts';
import { isRecord } from './answer.ts';
import type { GatewayKind } from './kind.ts';
import { header } from './request.ts';
import type { GatewayRequest } from './request.ts';
import type { RouteMatch } from './routes.ts';

/** What the authorizer of a route is invoked with: the function's own event without its body, or one token. */
export function authorizerEvent(
  gateway: AppGateway,
  kind: GatewayKind,
  request: GatewayRequest,
  match: RouteMatch,
  authorizer: RouteAuthorizer,
): object {
  const arn = `arn:aws:execute-api:us-east-1:000000000000:${gateway.id}/${gateway.stage}/${request.method}${request.path}`;
  const names = authorizer.identityHeaders ?? ['authorization'];
  const identity = names.map((name) => header(request.headers, name) ?? '');
  if (authorizer.gets === 'token') return { type: 'TOKEN', methodArn: arn, authorizationToken: identity[0] };

  const version = gateway.kind === 'rest-api' ? '1.0' : (authorizer.payloadVersion ?? '2.0');
  const event = kind.event(
    request,
    { ...match, route: { ...match.route, payloadVersion: version } },
    undefined,
  );
  const { body: _, isBase64Encoded: __, ...rest } = isRecord(event) ? event : {};
  return version === '2.0'
    ? { ...rest, type: 'REQUEST', routeArn: arn, identitySource: identity }
    : {
        ...rest,
        type: 'REQUEST',
        methodArn: arn,
        ...(gateway.kind === 'http-api' && { identitySource: identity }),
      };
}
