/**
 * What a request says its body will be: length, digests, encoding.
 *
 * @module
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
 */
import { ALGORITHMS, headerOf, isChecksum } from './checksum.ts';
import type { Algorithm } from './checksum.ts';
import { entityTooLarge, invalidArgument, invalidRequest, notImplemented, S3Error } from './errors.ts';

/** Bytes one request may bring: 5 GB. */
const BODY_LIMIT = 5 * 1024 ** 3;

export interface Expected {
  /** Bytes of the body itself, without the frames of chunks. */
  readonly length: number;
  readonly chunked: boolean;
  /** Hexadecimal SHA-256 that the signature speaks of. */
  readonly signedHash: string | undefined;
  /** Base64. */
  readonly md5: string | undefined;
  /** Base64 in a header, or to come in a trailer. */
  readonly checksum: { readonly algorithm: Algorithm; readonly value: string | undefined } | undefined;
}

/** @throws S3Error where it says nothing sensible */
export function expectedOf(headers: ReadonlyMap<string, string>): Expected {
  const hash = headers.get('x-amz-content-sha256') ?? 'UNSIGNED-PAYLOAD';
  const chunked = hash.startsWith('STREAMING-');
  if (chunked && hash !== 'STREAMING-UNSIGNED-PAYLOAD-TRAILER')
    throw notImplemented(`header x-amz-content-sha256: ${hash}`);
  if (!chunked && codings(headers).includes('aws-chunked'))
    throw invalidRequest('The Content-Encoding aws-chunked needs a streaming x-amz-content-sha256.');
  return {
    length: lengthOf(headers, chunked),
    chunked,
    signedHash: signedHashOf(hash),
    md5: md5Of(headers),
    checksum: checksumOf(headers, chunked),
  };
}

/** The content codings of an object itself: `aws-chunked` belongs to the transfer alone. */
export function contentEncoding(headers: ReadonlyMap<string, string>): string | undefined {
  const kept = codings(headers).filter((coding) => coding !== 'aws-chunked');
  return kept.length === 0 ? undefined : kept.join(',');
}

function codings(headers: ReadonlyMap<string, string>): readonly string[] {
  const text = headers.get('content-encoding') ?? '';
  return text
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '');
}

function lengthOf(headers: ReadonlyMap<string, string>, chunked: boolean): number {
  const name = chunked ? 'x-amz-decoded-content-length' : 'content-length';
  const text = headers.get(name);
  if (text === undefined)
    throw new S3Error(411, 'MissingContentLength', 'You must provide the Content-Length HTTP header.');
  if (!/^\d{1,15}$/u.test(text)) throw invalidArgument(name, text, 'The length is not a number.');
  const length = Number(text);
  if (length > BODY_LIMIT) throw entityTooLarge(length, BODY_LIMIT);
  return length;
}

function signedHashOf(hash: string): string | undefined {
  if (hash === 'UNSIGNED-PAYLOAD' || hash.startsWith('STREAMING-')) return undefined;
  if (/^[\da-f]{64}$/u.test(hash)) return hash;
  throw invalidArgument(
    'x-amz-content-sha256',
    hash,
    'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER or a valid sha256 value.',
  );
}

function md5Of(headers: ReadonlyMap<string, string>): string | undefined {
  const md5 = headers.get('content-md5');
  if (md5 === undefined) return undefined;
  const bytes = Buffer.from(md5, 'base64');
  if (bytes.length !== 16 || bytes.toString('base64') !== md5)
    throw new S3Error(400, 'InvalidDigest', 'The Content-MD5 you specified was invalid.', {
      'Content-MD5': md5,
    });
  return md5;
}

function checksumOf(headers: ReadonlyMap<string, string>, chunked: boolean): Expected['checksum'] {
  const given = ALGORITHMS.filter((algorithm) => headers.has(headerOf(algorithm)));
  const trailer = headers.get('x-amz-trailer');
  const trailing = trailer === undefined ? undefined : trailingAlgorithm(trailer, chunked);
  const [algorithm = trailing] = given;
  if (given.length + (trailing === undefined ? 0 : 1) > 1)
    throw invalidRequest(
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    );

  const announced = headers.get('x-amz-sdk-checksum-algorithm');
  if (announced !== undefined && !isAlgorithm(announced.toUpperCase()))
    throw invalidRequest('Value for x-amz-sdk-checksum-algorithm header is invalid.');
  if (announced !== undefined && algorithm !== announced.toUpperCase())
    throw invalidRequest(
      'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
    );
  if (algorithm === undefined) return undefined;
  const value = headers.get(headerOf(algorithm));
  if (value !== undefined && !isChecksum(algorithm, value))
    throw invalidRequest(`Value for ${headerOf(algorithm)} header is invalid.`);
  return { algorithm, value };
}

function trailingAlgorithm(trailer: string, chunked: boolean): Algorithm {
  const algorithm = ALGORITHMS.find((one) => headerOf(one) === trailer.trim().toLowerCase());
  if (algorithm === undefined || !chunked)
    throw invalidRequest('The value specified in the x-amz-trailer header is not supported');
  return algorithm;
}

/** Whether a text names a checksum algorithm, in capitals. */
export function isAlgorithm(text: string): text is Algorithm {
  return (ALGORITHMS as readonly string[]).includes(text);
}
