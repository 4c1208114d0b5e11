/**
 * What an authorizer leaves in the event, which differs by source for the same caller.
 *
 * @module
 */
import type {
  APIGatewayEventIdentity,
  APIGatewayEventRequestContextIAMAuthorizer,
  APIGatewayProxyEvent,
} from 'aws-lambda';

import type { AuthorizerStatement, Claims, IamIdentity } from './request.ts';
import type { HttpApiEvent, HttpSource } from './source.ts';

type Kind = 'jwt' | 'lambda' | 'iam' | 'cognito';

const OFFERED: Readonly<Record<HttpSource, readonly Kind[]>> = {
  rest: ['lambda', 'iam', 'cognito'],
  httpApi: ['jwt', 'lambda', 'iam'],
  functionUrl: ['iam'],
  alb: [],
  albMulti: [],
};

/**
 * Makes sure that the source has the kind of authorizer that the test states.
 *
 * @throws TypeError when no such event can come from that source
 */
export function checkAuthorizer(source: HttpSource, authorizer: AuthorizerStatement | undefined): void {
  if (authorizer === undefined) return;
  const kinds = Object.keys(authorizer);
  const offered = OFFERED[source];
  const [kind] = kinds;
  if (kinds.length === 1 && offered.some((one) => one === kind)) return;
  const choice = offered.length === 0 ? 'none' : offered.join(', ');
  throw new TypeError(
    `The source "${source}" has no authorizer "${kinds.join(', ')}". It offers: ${choice}.`,
  );
}

/** `requestContext.authorizer` of a REST API, which an IAM caller does not show up in. */
export function restAuthorizer(
  authorizer: AuthorizerStatement | undefined,
): APIGatewayProxyEvent['requestContext']['authorizer'] {
  if (authorizer === undefined) return undefined;
  if ('cognito' in authorizer)
    return { claims: claimTexts(authorizer.cognito.claims, (list) => list.join(',')) };
  if (!('lambda' in authorizer)) return undefined;
  const context = Object.entries(authorizer.lambda).map(([name, value]) => [name, contextText(name, value)]);
  return { principalId: 'user', integrationLatency: 12, ...Object.fromEntries(context) };
}

/** `requestContext.identity` of a REST API, which names an IAM caller. */
export function restIdentity(
  authorizer: AuthorizerStatement | undefined,
  caller: { readonly sourceIp: string; readonly userAgent: string | null },
): APIGatewayEventIdentity {
  const signer = authorizer !== undefined && 'iam' in authorizer ? iam(authorizer.iam) : undefined;
  return {
    accessKey: signer?.accessKey ?? null,
    accountId: signer?.accountId ?? null,
    apiKey: null,
    apiKeyId: null,
    caller: signer?.callerId ?? null,
    clientCert: null,
    cognitoAuthenticationProvider: null,
    cognitoAuthenticationType: null,
    cognitoIdentityId: null,
    cognitoIdentityPoolId: null,
    principalOrgId: signer?.principalOrgId ?? null,
    sourceIp: caller.sourceIp,
    user: signer?.userId ?? null,
    userAgent: caller.userAgent,
    userArn: signer?.userArn ?? null,
  };
}

/** `requestContext.authorizer` of an HTTP API or a Function URL. */
export function v2Authorizer(
  authorizer: AuthorizerStatement | undefined,
): HttpApiEvent['requestContext']['authorizer'] {
  if (authorizer === undefined || 'cognito' in authorizer) return undefined;
  if ('lambda' in authorizer) return { lambda: { ...authorizer.lambda } };
  if ('iam' in authorizer) return { iam: iam(authorizer.iam) };
  const { claims, scopes } = authorizer.jwt;
  // HTTP APIs write a list as `[a b]`.
  const texts = claimTexts(claims, (list) => `[${list.join(' ')}]`);
  return { jwt: { claims: texts, scopes: scopes === undefined ? null : [...scopes] } };
}

/** `requestContext.authorizer` of a Function URL. */
export function iamAuthorizer(
  authorizer: AuthorizerStatement | undefined,
): APIGatewayEventRequestContextIAMAuthorizer | undefined {
  return authorizer !== undefined && 'iam' in authorizer ? { iam: iam(authorizer.iam) } : undefined;
}

function iam(identity: IamIdentity): APIGatewayEventRequestContextIAMAuthorizer['iam'] {
  const { accountId = '123456789012' } = identity;
  return {
    accessKey: identity.accessKey ?? 'AKIAIOSFODNN7EXAMPLE',
    accountId,
    callerId: identity.callerId ?? 'AIDACKCEVSQ6C2EXAMPLE',
    cognitoIdentity: null,
    principalOrgId: identity.principalOrgId ?? 'o-exampleorgid',
    userArn: identity.userArn ?? `arn:aws:iam::${accountId}:user/tester`,
    userId: identity.userId ?? 'AIDACKCEVSQ6C2EXAMPLE',
  };
}

function claimTexts(claims: Claims, ofList: (list: readonly string[]) => string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(claims).map(([name, value]) => [
      name,
      typeof value === 'object' ? ofList(value) : String(value),
    ]),
  );
}

/** API Gateway makes strings of what a Lambda authorizer of a REST API returns, and fails for what is no scalar. */
function contextText(name: string, value: unknown): string | null {
  if (value === null) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return String(value);
  throw new TypeError(
    `A Lambda authorizer of a REST API cannot return "${name}": only strings, numbers, booleans.`,
  );
}
