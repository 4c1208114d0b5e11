/**
 * Cyclic redundancy checks, computed piece by piece and put together from parts.
 *
 * @module
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
 */
import { crc32 } from 'node:zlib';

/** A reflected CRC whose register starts and ends inverted. */
export interface Crc {
  readonly bits: 32 | 64;
  /** The polynomial, lowest power in the highest bit. */
  readonly polynomial: bigint;
  /** Goes on from a checksum of what came before. */
  update(checksum: bigint, bytes: Uint8Array): bigint;
}

export const CRC32: Crc = {
  bits: 32,
  polynomial: 0xed_b8_83_20n,
  update: (checksum, bytes) => BigInt(crc32(bytes, Number(checksum))),
};

const CRC32C_TABLE = table(0x82_f6_3b_78n).low;

export const CRC32C: Crc = {
  bits: 32,
  polynomial: 0x82_f6_3b_78n,
  update(checksum, bytes) {
    let register = ~Number(checksum);
    for (const byte of bytes) register = (CRC32C_TABLE[(register ^ byte) & 0xff] ?? 0) ^ (register >>> 8);
    return BigInt(~register >>> 0);
  },
};

const CRC64_TABLE = table(0x9a_6c_93_29_ac_4b_c9_b5n);

export const CRC64NVME: Crc = {
  bits: 64,
  polynomial: 0x9a_6c_93_29_ac_4b_c9_b5n,
  update(checksum, bytes) {
    // Two halves: numbers hold 32 bits, and big integers are 50 times slower.
    const { low: lowTable, high: highTable } = CRC64_TABLE;
    let low = ~Number(checksum & 0xff_ff_ff_ffn);
    let high = ~Number(checksum >> 32n);
    for (const byte of bytes) {
      const index = (low ^ byte) & 0xff;
      low = ((low >>> 8) | (high << 24)) ^ (lowTable[index] ?? 0);
      high = (high >>> 8) ^ (highTable[index] ?? 0);
    }
    return (BigInt(~high >>> 0) << 32n) | BigInt(~low >>> 0);
  },
};

/**
 * The checksum of two pieces one after the other, from the checksum of each.
 *
 * @param length - bytes of the second piece
 */
export function combine(crc: Crc, first: bigint, second: bigint, length: number): bigint {
  // Appending n bytes multiplies what came before by x^8n; the inversions cancel out.
  let shift = 1n << BigInt(crc.bits - 1); // x^0
  let square = 1n << BigInt(crc.bits - 9); // x^8
  for (let left = length; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) shift = multiply(crc, shift, square);
    square = multiply(crc, square, square);
  }
  return multiply(crc, first, shift) ^ second;
}

/** The product of two polynomials modulo the CRC's own. */
function multiply({ bits, polynomial }: Crc, left: bigint, right: bigint): bigint {
  let product = 0n;
  let factor = right;
  for (let power = BigInt(bits - 1); power >= 0n; power--) {
    if ((left >> power) & 1n) product ^= factor;
    factor = factor & 1n ? (factor >> 1n) ^ polynomial : factor >> 1n;
  }
  return product;
}

function table(polynomial: bigint): { low: Int32Array; high: Int32Array } {
  const low = new Int32Array(256);
  const high = new Int32Array(256);
  for (let byte = 0; byte < 256; byte++) {
    let register = BigInt(byte);
    for (let bit = 0; bit < 8; bit++)
      register = register & 1n ? (register >> 1n) ^ polynomial : register >> 1n;
    low[byte] = Number(BigInt.asIntN(32, register));
    high[byte] = Number(BigInt.asIntN(32, register >> 32n));
  }
  return { low, high };
}
