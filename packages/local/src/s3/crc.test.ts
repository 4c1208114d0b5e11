import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { combined, composite, digest, isChecksum } from './checksum.ts';
import type { Algorithm } from './checksum.ts';
import { combine, CRC32, CRC32C, CRC64NVME } from './crc.ts';

const CHECK = new TextEncoder().encode('123456789');

test.each([
  ['CRC32', CRC32, 0xcb_f4_39_26n],
  ['CRC32C', CRC32C, 0xe3_06_92_83n],
  ['CRC64NVME', CRC64NVME, 0xae_8b_14_86_0a_79_98_88n],
] as const)('%s gives the check value of its catalogue entry', (_name, crc, expected) => {
  expect(crc.update(0n, CHECK)).toBe(expected);
  expect(crc.update(crc.update(0n, CHECK.subarray(0, 4)), CHECK.subarray(4))).toBe(expected);
});

test.each([
  ['CRC32', CRC32],
  ['CRC32C', CRC32C],
  ['CRC64NVME', CRC64NVME],
] as const)('%s of two pieces follows from the checksum of each', (_name, crc) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 300 }), (first, second) => {
      const whole = crc.update(crc.update(0n, first), second);
      expect(combine(crc, crc.update(0n, first), crc.update(0n, second), second.length)).toBe(whole);
    }),
  );
});

function of(algorithm: Algorithm, bytes: Uint8Array): string {
  const one = digest(algorithm);
  one.update(bytes);
  return one.finish().toString('base64');
}

test('a full-object checksum is put together from any parts; a hash has none', () => {
  const parts = (algorithm: Algorithm): { checksum: string; size: number }[] =>
    [CHECK.subarray(0, 2), CHECK.subarray(2, 3), CHECK.subarray(3)].map((bytes) => ({
      checksum: of(algorithm, bytes),
      size: bytes.length,
    }));
  for (const algorithm of ['CRC32', 'CRC32C', 'CRC64NVME'] as const) {
    expect(combined(algorithm, parts(algorithm))).toBe(of(algorithm, CHECK));
  }
  expect(combined('SHA256', parts('SHA256'))).toBeUndefined();
  expect(composite('SHA256', [of('SHA256', CHECK)])).toMatch(/^[\w+/]{43}=-1$/u);
});

test('a checksum of another length, or not in base64, is none', () => {
  expect(isChecksum('CRC32', 'AAAAAA==')).toBe(true);
  for (const wrong of ['', 'AAAA', 'AAAAAAA=', 'AAAAAA', '!!!!!!==']) {
    expect(isChecksum('CRC32', wrong)).toBe(false);
  }
});
