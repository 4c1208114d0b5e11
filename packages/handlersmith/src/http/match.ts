/**
 * Finds the route of a request.
 *
 * @module
 */
import type { Method, ParsedPattern } from './pattern.ts';
import { MalformedEncoding } from './query.ts';

/** What a path led to. */
export type Match<Target> =
  | {
      readonly kind: 'found';
      readonly target: Target;
      readonly parameters: Readonly<Record<string, string>> | undefined;
    }
  /** The path is known, the method is not: `allow` lists the ones that are. */
  | { readonly kind: 'wrongMethod'; readonly allow: readonly string[] }
  | { readonly kind: 'unknown' };

/**
 * Finds the route of a request.
 *
 * @param decoded - whether the path has been percent-decoded already
 * @throws MalformedEncoding on a percent sign that starts no UTF-8 sequence
 */
export type Find<Target> = (method: string, path: string, decoded: boolean) => Match<Target>;

interface Leaf<Target> {
  readonly targets: Map<
    Method,
    { readonly target: Target; readonly names: readonly string[]; readonly pattern: string }
  >;
}

interface Node<Target> {
  readonly literals: Map<string, Node<Target>>;
  parameter: Node<Target> | undefined;
  greedy: Leaf<Target> | undefined;
  leaf: Leaf<Target> | undefined;
}

const noParameters: Readonly<Record<string, string>> = Object.freeze({});

/**
 * Makes the matcher of a set of routes: a tree of segments, so that a hundred routes cost as much as one. Literal
 * text goes before a parameter, a parameter before a greedy one. A slash at the end of a path makes no difference.
 *
 * @param routes - patterns and what they lead to
 * @throws TypeError when two routes take the same requests
 */
export function matcherOf<Target>(
  routes: readonly { readonly parsed: ParsedPattern; readonly target: Target }[],
): Find<Target> {
  const root = emptyNode<Target>();
  for (const { parsed, target } of routes) add(root, parsed, target);
  return (method, path, decoded) => find(root, method, path, decoded);
}

function emptyNode<Target>(): Node<Target> {
  return { literals: new Map(), parameter: undefined, greedy: undefined, leaf: undefined };
}

function add<Target>(root: Node<Target>, parsed: ParsedPattern, target: Target): void {
  let node = root;
  let leaf: Leaf<Target> | undefined;
  const names: string[] = [];
  for (const segment of parsed.segments) {
    if (segment.kind === 'literal') {
      let next = node.literals.get(segment.text);
      if (next === undefined) node.literals.set(segment.text, (next = emptyNode()));
      node = next;
      continue;
    }
    names.push(segment.name);
    if (segment.kind === 'greedy') leaf = node.greedy ??= { targets: new Map() };
    else node = node.parameter ??= emptyNode();
  }
  leaf ??= node.leaf ??= { targets: new Map() };
  const taken = leaf.targets.get(parsed.method);
  if (taken !== undefined) {
    throw new TypeError(`Route "${parsed.pattern}" takes the same requests as "${taken.pattern}"`);
  }
  leaf.targets.set(parsed.method, { target, names, pattern: parsed.pattern });
}

function find<Target>(root: Node<Target>, method: string, path: string, decoded: boolean): Match<Target> {
  const segments = segmentsOf(path, decoded);
  const values: string[] = [];
  const allow = new Set<string>();
  const found = descend(root, segments, 0, values, method, allow);
  if (found !== undefined) return found;
  return allow.size === 0 ? { kind: 'unknown' } : { kind: 'wrongMethod', allow: [...allow] };
}

/** The decoded segments of a path. Empty ones in the middle match nothing. */
function segmentsOf(path: string, decoded: boolean): readonly string[] {
  const end = path.length > 1 && path.endsWith('/') ? path.length - 1 : path.length;
  if (end <= 1) return [];
  const segments = path.slice(1, end).split('/');
  return decoded || !path.includes('%') ? segments : segments.map(decodeSegment);
}

/** Percent-decoding of one path segment, once; `+` means itself here. */
function decodeSegment(segment: string): string {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    throw new MalformedEncoding('path', error);
  }
}

function descend<Target>(
  node: Node<Target>,
  segments: readonly string[],
  index: number,
  values: string[],
  method: string,
  allow: Set<string>,
): Match<Target> | undefined {
  const segment = segments[index];
  if (segment === undefined)
    return node.leaf === undefined ? undefined : pick(node.leaf, values, method, allow);

  const literal = node.literals.get(segment);
  const byLiteral = literal && descend(literal, segments, index + 1, values, method, allow);
  if (byLiteral !== undefined) return byLiteral;

  if (node.parameter !== undefined && segment !== '') {
    values.push(segment);
    const byParameter = descend(node.parameter, segments, index + 1, values, method, allow);
    if (byParameter !== undefined) return byParameter;
    values.pop();
  }
  if (node.greedy === undefined) return undefined;
  return pick(node.greedy, [...values, segments.slice(index).join('/')], method, allow);
}

function pick<Target>(
  leaf: Leaf<Target>,
  values: readonly string[],
  method: string,
  allow: Set<string>,
): Match<Target> | undefined {
  // The method is any text a client sends; a text that is no key finds nothing.
  const byMethod =
    leaf.targets.get(method as Method) ?? (method === 'HEAD' ? leaf.targets.get('GET') : undefined);
  if (byMethod === undefined) {
    for (const known of leaf.targets.keys()) allow.add(known);
    if (leaf.targets.has('GET')) allow.add('HEAD');
    allow.add('OPTIONS');
    return undefined;
  }
  const { target, names } = byMethod;
  if (names.length === 0) return { kind: 'found', target, parameters: noParameters };
  const parameters = Object.create(null) as Record<string, string>; // without a prototype no name is special
  for (let index = 0; index < names.length; index++) parameters[names[index] ?? ''] = values[index] ?? '';
  return { kind: 'found', target, parameters };
}
