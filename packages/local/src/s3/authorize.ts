/**
 * Who asks: a request has to be signed with the one key this server knows.
 *
 * @module
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
 */
import { timingSafeEqual } from 'node:crypto';

import { accessDenied, invalidRequest, notImplemented, S3Error } from './errors.ts';
import type { S3Request } from './request.ts';
import { signatureOf } from './signature.ts';
import type { Signed } from './signature.ts';

/** Milliseconds a request's date may be off. */
const SKEW_MS = 15 * 60_000;

/** Seconds a presigned URL may be good for: seven days. */
const LONGEST = 604_800;

export interface Access {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Asked for where it is set. */
  readonly sessionToken?: string;
  readonly region: string;
}

/** @throws S3Error where the request is signed, and not as it should be */
export type Authorize = (request: S3Request) => void;

interface Claim extends Signed {
  readonly accessKeyId: string;
  readonly signature: string;
}

export function authorizer(access: Access): Authorize {
  return (request) => {
    const { headers, query } = request;
    const authorization = headers.get('authorization');
    const presigned = query.has('X-Amz-Algorithm') || query.has('X-Amz-Signature');
    if (authorization !== undefined && presigned)
      throw invalidRequest(
        'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter or the Authorization header should be specified',
      );
    if (authorization !== undefined) verify(request, access, fromHeader(authorization, headers));
    else if (presigned) verify(request, access, fromQuery(query));
    else if (query.has('Signature')) throw unsupported();
  };
}

function fromHeader(authorization: string, headers: ReadonlyMap<string, string>): Claim {
  if (!authorization.startsWith('AWS4-HMAC-SHA256')) {
    if (authorization.startsWith('AWS4-'))
      throw notImplemented(`authorization ${authorization.split(' ', 1)[0]}`);
    throw unsupported();
  }
  const match =
    /^AWS4-HMAC-SHA256\s+Credential=([^/,]+)\/([^,\s]+)\s*,\s*SignedHeaders=([^,\s]+)\s*,\s*Signature=([\da-f]{64})$/u.exec(
      authorization,
    );
  if (match === null) throw malformed('The authorization header is malformed.');
  const [, accessKeyId = '', scope = '', signedHeaders = '', signature = ''] = match;
  const payload = headers.get('x-amz-content-sha256');
  if (payload === undefined)
    throw invalidRequest('Missing required header for this request: x-amz-content-sha256');
  const date = headers.get('x-amz-date') ?? dateOf(headers.get('date'));
  const off = Math.abs(timeOf(date) - Date.now());
  if (!(off <= SKEW_MS))
    throw new S3Error(
      403,
      'RequestTimeTooSkewed',
      'The difference between the request time and the current time is too large.',
      {
        RequestTime: date,
        ServerTime: new Date().toISOString(),
        MaxAllowedSkewMilliseconds: String(SKEW_MS),
      },
    );
  return { accessKeyId, scope, signedHeaders: signedHeaders.split(';'), signature, payload, date };
}

function fromQuery(query: ReadonlyMap<string, string>): Claim {
  const [algorithm = '', credential = '', date = '', expires = '', signedHeaders = '', signature = ''] = [
    'Algorithm',
    'Credential',
    'Date',
    'Expires',
    'SignedHeaders',
    'Signature',
  ].map((name) => query.get(`X-Amz-${name}`));
  const slash = credential.indexOf('/');
  if (algorithm !== 'AWS4-HMAC-SHA256') {
    if (algorithm.startsWith('AWS4-')) throw notImplemented(`query parameter X-Amz-Algorithm: ${algorithm}`);
    throw parametersError('X-Amz-Algorithm only supports "AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256"');
  }
  if (slash < 1 || signature === '' || signedHeaders === '' || date === '' || expires === '')
    throw parametersError(
      'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.',
    );
  if (!/^\d{1,7}$/u.test(expires) || Number(expires) > LONGEST || Number(expires) < 1)
    throw parametersError(
      'X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds',
    );
  const from = timeOf(date);
  if (!(from <= Date.now() + SKEW_MS)) throw accessDenied('Request is not valid yet');
  if (Date.now() > from + Number(expires) * 1000)
    throw new S3Error(403, 'AccessDenied', 'Request has expired', {
      'X-Amz-Expires': expires,
      Expires: new Date(from + Number(expires) * 1000).toISOString(),
      ServerTime: new Date().toISOString(),
    });
  return {
    accessKeyId: credential.slice(0, slash),
    scope: credential.slice(slash + 1),
    signedHeaders: signedHeaders.split(';'),
    signature,
    payload: query.get('X-Amz-Content-Sha256') ?? 'UNSIGNED-PAYLOAD',
    date,
  };
}

function verify(request: S3Request, access: Access, claim: Claim): void {
  const [day, region, service, end, ...more] = claim.scope.split('/');
  if (service !== 's3' || end !== 'aws4_request' || more.length > 0 || day !== claim.date.slice(0, 8))
    throw malformed(
      'The authorization header is malformed; the scope must be <date>/<region>/s3/aws4_request.',
    );
  if (region !== access.region)
    throw malformed(
      `The authorization header is malformed; the region '${region}' is wrong; expecting '${access.region}'`,
      {
        Region: access.region,
      },
    );
  if (claim.accessKeyId !== access.accessKeyId)
    throw new S3Error(
      403,
      'InvalidAccessKeyId',
      'The AWS Access Key Id you provided does not exist in our records.',
      {
        AWSAccessKeyId: claim.accessKeyId,
      },
    );
  checkSigned(request, claim);
  const token = request.headers.get('x-amz-security-token') ?? request.query.get('X-Amz-Security-Token');
  if (token !== access.sessionToken)
    throw new S3Error(400, 'InvalidToken', 'The provided token is malformed or otherwise invalid.');

  const wanted = Buffer.from(signatureOf(request, claim, access.secretAccessKey));
  const given = Buffer.from(claim.signature);
  if (wanted.length !== given.length || !timingSafeEqual(wanted, given))
    throw new S3Error(
      403,
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
      { AWSAccessKeyId: claim.accessKeyId, SignatureProvided: claim.signature },
    );
}

/** The host, and every header that S3 takes a meaning from, must be under the signature. */
function checkSigned({ headers, query }: S3Request, { signedHeaders }: Claim): void {
  const unsigned = ['host', ...headers.keys()].filter(
    (name) =>
      (name === 'host' || name.startsWith('x-amz-')) && !signedHeaders.includes(name) && !query.has(name),
  );
  if (unsigned.length > 0)
    throw new S3Error(
      403,
      'AccessDenied',
      'There were headers present in the request which were not signed',
      {
        HeadersNotSigned: unsigned.join(', '),
      },
    );
}

/** Milliseconds since 1970; NaN where it is no date. */
function timeOf(date: string): number {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/u.exec(date);
  if (match === null) return Number.NaN;
  const [year = 0, month = 0, day, hour, minute, second] = match.slice(1).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

function dateOf(header: string | undefined): string {
  const time = Date.parse(header ?? '');
  if (Number.isNaN(time)) throw accessDenied('AWS authentication requires a valid Date or x-amz-date header');
  return new Date(time).toISOString().replace(/[-:]|\.\d{3}/gu, '');
}

function malformed(message: string, details: Readonly<Record<string, string>> = {}): S3Error {
  return new S3Error(400, 'AuthorizationHeaderMalformed', message, details);
}

function parametersError(message: string): S3Error {
  return new S3Error(400, 'AuthorizationQueryParametersError', message);
}

function unsupported(): S3Error {
  return invalidRequest(
    'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
  );
}
