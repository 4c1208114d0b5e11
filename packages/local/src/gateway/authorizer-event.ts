/**
 * The event of a Lambda authorizer.
 *
 * @module
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html
 */
import type { AppGateway, RouteAuthorizer } from '../template/app.ts';
import { isRecord } from './answer.ts';
import { regionOf } from './kind.ts';
import type { GatewayKind } from './kind.ts';
import { header } from './request.ts';
import type { GatewayRequest } from './request.ts';
import type { RouteMatch } from './routes.ts';

/** What the authorizer of a route is invoked with: the function's own event without its body, or one token. */
export function authorizerEvent(
  gateway: AppGateway,
  accountId: string,
  kind: GatewayKind,
  request: GatewayRequest,
  match: RouteMatch,
  authorizer: RouteAuthorizer,
): object {
  const arn = routeArn(gateway, accountId, request);
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

/** What a policy allows or denies: stage, method and path, the stage once. */
export function routeArn(
  gateway: AppGateway,
  accountId: string,
  { method, path }: Pick<GatewayRequest, 'method' | 'path'>,
): string {
  const { name, stage } = gateway;
  const own = path.startsWith(`/${stage}/`) || path === `/${stage}` ? path.slice(stage.length + 1) : path;
  return `arn:aws:execute-api:${regionOf(gateway)}:${accountId}:${name}/${stage}/${method}${own}`;
}
