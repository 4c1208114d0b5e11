/**
 * Bucket policies: what they allow to everybody, and what they deny even to the owner.
 *
 * @module
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
 */
import { wildcard } from '../service/wildcard.ts';
import { configured } from './configuration.ts';
import { accessDenied } from './errors.ts';
import { readPolicy } from './policy-document.ts';
import type { Condition } from './policy-document.ts';
import type { S3Request } from './request.ts';
import type { Bucket } from './state.ts';

const policyOf = configured('policy', readPolicy);

/** Operations that make an object, for the condition of that name. */
const CREATIONS = new Set(['PutObject', 'CopyObject', 'CompleteMultipartUpload']);

/**
 * Holds a request against the bucket's policy. The owner may do all that is not denied.
 *
 * @param action - such as `s3:PutObject`
 * @param operation - as AWS names it, where the policy can tell two of one action apart
 * @throws S3Error `AccessDenied`
 */
export function checkPolicy(bucket: Bucket, request: S3Request, action: string, operation = ''): void {
  const resource = `arn:aws:s3:::${request.bucket}${request.key === '' ? '' : `/${request.key}`}`;
  const values = valuesOf(request, operation);
  const meant = (policyOf(bucket) ?? []).filter(
    (statement) =>
      statement.everybody &&
      statement.actions.some((pattern) => wildcard(pattern.toLowerCase()).test(action.toLowerCase())) ===
        statement.listed.actions &&
      statement.resources.some((pattern) => wildcard(pattern).test(resource)) ===
        statement.listed.resources &&
      statement.conditions.every((condition) => holds(condition, values)),
  );
  if (meant.some(({ effect }) => effect === 'Deny'))
    throw accessDenied(
      `User is not authorized to perform: ${action} on resource: "${resource}" with an explicit deny in a resource-based policy`,
    );
  if (request.anonymous && !meant.some(({ effect }) => effect === 'Allow')) throw accessDenied();
}

/** What conditions may ask for. */
function valuesOf({ headers }: S3Request, operation: string): ReadonlyMap<string, string> {
  const values = new Map([
    ['s3:objectcreationoperation', String(CREATIONS.has(operation))],
    // There is no other way to this server; policies ask it of the way to AWS.
    ['aws:securetransport', 'true'],
  ]);
  for (const name of ['if-match', 'if-none-match']) {
    const value = headers.get(name);
    if (value !== undefined) values.set(`s3:${name}`, value);
  }
  return values;
}

function holds({ operator, key, values: wanted }: Condition, values: ReadonlyMap<string, string>): boolean {
  const value = values.get(key);
  switch (operator) {
    case 'Null':
      return wanted.includes(String(value === undefined));
    case 'Bool':
    case 'StringEquals':
      return value !== undefined && wanted.includes(value);
    case 'StringNotEquals':
      return value === undefined || !wanted.includes(value);
    default:
      throw new Error(`an operator that was never let in: ${String(operator satisfies never)}`);
  }
}
