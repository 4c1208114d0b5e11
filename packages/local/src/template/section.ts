/**
 * Properties of a resource, read one by one: wrong values are told with their line, and so is what nobody read.
 *
 * @module
 */
import type { Findings } from './findings.ts';
import { meant } from './meant.ts';
import { describe, plain, textOf } from './tree.ts';
import type { Entry, MapTree, Tree } from './tree.ts';

export interface Section {
  readonly line: number;
  /** Names of what is there, in its order. */
  readonly keys: readonly string[];
  has(name: string): boolean;
  /** The line of a property; of the section where there is no such property. */
  lineOf(name: string): number;
  tree(name: string): Tree | undefined;
  /** As plain JSON data. */
  json(name: string): unknown;
  text(
    name: string,
    options?: { readonly of?: readonly string[]; readonly required?: boolean },
  ): string | undefined;
  integer(
    name: string,
    range: { readonly least: number; readonly most: number; readonly unit?: string },
  ): number | undefined;
  flag(name: string): boolean | undefined;
  /** A list of texts; one text counts as a list of one, as SAM has it. */
  texts(name: string): readonly string[];
  section(name: string): Section | undefined;
  sections(name: string): readonly Section[];
  /** A map's values as text, such as environment variables. */
  record(name: string): Readonly<Record<string, string>>;
  /** Known, and without effect on this machine. */
  ignore(...names: readonly string[]): void;
  /** All of it is of no use: what is wrong has been told. */
  drop(): void;
  error(name: string | undefined, message: string): void;
  unknown(name: string | undefined, message: string): void;
  /** Names what was not read, here and in the sections that were opened. Call it once everything is read. */
  close(): void;
}

/**
 * @param label - what it is, for messages, such as `Resize`
 */
export function sectionOf(tree: Tree | undefined, label: string, findings: Findings, line = 1): Section {
  const entries: MapTree['entries'] = tree?.kind === 'map' ? tree.entries : new Map<string, Entry>();
  const start = tree?.line ?? line;
  const read = new Set<string>();
  const opened: Section[] = [];
  if (tree !== undefined && tree.kind !== 'map' && tree.kind !== 'gap')
    findings.error(start, `${label}: expected a map, got ${describe(tree)}`);

  const entry = (name: string): Entry | undefined => {
    read.add(name);
    return entries.get(name);
  };
  const lineOf = (name: string): number => entries.get(name)?.line ?? start;
  const error = (name: string | undefined, message: string): void =>
    findings.error(name === undefined ? start : lineOf(name), `${label}: ${message}`);
  const expected = (name: string, what: string, got: Tree): undefined => {
    // What is unresolved has its finding.
    if (got.kind !== 'gap') error(name, `"${name}" must be ${what}, got ${describe(got)}`);
  };
  const open = (value: Tree, name: string, at: number): Section => {
    const section = sectionOf(value, `${label}.${name}`, findings, at);
    opened.push(section);
    return section;
  };

  return {
    line: start,
    keys: [...entries.keys()],
    has: (name) => entries.has(name),
    lineOf,
    error,
    tree: (name) => entry(name)?.value,
    json: (name) => {
      const value = entry(name)?.value;
      return value === undefined ? undefined : plain(value);
    },
    text(name, { of, required = false } = {}) {
      const value = entry(name)?.value;
      if (value === undefined) {
        if (required) error(undefined, `"${name}" is missing`);
        return undefined;
      }
      const text = textOf(value);
      if (text === undefined) return expected(name, 'text', value);
      if (of === undefined || of.includes(text)) return text;
      error(name, `"${name}" must be one of ${of.join(', ')}, got "${text}"`);
      return undefined;
    },
    integer(name, { least, most, unit = '' }) {
      const value = entry(name)?.value;
      if (value === undefined) return undefined;
      const text = textOf(value) ?? '';
      const number = text === '' ? Number.NaN : Number(text);
      if (Number.isInteger(number) && number >= least && number <= most) return number;
      const got = value.kind === 'scalar' ? `"${text}"` : describe(value);
      if (value.kind !== 'gap')
        error(
          name,
          `"${name}" must be a whole number from ${least} to ${most}${unit && ` ${unit}`}, got ${got}`,
        );
      return undefined;
    },
    flag(name) {
      const value = entry(name)?.value;
      if (value === undefined) return undefined;
      const text = textOf(value)?.toLowerCase();
      return text === 'true' || text === 'false' ? text === 'true' : expected(name, 'true or false', value);
    },
    texts(name) {
      const value = entry(name)?.value;
      if (value === undefined || value.kind === 'gap') return [];
      const items = value.kind === 'list' ? value.items : [value];
      const texts = items.map((item) => textOf(item));
      if (texts.includes(undefined) && !items.some(({ kind }) => kind === 'gap'))
        error(name, `"${name}" must be a list of texts`);
      return texts.filter((text) => text !== undefined);
    },
    section(name) {
      const found = entry(name);
      return found === undefined || found.value.kind === 'gap'
        ? undefined
        : open(found.value, name, found.line);
    },
    sections(name) {
      const found = entry(name);
      if (found === undefined || found.value.kind === 'gap') return [];
      if (found.value.kind === 'list')
        return found.value.items.map((item, index) => open(item, `${name}[${index}]`, found.line));
      error(name, `"${name}" must be a list, got ${describe(found.value)}`);
      return [];
    },
    record(name) {
      const value = entry(name)?.value;
      if (value === undefined || value.kind === 'gap') return {};
      if (value.kind !== 'map') {
        expected(name, 'a map', value);
        return {};
      }
      const texts: [string, string][] = [];
      for (const [key, item] of value.entries) {
        const text = textOf(item.value);
        if (text !== undefined) texts.push([key, text]);
        else if (item.value.kind !== 'gap')
          findings.error(item.line, `${label}.${name}: "${key}" must be text, got ${describe(item.value)}`);
      }
      return Object.fromEntries(texts);
    },
    ignore(...names) {
      for (const name of names) read.add(name);
    },
    drop: () => {
      for (const name of entries.keys()) read.add(name);
      opened.length = 0;
    },
    unknown: (name, message) =>
      findings.unknown(name === undefined ? start : lineOf(name), `${label}: ${message}`),
    close() {
      // What was asked for and is not there: one of them may be meant.
      const missed = [...read].filter((name) => !entries.has(name));
      for (const [name, { line: at }] of entries) {
        if (!read.has(name))
          findings.unknown(at, `${label}: "${name}" is not played here, left out${meant(name, missed)}`);
      }
      for (const section of opened) section.close();
    },
  };
}
