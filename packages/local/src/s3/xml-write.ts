/**
 * The XML of answers.
 *
 * @module
 */

/** What an element holds: text, nothing, or elements. A list repeats its element; undefined leaves it out. */
export type Content = string | number | boolean | Tree;
export interface Tree {
  readonly [name: string]: Content | readonly Content[] | undefined;
}

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

const ESCAPED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** A document in S3's namespace. */
export function writeXml(root: string, content: Tree | string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="${NAMESPACE}">${inside(content)}</${root}>`;
}

/** An error, which S3 writes without a namespace. */
export function writeError(content: Tree): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${inside(content)}</Error>`;
}

function inside(content: Content): string {
  if (typeof content === 'object') {
    return Object.entries(content)
      .flatMap(([name, value]) => several(value).map((one) => `<${name}>${inside(one)}</${name}>`))
      .join('');
  }
  return String(content).replace(/[&<>"]|[^\t\n\u0020-\uFFFD]/gu, escaped);
}

function several(value: Tree[string]): readonly Content[] {
  if (value === undefined) return [];
  return isList(value) ? value : [value];
}

function isList(value: Content | readonly Content[]): value is readonly Content[] {
  return Array.isArray(value);
}

/** Control characters are written as references, as S3 does: readers that take them get the key as it is. */
function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return ESCAPED[character] ?? (code > 0xff_ff ? character : `&#x${code.toString(16)};`);
}
