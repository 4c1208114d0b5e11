/**
 * Which operation a request is meant for. What it says beyond that operation's words is refused by name.
 *
 * @module
 */
import { accessDenied, notImplemented, S3Error } from './errors.ts';
import { COMMON_HEADERS, hasName } from './headers.ts';
import { OPERATIONS } from './operations/index.ts';
import type { S3Request } from './request.ts';
import { OWNER } from './service.ts';
import type { Operation } from './service.ts';

/** Parameters that every request may have: those of presigned URLs, and the SDK's note of what it meant. */
const COMMON_QUERY: readonly string[] = ['X-Amz-*', 'x-amz-*', 'x-id'];

/** @throws S3Error `NotImplemented` or `MethodNotAllowed` */
export function routed(request: S3Request): Operation {
  const { method, query, headers } = request;
  const on = request.key !== '' ? 'object' : request.bucket === '' ? 'service' : 'bucket';
  const meant = OPERATIONS.filter(
    (operation) =>
      operation.method === method &&
      operation.on === on &&
      (operation.needs ?? []).every((name) => query.has(name)) &&
      (operation.needsHeader === undefined || headers.has(operation.needsHeader)),
  );
  const [operation] = meant.toSorted((one, other) => specificity(other) - specificity(one));
  if (operation === undefined) throw unknown(request);

  const parameters = [...COMMON_QUERY, ...(operation.needs ?? []), ...(operation.query ?? [])];
  for (const name of query.keys())
    if (!hasName(parameters, name)) throw notImplemented(`query parameter ${name} on ${operation.name}`);
  const known = [...COMMON_HEADERS, ...(operation.headers ?? [])];
  for (const name of headers.keys())
    if (name.startsWith('x-amz-') && !hasName(known, name) && name !== operation.needsHeader)
      throw notImplemented(`header ${name} on ${operation.name}`);
  const owner = headers.get('x-amz-expected-bucket-owner');
  if (owner !== undefined && owner !== OWNER) throw accessDenied();
  return operation;
}

function specificity({ needs = [], needsHeader }: Operation): number {
  return needs.length + (needsHeader === undefined ? 0 : 1);
}

function unknown({ method, query }: S3Request): S3Error {
  const parameter = [...query.keys()].find((name) => !hasName(COMMON_QUERY, name));
  if (parameter !== undefined) return notImplemented(`query parameter ${parameter} with ${method}`);
  return new S3Error(405, 'MethodNotAllowed', 'The specified method is not allowed against this resource.', {
    Method: method,
  });
}
