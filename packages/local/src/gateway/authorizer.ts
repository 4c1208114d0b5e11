/**
 * Who calls, as far as that can be told without AWS: tokens are read and their dates and scopes checked, but nobody
 * here can check a signature, and a signed request is taken for what it says. Lambda authorizers run for real.
 *
 * @module
 */
import type { AppFunction, RouteAuthorizer } from '../template/app.ts';
import { isRecord } from './answer.ts';
import { decision } from './policy.ts';
import { header } from './request.ts';
import type { GatewayRequest } from './request.ts';

/** Who the authorizer in front of a route found. */
export type Identity =
  | { readonly kind: 'jwt' | 'cognito'; readonly claims: Claims; readonly scopes: readonly string[] | null }
  | { readonly kind: 'iam'; readonly accessKey: string }
  | {
      readonly kind: 'lambda';
      readonly principalId?: string;
      readonly context: Readonly<Record<string, unknown>>;
    };

export type Claims = Readonly<Record<string, unknown>>;

/** `unauthorized` and `forbidden` are for the client; `authorizer-failed` is the authorizer's fault. */
export type Verdict = Identity | 'unauthorized' | 'forbidden' | 'authorizer-failed';

/** Runs a Lambda authorizer: its event in, its answer out. Rejects where the function failed. */
export type RunAuthorizer = (
  authorizer: RouteAuthorizer & { function: AppFunction['id'] },
) => Promise<unknown>;

/**
 * Asks the authorizer of a route.
 *
 * @param arn - of what is asked for, as policies name it
 */
export function authorize(
  authorizer: RouteAuthorizer,
  request: GatewayRequest,
  arn: string,
  run: RunAuthorizer,
): Verdict | Promise<Verdict> {
  if (authorizer.kind === 'lambda') return byFunction(authorizer, request, arn, run);
  return authorizer.kind === 'iam' ? bySignature(request) : byToken(authorizer, authorizer.kind, request);
}

function byToken(authorizer: RouteAuthorizer, kind: 'jwt' | 'cognito', request: GatewayRequest): Verdict {
  const token = tokenOf(request, authorizer)?.replace(/^bearer\s+/iu, '');
  const claims = token === undefined ? undefined : claimsOf(token);
  if (claims === undefined || isOver(claims, request.time)) return 'unauthorized';
  const granted = scopesOf(claims);
  const wanted = authorizer.scopes ?? [];
  if (wanted.length > 0 && !wanted.some((scope) => granted.includes(scope)))
    return kind === 'jwt' ? 'forbidden' : 'unauthorized';
  return { kind, claims, scopes: wanted.length === 0 ? null : wanted };
}

function bySignature(request: GatewayRequest): Verdict {
  const signature = header(request.headers, 'authorization') ?? '';
  const [, accessKey] = /^AWS4-HMAC-SHA256\s+Credential=([^/,\s]+)\//u.exec(signature) ?? [];
  return accessKey === undefined ? 'forbidden' : { kind: 'iam', accessKey };
}

async function byFunction(
  authorizer: RouteAuthorizer,
  request: GatewayRequest,
  arn: string,
  run: RunAuthorizer,
): Promise<Verdict> {
  const { function: id } = authorizer;
  if (id === undefined) return 'authorizer-failed';
  const needed = authorizer.identityHeaders ?? ['authorization'];
  if (needed.some((name) => (header(request.headers, name) ?? '') === '')) return 'unauthorized';
  let answer: unknown;
  try {
    answer = await run({ ...authorizer, function: id });
  } catch (error) {
    // What an authorizer throws is its way to say 401; every other fault is its own.
    return error instanceof Error && error.message === 'Unauthorized' ? 'unauthorized' : 'authorizer-failed';
  }
  return readVerdict(answer, arn);
}

/** A simple answer, `{ isAuthorized, context }`, or a policy. */
function readVerdict(answer: unknown, arn: string): Verdict {
  if (!isRecord(answer)) return 'authorizer-failed';
  const context = isRecord(answer['context']) ? answer['context'] : {};
  if (typeof answer['isAuthorized'] === 'boolean')
    return answer['isAuthorized'] ? { kind: 'lambda', context } : 'forbidden';

  const { principalId, policyDocument } = answer;
  const isAllowed = decision(policyDocument, arn);
  if (typeof principalId !== 'string' || isAllowed === undefined) return 'authorizer-failed';
  return isAllowed ? { kind: 'lambda', principalId, context } : 'forbidden';
}

function tokenOf(request: GatewayRequest, authorizer: RouteAuthorizer): string | undefined {
  const [name = 'authorization'] = authorizer.identityHeaders ?? [];
  return header(request.headers, name);
}

/** The claims of a JSON Web Token, unverified. */
function claimsOf(token: string): Claims | undefined {
  const [, payload, signature] = token.split('.');
  if (payload === undefined || signature === undefined) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    return isRecord(claims) ? claims : undefined;
  } catch {
    return undefined;
  }
}

function isOver(claims: Claims, time: number): boolean {
  const seconds = time / 1000;
  const { exp, nbf } = claims;
  return (typeof exp === 'number' && exp <= seconds) || (typeof nbf === 'number' && nbf > seconds);
}

function scopesOf(claims: Claims): string[] {
  const granted = claims['scope'] ?? claims['scp'];
  if (Array.isArray(granted)) return granted.map(String);
  return typeof granted === 'string' ? granted.split(' ') : [];
}
