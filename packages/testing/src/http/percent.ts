/**
 * Percent-encoding, in both directions, for text that may be malformed.
 *
 * @module
 */

/**
 * Encodes the characters that `keep` does not match. Unlike `encodeURIComponent` it takes any string: a lone surrogate
 * becomes the replacement character, as it would on its way to UTF-8.
 *
 * @param keep - matches one character that may stay
 */
export function percentEncode(text: string, keep: RegExp): string {
  let encoded = '';
  for (const character of text) {
    encoded += keep.test(character)
      ? character
      : [...new TextEncoder().encode(character)].map(escaped).join('');
  }
  return encoded;
}

/** Decodes what can be decoded and leaves a malformed escape as it is. */
export function percentDecode(text: string): string {
  return text.replaceAll(/(?:%[\da-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });
}

function escaped(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}
