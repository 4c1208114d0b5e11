/**
 * The XML of answers.
 *
 * @module
 */

import type { Element } from './xml-read.ts';

/** What an element holds: text, nothing, or elements. A list repeats its element; undefined leaves it out. */
export type Content = string | number | boolean | Tree;
export interface Tree {
  readonly [name: string]: Content | readonly Content[] | undefined;
}

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';
const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

const ESCAPED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** A document in S3's namespace. */
export function writeXml(root: string, content: Tree | string): string {
  return `${DECLARATION}<${root} xmlns="${NAMESPACE}">${inside(content)}</${root}>`;
}

/** An error, which S3 writes without a namespace. */
export function writeError(content: Tree): string {
  return `${DECLARATION}<Error>${inside(content)}</Error>`;
}

/** A document as it was read. */
export function writeElement({ name, children, text }: Element): string {
  return `${DECLARATION}<${name} xmlns="${NAMESPACE}">${children.map(markup).join('')}${escape(text)}</${name}>`;
}

function markup({ name, children, text }: Element): string {
  return `<${name}>${children.map(markup).join('')}${escape(text)}</${name}>`;
}

function inside(content: Content): string {
  if (typeof content === 'object') {
    return Object.entries(content)
      .flatMap(([name, value]) => several(value).map((one) => `<${name}>${inside(one)}</${name}>`))
      .join('');
  }
  return escape(String(content));
}

function escape(text: string): string {
  return text.replace(/[&<>"]|[^\t\n\u0020-\uFFFD]/gu, escaped);
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
