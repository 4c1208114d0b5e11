/**
 * Any text there can be, for properties of parsers and codecs.
 *
 * @module
 */
import * as fc from 'fast-check';

/** Every code point, lone surrogates too. fast-check's own `binary` unit spends seconds on a table in each worker. */
export const anyLetter: fc.Arbitrary<string> = fc
  .integer({ min: 0, max: 0x10ffff })
  .map((codePoint) => String.fromCodePoint(codePoint));

/**
 * Texts that UTF-8 can carry: lone surrogates are replaced.
 *
 * @param constraints - lengths, as fast-check takes them
 */
export function wellFormedText(
  constraints: { minLength?: number; maxLength?: number } = {},
): fc.Arbitrary<string> {
  return fc.string({ ...constraints, unit: anyLetter }).map((text) => text.toWellFormed());
}
