import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { stateTable } from './table.ts';

describe('the table of states', () => {
  it('takes each state once, whatever they are', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer(), fc.integer({ min: 0, max: 3 }))), (states) => {
        const table = stateTable(8);
        const known = new Map<string, number>();
        for (const state of states) {
          const key = state.join();
          const id = table.add(new Uint32Array(state), -1);
          expect(id).toBe(known.has(key) ? -1 : known.size);
          if (!known.has(key)) known.set(key, id);
        }
        expect(table.count()).toBe(known.size);
      }),
    );
  });

  it('keeps states and parents over many pages', () => {
    const table = stateTable(5); // rounded up to two words
    const count = 50_000;
    for (let id = 0; id < count; id++) expect(table.add(new Uint32Array([id, id % 3]), id - 1)).toBe(id);
    expect(table.add(new Uint32Array([31_000, 31_000 % 3]), 0)).toBe(-1);
    for (const id of [0, 16_383, 16_384, count - 1]) {
      expect(table.parent(id)).toBe(id - 1);
      expect(table.open(id, (bytes, position) => bytes[position])).toBe(id & 255);
    }
    expect(() => table.parent(count + 20_000)).toThrow(RangeError);
  });
});
