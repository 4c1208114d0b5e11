/**
 * Who calls, as the gateway's authorizer found out: one shape for every source.
 *
 * @module
 */

/**
 * The caller.
 *
 * - `none`: no authorizer ran
 * - `jwt`: a JWT or Cognito authorizer; `claims` as signed, `scopes` of the access token
 * - `lambda`: your own authorizer function; `context` is what it returned
 * - `iam`: a request signed with AWS credentials
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control.html
 */
export type Identity =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'jwt';
      readonly claims: Readonly<Record<string, unknown>>;
      readonly scopes: readonly string[];
    }
  | {
      readonly kind: 'lambda';
      readonly context: Readonly<Record<string, unknown>>;
      readonly principalId: string | undefined;
    }
  | {
      readonly kind: 'iam';
      readonly userArn: string;
      readonly accountId: string | undefined;
      readonly callerId: string | undefined;
    };

const nobody: Identity = Object.freeze({ kind: 'none' });

type Fields = Readonly<Record<string, unknown>>;

/** The caller of an HTTP API or Function URL event (`requestContext.authorizer`). */
export function identityOfV2(authorizer: unknown): Identity {
  if (!isFields(authorizer)) return nobody;
  const { jwt, lambda, iam } = authorizer;
  if (isFields(jwt)) return { kind: 'jwt', claims: fieldsOf(jwt['claims']), scopes: listOf(jwt['scopes']) };
  if (lambda !== undefined) return { kind: 'lambda', context: fieldsOf(lambda), principalId: undefined };
  if (isFields(iam)) return iamCaller(iam['userArn'], iam['accountId'], iam['callerId']);
  return nobody;
}

/** The caller of a REST API event (`requestContext.authorizer`, else `requestContext.identity`). */
export function identityOfV1(authorizer: unknown, identity: unknown): Identity {
  if (isFields(authorizer)) {
    // The latency is API Gateway's own: a strict schema of claims would refuse it.
    const { claims, scopes, principalId, integrationLatency: _latency, ...context } = authorizer;
    if (isFields(claims)) return { kind: 'jwt', claims, scopes: listOf(scopes ?? claims['scope']) };
    if (principalId !== undefined || Object.keys(context).length > 0) {
      return { kind: 'lambda', context, principalId: textOf(principalId) };
    }
  }
  if (!isFields(identity)) return nobody;
  return iamCaller(identity['userArn'], identity['accountId'], identity['caller']);
}

function iamCaller(userArn: unknown, accountId: unknown, callerId: unknown): Identity {
  if (typeof userArn !== 'string') return nobody;
  return { kind: 'iam', userArn, accountId: textOf(accountId), callerId: textOf(callerId) };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Scopes come as a list, or as one string with blanks between. */
function listOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.filter((item) => typeof item === 'string');
  return typeof value === 'string' && value !== '' ? value.split(' ') : [];
}
