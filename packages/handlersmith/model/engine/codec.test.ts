import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { packer, unpacker, type Codec } from './codec.ts';

const names = ['one', 'two', 'three'] as const;

interface Sample {
  byte: number;
  word: number;
  name: (typeof names)[number];
  words: number[];
}

function layout(sample: Sample, codec: Codec): void {
  sample.words = codec.words(sample.words, 3);
  sample.byte = codec.byte(sample.byte);
  sample.name = codec.oneOf(names, sample.name);
  sample.word = codec.word(sample.word);
}

const samples = fc.record({
  byte: fc.integer({ min: 0, max: 255 }),
  word: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  name: fc.constantFrom(...names),
  words: fc.array(fc.integer({ min: 0, max: 2 ** 32 - 1 }), { maxLength: 3 }),
});

describe('a state as bytes', () => {
  it('is the same when read back', () => {
    fc.assert(
      fc.property(samples, (sample) => {
        const bytes = new Uint8Array(32);
        const pack = packer();
        pack.aim(bytes);
        layout({ ...sample }, pack);
        const unpack = unpacker();
        unpack.aim(bytes, 0);
        const read: Sample = { byte: 7, word: 7, name: 'one', words: [7, 7, 7] };
        layout(read, unpack);
        expect(read).toEqual(sample);
        expect(pack.position()).toBe(1 + 3 * 4 + 1 + 1 + 4);
      }),
    );
  });

  it('has no room for more words than it was made for', () => {
    const pack = packer();
    pack.aim(new Uint8Array(64));
    expect(() => pack.words([1, 2, 3], 2)).toThrow(new RangeError('3 words where 2 have room'));
  });
});
