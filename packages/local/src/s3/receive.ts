/**
 * The body of a request on its way into a blob: counted, digested, and refused where it is not what was announced.
 *
 * @module
 */
import type { Blobs, Segment } from './blobs.ts';
import { digest, headerOf, isChecksum } from './checksum.ts';
import type { Algorithm } from './checksum.ts';
import { unchunked } from './chunked.ts';
import { badDigest, incompleteBody, invalidRequest, malformedXml, S3Error } from './errors.ts';
import type { Expected } from './expected.ts';
import { expectedOf } from './expected.ts';
import type { S3Request } from './request.ts';
import { readXml } from './xml-read.ts';
import type { Element } from './xml-read.ts';

/** Bytes a document in a request may have. */
const DOCUMENT_LIMIT = 2 * 1024 * 1024;

/** Accounts of what AWS does with such a URL differ: one that is refused here is safe nowhere. */
const PRESIGNED_HINT =
  "The presigned URL holds a checksum of no body: sign it with a client whose requestChecksumCalculation is 'WHEN_REQUIRED'.";

/** A body that is safe and as announced. */
export interface Received {
  /** Held for the caller. */
  readonly segments: readonly Segment[];
  readonly size: number;
  /** MD5, hexadecimal. */
  readonly etag: string;
  /** Base64, by algorithm: each one that was asked for. */
  readonly checksums: ReadonlyMap<Algorithm, string>;
  /** The algorithm the client sent a checksum in. */
  readonly sent: Algorithm | undefined;
}

/**
 * Takes the body in.
 *
 * @param fallback - the algorithm wanted where the client sent no checksum
 * @param wanted - one that is wanted in any case
 * @throws S3Error where length or digest are not as announced; then nothing is kept
 */
export async function receive(
  request: S3Request,
  blobs: Blobs,
  fallback: Algorithm,
  wanted?: Algorithm,
): Promise<Received> {
  const expected = expectedOf(request.headers);
  const sent = expected.checksum?.algorithm;
  const checks = checksOf(expected, new Set([sent ?? fallback, ...(wanted === undefined ? [] : [wanted])]));
  const writer = blobs.writer();
  try {
    for await (const bytes of checks.pass(request.body)) await writer.write(bytes);
    return { ...checks.finish(), sent, segments: await writer.finish() };
  } catch (error) {
    await writer.discard();
    throw hasPresignedChecksum(request, error) ? badDigest(`${error.message} ${PRESIGNED_HINT}`) : error;
  }
}

/** Takes in a body that is a document. @throws S3Error `MalformedXML` where it is none */
export async function receiveDocument(request: S3Request): Promise<Element> {
  return readXml(await receiveText(request));
}

/** Takes in a small body as text. */
export async function receiveText(request: S3Request): Promise<string> {
  const expected = expectedOf(request.headers);
  if (expected.length > DOCUMENT_LIMIT)
    throw new S3Error(400, 'MaxMessageLengthExceeded', 'Your request was too large.');
  const checks = checksOf(
    expected,
    new Set(expected.checksum === undefined ? [] : [expected.checksum.algorithm]),
  );
  const pieces: Uint8Array[] = [];
  for await (const bytes of checks.pass(request.body)) pieces.push(bytes);
  checks.finish();
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(pieces));
  } catch {
    throw malformedXml();
  }
}

/** Whether the checksum that did not match stands in a presigned URL, where the SDK puts it by itself. */
function hasPresignedChecksum({ query }: S3Request, error: unknown): error is S3Error {
  return error instanceof S3Error && error.code === 'BadDigest' && query.has('x-amz-sdk-checksum-algorithm');
}

interface Checks {
  /** The bytes themselves, digested as they pass. */
  pass(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array>;
  finish(): Pick<Received, 'size' | 'etag' | 'checksums'>;
}

function checksOf(expected: Expected, algorithms: ReadonlySet<Algorithm>): Checks {
  const md5 = digest('MD5');
  const digests = [...algorithms].map((algorithm) => ({ algorithm, digest: digest(algorithm) }));
  const signed = expected.signedHash === undefined ? undefined : digest('SHA256');
  let size = 0;
  let trailers: ReadonlyMap<string, string> = new Map();
  return {
    async *pass(body) {
      const bytesOf = expected.chunked ? unchunked(body, (found) => void (trailers = found)) : body;
      for await (const bytes of bytesOf) {
        size += bytes.length;
        if (size > expected.length) throw incompleteBody();
        md5.update(bytes);
        signed?.update(bytes);
        for (const one of digests) one.digest.update(bytes);
        yield bytes;
      }
    },
    finish() {
      if (size !== expected.length) throw incompleteBody();
      const hash = signed?.finish().toString('hex');
      if (hash !== expected.signedHash)
        throw new S3Error(
          400,
          'XAmzContentSHA256Mismatch',
          "The provided 'x-amz-content-sha256' header does not match what was computed.",
          { ClientComputedContentSHA256: expected.signedHash ?? '', S3ComputedContentSHA256: hash ?? '' },
        );
      const sum = md5.finish();
      if (expected.md5 !== undefined && sum.toString('base64') !== expected.md5)
        throw badDigest('The Content-MD5 you specified did not match what we received.');
      const checksums = new Map(
        digests.map((one) => [one.algorithm, one.digest.finish().toString('base64')]),
      );
      verify(expected, checksums, trailers);
      return { size, etag: sum.toString('hex'), checksums };
    },
  };
}

function verify(
  { checksum }: Expected,
  computed: ReadonlyMap<Algorithm, string>,
  trailers: ReadonlyMap<string, string>,
): void {
  if (checksum === undefined) return;
  const { algorithm } = checksum;
  const value = checksum.value ?? trailers.get(headerOf(algorithm));
  if (value === undefined || !isChecksum(algorithm, value))
    throw invalidRequest(`Value for ${headerOf(algorithm)} trailing header is invalid.`);
  if (computed.get(algorithm) !== value)
    throw badDigest(`The ${algorithm} you specified did not match the calculated checksum.`);
}
