/**
 * The text of a template, YAML or JSON, as a tree with lines.
 *
 * @module
 */
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { CollectionTag, Document, Node, ScalarTag, Scalar as YamlScalar } from 'yaml';

import type { Findings } from './findings.ts';
import { list, map, scalar, unresolved } from './tree.ts';
import type { Entry, MapTree, Tree } from './tree.ts';

/** CloudFormation's own limit is 1 MB of text; aliases could make more of it. */
const MOST_VALUES = 500_000;
const DEEPEST = 200;

/** What the parser says where a text was taken for more than a text. */
const TO_QUOTE = /flow|node end|[Nn]ested mappings|[Ii]mplicit/;

/** The short forms, and the key each stands for. */
const shortForms: Readonly<Record<string, string>> = {
  '!Ref': 'Ref',
  '!Condition': 'Condition',
  ...Object.fromEntries(
    [
      'And',
      'Base64',
      'Cidr',
      'Equals',
      'FindInMap',
      'GetAtt',
      'GetAZs',
      'If',
      'ImportValue',
      'Join',
      'Length',
      'Not',
      'Or',
      'Select',
      'Split',
      'Sub',
      'ToJsonString',
      'Transform',
    ].map((name) => [`!${name}`, `Fn::${name}`]),
  ),
};

/**
 * Reads a template's text. Short forms become long ones, anchors and merge keys are followed.
 *
 * @returns nothing where the text is no map; findings say why
 */
export function readDocument(text: string, findings: Findings): MapTree | undefined {
  const counter = new LineCounter();
  const document = parse(text, counter, findings);
  if (document === undefined) return undefined;

  const lineAt = (offset: number | undefined): number => Math.max(1, counter.linePos(offset ?? 0).line);
  // One fault makes many: what comes after the first is the parser's guess.
  const [first] = document.errors.toSorted((one, other) => one.pos[0] - other.pos[0]);
  if (first !== undefined) {
    const { line, col } = counter.linePos(first.pos[0]);
    const isYaml = !text.trimStart().startsWith('{');
    const hint =
      isYaml && TO_QUOTE.test(first.message) ? '. A text with { } [ ] , : or # in it needs quotes' : '';
    findings.error(Math.max(1, line), `not a valid template, column ${col}: ${first.message}${hint}`);
  }
  for (const { message, pos } of document.warnings) {
    findings.error(lineAt(pos[0]), `${message}: CloudFormation has no such short form`);
  }
  if (document.errors.length > 0) return undefined;

  const tree = document.contents === null ? undefined : convert(document, lineAt, findings);
  if (tree?.kind === 'map') return tree;
  findings.error(tree?.line ?? 1, 'the template must be a map with Resources');
  return undefined;
}

function parse(text: string, counter: LineCounter, findings: Findings): Document.Parsed | undefined {
  try {
    return parseDocument(text, {
      customTags: (tags) => [...tags, ...shortFormTags, words],
      lineCounter: counter,
      logLevel: 'silent',
      prettyErrors: false,
      // Found below: the parser compares each key with all others.
      uniqueKeys: false,
    });
  } catch (error) {
    // The parser throws where brackets are nested deeper than its stack.
    findings.error(1, `not a valid template: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

const shortFormTags: readonly (ScalarTag | CollectionTag)[] = Object.keys(shortForms).flatMap((tag) => [
  { tag, resolve: (text: string) => text },
  { tag, collection: 'seq' as const },
  { tag, collection: 'map' as const },
]);

/** YAML 1.1, which CloudFormation reads, has these truth values; `N` and `Y` it leaves alone. */
const words: ScalarTag = {
  tag: 'tag:yaml.org,2002:bool',
  default: true,
  identify: () => false,
  test: /^(?:[Yy]es|YES|[Nn]o|NO|[Oo]n|ON|[Oo]ff|OFF)$/,
  resolve: (text) => /^(?:y|on)/i.test(text),
};

function convert(
  document: Document.Parsed,
  lineAt: (offset: number | undefined) => number,
  findings: Findings,
): Tree {
  let values = 0;
  const open = new Set<Node>();
  /** The parser's own look-up of an anchor walks the whole document. */
  const anchors = new Map<string, Node>();

  const treeOf = (node: unknown, line: number): Tree => {
    // An empty value has no node of its own in some places.
    if (!isMap(node) && !isSeq(node) && !isScalar(node) && !isAlias(node)) return scalar(null, line);
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      return target === undefined ? refuse(line, `*${node.source} names no anchor`) : treeOf(target, line);
    }
    values += 1;
    if (values > MOST_VALUES) return refuse(line, `more than ${MOST_VALUES} values`);
    if (open.has(node)) return refuse(line, 'an anchor that holds itself');
    if (open.size > DEEPEST) return refuse(line, `nested more than ${DEEPEST} deep`);

    open.add(node);
    if (node.anchor !== undefined) anchors.set(node.anchor, node);
    const start = lineAt(node.range?.[0]);
    const tree = isScalar(node) ? scalarOf(node, start) : collectionOf(node, start);
    open.delete(node);
    const key = node.tag === undefined ? undefined : shortForms[node.tag];
    return key === undefined ? tree : map({ [key]: tree }, start);
  };

  const collectionOf = (node: Node, line: number): Tree => {
    if (isSeq(node))
      return list(
        node.items.map((item) => treeOf(item, line)),
        line,
      );
    const entries = new Map<string, Entry>();
    const own = new Set<string>();
    for (const { key, value } of isMap(node) ? node.items : []) {
      const keyLine = isScalar(key) ? lineAt(key.range?.[0]) : line;
      const name = isScalar(key) ? (key.source ?? String(key.value)) : undefined;
      if (name === undefined) refuse(keyLine, 'a key must be text');
      else if (name === '<<') mergeInto(entries, treeOf(value, keyLine));
      else if (own.has(name))
        findings.error(keyLine, `not a valid template: the key "${name}" is there twice`);
      else {
        own.add(name);
        entries.set(name, { value: treeOf(value, keyLine), line: keyLine });
      }
    }
    return { kind: 'map', entries, line };
  };

  const mergeInto = (entries: Map<string, Entry>, tree: Tree): void => {
    for (const source of tree.kind === 'list' ? tree.items : [tree]) {
      if (source.kind !== 'map') {
        refuse(source.line, '<< takes a map');
        continue;
      }
      for (const [key, entry] of source.entries) if (!entries.has(key)) entries.set(key, entry);
    }
  };

  let refused = false;
  const refuse = (line: number, why: string): Tree => {
    // One is enough: where a limit is passed there would be thousands.
    if (!refused) findings.error(line, `not a valid template: ${why}`);
    refused = true;
    return unresolved(line);
  };
  return treeOf(document.contents, 1);
}

function scalarOf(node: YamlScalar, line: number): Tree {
  const { value, source = '' } = node;
  if (typeof value === 'number') {
    // Account ids, above all: digits that a number would lose stay text.
    const exact = !Number.isInteger(value) || (Number.isSafeInteger(value) && !/^[-+]?0\d/.test(source));
    return scalar(exact ? value : source, line);
  }
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return scalar(value, line);
  return scalar(source, line);
}
