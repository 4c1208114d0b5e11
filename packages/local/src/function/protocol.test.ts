import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { FRAME, frame, frameReader, headedFrame, readHeaded } from './protocol.ts';

describe('frames', () => {
  it('come out as they went in, however the bytes are cut', () => {
    const frames = fc.array(
      fc.tuple(fc.constantFrom(...Object.values(FRAME)), fc.uint8Array({ maxLength: 300 })),
    );
    fc.assert(
      fc.property(frames, fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }), (sent, cuts) => {
        const bytes = Buffer.concat(sent.map(([type, payload]) => frame(type, payload)));
        const received: [number, Uint8Array][] = [];
        const read = frameReader((type, payload) => received.push([type, Uint8Array.from(payload)]));
        for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
          const next = at + (cuts[turn % cuts.length] ?? 1);
          read(bytes.subarray(at, next));
          at = next;
        }
        expect(received).toEqual(sent);
      }),
    );
  });

  it('hold a head and any text', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string({ unit: 'binary' }), (head, rest) => {
        let read: unknown;
        frameReader((_type, payload) => (read = readHeaded(payload)))(
          headedFrame(FRAME.invoke, head, rest.toWellFormed()),
        );
        expect(read).toEqual({
          head: JSON.parse(JSON.stringify(head)) as unknown,
          rest: rest.toWellFormed(),
        });
      }),
    );
  });
});
