/**
 * The XML of request bodies: elements and text. What S3's own schemas do not use is malformed.
 *
 * @module
 */
import { malformedXml } from './errors.ts';

/** One element. It has children or text; S3 mixes them nowhere. */
export interface Element {
  /** Without a namespace prefix. */
  readonly name: string;
  readonly children: readonly Element[];
  /** Its character data, entities resolved; `''` where it has children. */
  readonly text: string;
}

interface Open {
  readonly name: string;
  readonly tag: string;
  readonly children: Element[];
  text: string;
}

/** One tag, comment, declaration or stretch of text. */
const TOKEN =
  /<!--[^]*?-->|<\?[^]*?\?>|<!\[CDATA\[([^]*?)\]\]>|<\/([^\s<>/]+)\s*>|<([^\s<>/!?][^\s<>/]*)((?:\s+[^\s<>=/]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/gy;

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/**
 * Reads a document.
 *
 * @param text - all of it
 * @returns its root
 * @throws S3Error `MalformedXML` where it is not well-formed, or has a DOCTYPE
 */
export function readXml(text: string): Element {
  const root: Open = { name: '', tag: '', children: [], text: '' };
  const open: Open[] = [root];
  TOKEN.lastIndex = text.startsWith('\uFEFF') ? 1 : 0;
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    const current = open.at(-1);
    if (match === null || current === undefined) throw malformedXml();
    const [, cdata, closed, opened, , empty, characters] = match;
    if (opened !== undefined) {
      const element: Open = { name: localName(opened), tag: opened, children: [], text: '' };
      if (empty === '/') current.children.push(finished(element));
      else open.push(element);
    } else if (closed !== undefined) {
      const parent = open.at(-2);
      if (parent === undefined || current.tag !== closed) throw malformedXml();
      open.pop();
      parent.children.push(finished(current));
    } else if (cdata !== undefined) current.text += cdata;
    else if (characters !== undefined) current.text += resolved(characters);
  }
  const [document, second] = root.children;
  if (open.length !== 1 || document === undefined || second !== undefined || root.text.trim() !== '')
    throw malformedXml();
  return document;
}

/** The text of the child with that name; undefined where there is none. @throws S3Error where it comes twice */
export function textOf(element: Element, name: string): string | undefined {
  return childOf(element, name)?.text;
}

/** The only child with that name. @throws S3Error where it comes twice */
export function childOf(element: Element, name: string): Element | undefined {
  const found = childrenOf(element, name);
  if (found.length > 1) throw malformedXml();
  return found[0];
}

/** All children with that name, in their order. */
export function childrenOf(element: Element, name: string): readonly Element[] {
  return element.children.filter((child) => child.name === name);
}

/** Refuses elements that a schema does not have. */
export function onlyChildren(element: Element, names: readonly string[]): void {
  if (!element.children.every((child) => names.includes(child.name))) throw malformedXml();
}

function finished({ name, children, text }: Open): Element {
  if (children.length === 0) return { name, children, text };
  if (text.trim() !== '') throw malformedXml();
  return { name, children, text: '' };
}

function localName(tag: string): string {
  return tag.slice(tag.indexOf(':') + 1);
}

function resolved(characters: string): string {
  return characters.replace(/\r\n?/gu, '\n').replace(/&([^;&]*);?/gu, (whole, name: string) => {
    const value = whole.endsWith(';') ? (NAMED[name] ?? numbered(name)) : undefined;
    if (value === undefined) throw malformedXml();
    return value;
  });
}

function numbered(name: string): string | undefined {
  const match = /^#(?:x([\da-f]{1,6})|(\d{1,7}))$/iu.exec(name);
  if (match === null) return undefined;
  const code = match[1] === undefined ? Number(match[2]) : Number.parseInt(match[1], 16);
  return code > 0 && code <= 0x10_ff_ff && !(code >= 0xd8_00 && code <= 0xdf_ff)
    ? String.fromCodePoint(code)
    : undefined;
}
