/**
 * Where an event says who called, which differs by payload format for the same caller.
 *
 * @module
 */
import { createHash } from 'node:crypto';

import type { Claims, Identity } from './authorizer.ts';
import type { GatewayRequest } from './request.ts';
import { header } from './request.ts';

/** What a signed request is taken to be signed by. */
const ACCOUNT = '000000000000';

/** `requestContext.authorizer` of payload format 2.0; `undefined` for nobody. */
export function authorizerV2(identity: Identity | undefined): object | undefined {
  if (identity === undefined) return undefined;
  if (identity.kind === 'lambda') return { lambda: identity.context };
  if (identity.kind === 'iam') {
    return {
      iam: {
        accessKey: identity.accessKey,
        accountId: ACCOUNT,
        callerId: identity.accessKey,
        cognitoIdentity: null,
        principalOrgId: null,
        userArn: `arn:aws:iam::${ACCOUNT}:user/local`,
        userId: identity.accessKey,
      },
    };
  }
  return { jwt: { claims: claimTexts(identity.claims, listV2), scopes: identity.scopes } };
}

/** `requestContext.authorizer` of payload format 1.0, which a signed request does not show up in. */
export function authorizerV1(identity: Identity | undefined): object | undefined {
  if (identity === undefined || identity.kind === 'iam') return undefined;
  if (identity.kind === 'lambda') {
    const context = Object.entries(identity.context).map(([name, value]) => [name, textOf(value)]);
    return {
      principalId: identity.principalId ?? 'user',
      integrationLatency: 0,
      ...Object.fromEntries(context),
    };
  }
  return {
    claims: claimTexts(identity.claims, (list) => list.join(',')),
    ...(identity.scopes !== null && { scopes: identity.scopes.join(' ') }),
  };
}

/**
 * `requestContext.identity` of payload format 1.0.
 *
 * @param apiKey - the key, where the route asked for one
 */
export function identityV1(
  request: GatewayRequest,
  identity: Identity | undefined,
  apiKey: string | undefined,
): object {
  const signer = identity?.kind === 'iam' ? identity.accessKey : null;
  return {
    accessKey: signer,
    accountId: signer && ACCOUNT,
    apiKey: apiKey ?? null,
    apiKeyId: apiKey === undefined ? null : keyId(apiKey),
    caller: signer,
    clientCert: null,
    cognitoAuthenticationProvider: null,
    cognitoAuthenticationType: null,
    cognitoIdentityId: null,
    cognitoIdentityPoolId: null,
    principalOrgId: null,
    sourceIp: request.sourceIp,
    user: signer,
    userAgent: header(request.headers, 'user-agent') ?? null,
    userArn: signer && `arn:aws:iam::${ACCOUNT}:user/local`,
  };
}

/** Keys have ids of ten letters and digits, another one each. */
function keyId(apiKey: string): string {
  return createHash('sha256').update(apiKey).digest('hex').slice(0, 10);
}

/** An HTTP API writes a list of a claim as `[a b]`. */
function listV2(list: readonly unknown[]): string {
  return `[${list.join(' ')}]`;
}

function claimTexts(claims: Claims, ofList: (list: readonly unknown[]) => string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(claims).map(([name, value]) => [
      name,
      Array.isArray(value) ? ofList(value) : textOf(value),
    ]),
  );
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
