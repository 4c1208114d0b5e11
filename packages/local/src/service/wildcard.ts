/**
 * Patterns of `*` and `?`, as policies, rules and ARNs have them.
 *
 * @module
 */

/** `*` stands for any characters, none among them, `?` for one. The whole text has to be like the pattern. */
export function wildcard(pattern: string): RegExp {
  const expression = pattern
    .replaceAll(/[.+^${}()|[\]\\]/gu, String.raw`\$&`)
    .replaceAll('*', '[^]*')
    .replaceAll('?', '[^]');
  return new RegExp(`^${expression}$`, 'u');
}
