/**
 * A template as a tree in which everything knows its line.
 *
 * @module
 */

export type Tree = ScalarTree | ListTree | MapTree | GapTree;

export interface ScalarTree {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** From 1, as everywhere here. */
  readonly line: number;
}

export interface ListTree {
  readonly kind: 'list';
  readonly items: readonly Tree[];
  readonly line: number;
}

export interface MapTree {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, Entry>;
  readonly line: number;
}

/** A key with its value; the line is the key's. */
export interface Entry {
  readonly value: Tree;
  readonly line: number;
}

/** Where a value should be: `AWS::NoValue` takes the property away; what is unresolved has its finding already. */
export interface GapTree {
  readonly kind: 'gap';
  readonly why: 'no-value' | 'unresolved';
  readonly line: number;
}

export function scalar(value: string | number | boolean | null, line: number): ScalarTree {
  return { kind: 'scalar', value, line };
}

export function list(items: readonly Tree[], line: number): ListTree {
  return { kind: 'list', items, line };
}

/** A map of entries that all stand on one line. */
export function map(values: Readonly<Record<string, Tree>>, line: number): MapTree {
  const entries = Object.entries(values).map(([key, value]) => [key, { value, line }] as const);
  return { kind: 'map', entries: new Map(entries), line };
}

export function unresolved(line: number): GapTree {
  return { kind: 'gap', why: 'unresolved', line };
}

/** What stands under a key of a map; nothing where the tree is no map. */
export function entryOf(tree: Tree | undefined, key: string): Entry | undefined {
  return tree?.kind === 'map' ? tree.entries.get(key) : undefined;
}

export function valueOf(tree: Tree | undefined, key: string): Tree | undefined {
  return entryOf(tree, key)?.value;
}

/** Keys and values of a map; none where the tree is no map. */
export function entriesOf(tree: Tree | undefined): Iterable<readonly [string, Entry]> {
  return tree?.kind === 'map' ? tree.entries : [];
}

/** A scalar as text, as CloudFormation writes it into a string. */
export function textOf(tree: Tree | undefined): string | undefined {
  return tree?.kind === 'scalar' && tree.value !== null ? String(tree.value) : undefined;
}

/** Whether there is something unresolved anywhere in it. */
export function hasGap(tree: Tree): boolean {
  if (tree.kind === 'gap') return true;
  if (tree.kind === 'list') return tree.items.some(hasGap);
  return tree.kind === 'map' && [...tree.entries.values()].some(({ value }) => hasGap(value));
}

/** As plain JSON data, without what could not be resolved. */
export function plain(tree: Tree): unknown {
  switch (tree.kind) {
    case 'scalar':
      return tree.value;
    case 'list':
      return tree.items.filter(({ kind }) => kind !== 'gap').map(plain);
    case 'map':
      // `fromEntries` defines keys, it does not assign them: a key "__proto__" is one like any other.
      return Object.fromEntries(
        [...tree.entries]
          .filter(([, { value }]) => value.kind !== 'gap')
          .map(([key, { value }]) => [key, plain(value)]),
      );
    case 'gap':
    default:
      return undefined;
  }
}

/** What a tree is, for messages. Never its values: they may be secrets. */
export function describe(tree: Tree): string {
  switch (tree.kind) {
    case 'scalar':
      return tree.value === null ? 'nothing' : `a ${typeof tree.value}`;
    case 'list':
      return `a list of ${tree.items.length}`;
    case 'map':
      return tree.entries.size === 0
        ? 'an empty map'
        : `a map with ${[...tree.entries.keys()].slice(0, 5).join(', ')}`;
    case 'gap':
    default:
      return 'nothing';
  }
}
