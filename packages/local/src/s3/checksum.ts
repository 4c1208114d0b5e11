/**
 * The checksums S3 verifies and keeps.
 *
 * @module
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
 */
import { createHash } from 'node:crypto';

import type { Crc } from './crc.ts';
import { combine, CRC32, CRC32C, CRC64NVME } from './crc.ts';

export const ALGORITHMS = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

/** Whether a checksum covers the bytes, or the checksums of the parts. */
export type ChecksumType = 'FULL_OBJECT' | 'COMPOSITE';

export interface Checksum {
  readonly algorithm: Algorithm;
  /** Base64; of several parts `<base64>-<number of parts>` where the type is composite. */
  readonly value: string;
  readonly type: ChecksumType;
}

/** Takes bytes and gives their digest once. */
export interface Digest {
  update(bytes: Uint8Array): void;
  finish(): Buffer;
}

/** The CRC behind an algorithm; undefined for a cryptographic hash. */
const CRCS: Readonly<Partial<Record<Algorithm, Crc>>> = { CRC32, CRC32C, CRC64NVME };

const LENGTHS: Readonly<Record<Algorithm, number>> = {
  CRC32: 4,
  CRC32C: 4,
  CRC64NVME: 8,
  SHA1: 20,
  SHA256: 32,
};

/** Starts a digest of one of S3's algorithms, or MD5. */
export function digest(algorithm: Algorithm | 'MD5'): Digest {
  const crc = algorithm === 'MD5' ? undefined : CRCS[algorithm];
  if (crc !== undefined) return crcDigest(crc);
  const hash = createHash(algorithm);
  return {
    update: (bytes) => void hash.update(bytes),
    finish: () => hash.digest(),
  };
}

/** `x-amz-checksum-crc32` and so on. */
export function headerOf(algorithm: Algorithm): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`;
}

/** `ChecksumCRC32` and so on: the name of the element. */
export function elementOf(algorithm: Algorithm): `Checksum${Algorithm}` {
  return `Checksum${algorithm}`;
}

/** Whether a text is base64 of as many bytes as the algorithm gives. */
export function isChecksum(algorithm: Algorithm, value: string): boolean {
  const bytes = Buffer.from(value, 'base64');
  return bytes.length === LENGTHS[algorithm] && bytes.toString('base64') === value;
}

/** The checksum of a whole object out of those of its parts. Only a CRC has one. */
export function combined(
  algorithm: Algorithm,
  parts: readonly { readonly checksum: string; readonly size: number }[],
): string | undefined {
  const crc = CRCS[algorithm];
  if (crc === undefined) return undefined;
  const whole = parts.reduce(
    (before, { checksum, size }) => combine(crc, before, toNumber(checksum), size),
    0n,
  );
  return toBytes(crc, whole).toString('base64');
}

/** The checksum of the parts' checksums, with their number. */
export function composite(algorithm: Algorithm, checksums: readonly string[]): string {
  const all = digest(algorithm);
  for (const checksum of checksums) all.update(Buffer.from(checksum, 'base64'));
  return `${all.finish().toString('base64')}-${checksums.length}`;
}

function crcDigest(crc: Crc): Digest {
  let checksum = 0n;
  return {
    update(bytes) {
      checksum = crc.update(checksum, bytes);
    },
    finish: () => toBytes(crc, checksum),
  };
}

function toNumber(base64: string): bigint {
  return BigInt(`0x${Buffer.from(base64, 'base64').toString('hex')}`);
}

function toBytes(crc: Crc, checksum: bigint): Buffer {
  return Buffer.from(checksum.toString(16).padStart(crc.bits / 4, '0'), 'hex');
}
