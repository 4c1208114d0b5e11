/**
 * Making one object of the parts of an upload.
 *
 * @module
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
 */
import { createHash } from 'node:crypto';

import { document } from '../answer.ts';
import type { Answer } from '../answer.ts';
import { combined, composite, elementOf, headerOf } from '../checksum.ts';
import type { Checksum } from '../checksum.ts';
import { checkWrite, writeConditions } from '../conditions.ts';
import { badDigest, invalidRequest, malformedXml, S3Error } from '../errors.ts';
import { isAlgorithm } from '../expected.ts';
import type { Part, StoredObject } from '../object.ts';
import { receiveDocument } from '../receive.ts';
import type { S3Request } from '../request.ts';
import type { Operation, Service } from '../service.ts';
import type { OpenUpload } from '../state.ts';
import { nextVersion, versionHeaders } from '../versioning.ts';
import { childrenOf, onlyChildren, textOf } from '../xml-read.ts';
import type { Element } from '../xml-read.ts';
import { partNumberOf, uploadOf } from './upload.ts';

/** Bytes that every part but the last has at least: 5 MB. */
const LEAST_PART = 5 * 1024 ** 2;

export const completeMultipartUpload: Operation = {
  name: 'CompleteMultipartUpload',
  action: 's3:PutObject',
  method: 'POST',
  on: 'object',
  needs: ['uploadId'],
  headers: ['x-amz-checksum-*', 'x-amz-mp-object-size'],
  run: complete,
};

interface Named {
  readonly number: number;
  readonly etag: string;
  /** Base64 by algorithm, as far as the request gives them. */
  readonly checksums: ReadonlyMap<string, string>;
}

async function complete(request: S3Request, service: Service): Promise<Answer> {
  const { store } = service;
  const { bucket: name, key, headers, query } = request;
  const id = query.get('uploadId') ?? '';
  uploadOf(store.bucket(name), key, id);
  writeConditions(headers);
  const attempt = store.attempt(name, key);
  try {
    const named = namedParts(await receiveDocument(withoutChecksums(request)));
    const object = store.changeKey(name, key, (bucket, [current]) => {
      const upload = uploadOf(bucket, key, id);
      const parts = named.map((part) => partOf(upload, part));
      checkSizes(parts, named, headers);
      checkWrite(headers, key, current, attempt);
      const version: StoredObject = {
        kind: 'object',
        ...nextVersion(store, bucket, key),
        headers: upload.headers,
        metadata: upload.metadata,
        tags: upload.tags,
        etag: etagOf(parts),
        size: sizeOf(parts),
        segments: parts.flatMap(({ segments }) => segments),
        checksum: checkedChecksum(upload, parts, headers),
        parts: parts.map(({ number, size, checksum }) => ({ number, size, checksum })),
      };
      return {
        changes: [
          { type: 'version', bucket: name, version },
          { type: 'upload-gone', bucket: name, upload: id },
        ],
        result: version,
      };
    });
    service.notify({ name: 'ObjectCreated:CompleteMultipartUpload', bucket: name, ...object }, request);
    return document(
      'CompleteMultipartUploadResult',
      {
        Location: `http://${headers.get('host') ?? ''}/${name}/${encodeURIComponent(key)}`,
        Bucket: name,
        Key: key,
        ETag: `"${object.etag}"`,
        [elementOf(object.checksum.algorithm)]: object.checksum.value,
        ChecksumType: object.checksum.type,
      },
      { 'x-amz-server-side-encryption': 'AES256', ...versionHeaders(store.bucket(name), object) },
    );
  } finally {
    attempt.end();
  }
}

/** The checksums in the headers are of the object, not of the document. */
function withoutChecksums(request: S3Request): S3Request {
  const headers = [...request.headers].filter(([name]) => !name.startsWith('x-amz-checksum-'));
  return { ...request, headers: new Map(headers) };
}

function namedParts(root: Element): readonly Named[] {
  onlyChildren(root, ['Part']);
  const parts = childrenOf(root, 'Part').map((element): Named => {
    const number = textOf(element, 'PartNumber');
    const etag = textOf(element, 'ETag');
    if (number === undefined || etag === undefined) throw malformedXml();
    const checksums = element.children
      .filter((child) => child.name.startsWith('Checksum') && isAlgorithm(child.name.slice(8)))
      .map((child): [string, string] => [child.name.slice(8), child.text]);
    if (element.children.length !== 2 + checksums.length) throw malformedXml();
    return {
      number: partNumberOf(number),
      etag: etag.replace(/^"(.*)"$/u, '$1'),
      checksums: new Map(checksums),
    };
  });
  if (root.name !== 'CompleteMultipartUpload' || parts.length === 0) throw malformedXml();
  if (parts.some(({ number }, index) => number <= (parts[index - 1]?.number ?? 0)))
    throw new S3Error(
      400,
      'InvalidPartOrder',
      'The list of parts was not in ascending order. Parts must be ordered by part number.',
    );
  return parts;
}

function partOf({ id, algorithm, type, declared, parts }: OpenUpload, named: Named): Part {
  const part = parts.get(named.number);
  const checksum = named.checksums.get(algorithm);
  if (declared && type === 'COMPOSITE' && checksum === undefined)
    throw invalidRequest(
      `The upload was created using a ${algorithm.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${named.number} in the request.`,
    );
  if (part !== undefined && part.etag === named.etag && (checksum ?? part.checksum) === part.checksum)
    return part;
  throw new S3Error(
    400,
    'InvalidPart',
    "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
    { UploadId: id, PartNumber: String(named.number), ETag: named.etag },
  );
}

function checkSizes(
  parts: readonly Part[],
  named: readonly Named[],
  headers: ReadonlyMap<string, string>,
): void {
  const small = parts.slice(0, -1).find(({ size }) => size < LEAST_PART);
  if (small !== undefined)
    throw new S3Error(
      400,
      'EntityTooSmall',
      'Your proposed upload is smaller than the minimum allowed size',
      {
        ETag: named.find(({ number }) => number === small.number)?.etag ?? '',
        MinSizeAllowed: String(LEAST_PART),
        PartNumber: String(small.number),
        ProposedSize: String(small.size),
      },
    );
  const announced = headers.get('x-amz-mp-object-size');
  if (announced !== undefined && announced !== String(sizeOf(parts)))
    throw invalidRequest(
      `The provided 'x-amz-mp-object-size' header value ${announced} does not match what was computed: ${sizeOf(parts)}`,
    );
}

function checkedChecksum(
  { algorithm, type }: OpenUpload,
  parts: readonly Part[],
  headers: ReadonlyMap<string, string>,
): Checksum {
  const asked = headers.get('x-amz-checksum-type')?.toUpperCase() ?? type;
  if (asked !== type)
    throw invalidRequest(
      `The upload was created using the ${type} checksum mode. The complete request must use the same checksum mode.`,
    );
  for (const name of headers.keys())
    if (/^x-amz-checksum-(?!type$)/u.test(name) && name !== headerOf(algorithm))
      throw invalidRequest(
        `The upload was created using a ${algorithm.toLowerCase()} checksum; ${name} is of another.`,
      );
  const computed = {
    COMPOSITE: () =>
      composite(
        algorithm,
        parts.map(({ checksum }) => checksum),
      ),
    FULL_OBJECT: () => combined(algorithm, parts) ?? '',
  };
  const value = computed[type]();
  const given = headers.get(headerOf(algorithm));
  if (given !== undefined && given !== value && `${given}-${parts.length}` !== value)
    throw badDigest(`The ${algorithm} you specified did not match the calculated checksum.`);
  return { algorithm, value, type };
}

/** The MD5 of the parts' MD5s, with their number. */
function etagOf(parts: readonly Part[]): string {
  const hash = createHash('md5');
  for (const { etag } of parts) hash.update(Buffer.from(etag, 'hex'));
  return `${hash.digest('hex')}-${parts.length}`;
}

function sizeOf(parts: readonly Part[]): number {
  return parts.reduce((sum, { size }) => sum + size, 0);
}
