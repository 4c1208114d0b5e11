/**
 * Resolves intrinsic functions, wherever they stand in a tree.
 *
 * @module
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
 */
import { describe, entryOf, list, textOf, unresolved } from '../tree.ts';
import type { Entry, Tree } from '../tree.ts';
import { cidr } from './cidr.ts';
import { holds } from './condition.ts';
import { lists } from './lists.ts';
import type { Intrinsic, Scope } from './scope.ts';
import { sub } from './sub.ts';

/** A tree without intrinsic functions. What could not be resolved is a gap, with its finding. */
export function evaluate(tree: Tree, scope: Scope): Tree {
  switch (tree.kind) {
    case 'scalar':
      return dynamic(tree, scope);
    case 'list': {
      const items = tree.items.map((item) => evaluate(item, scope));
      return list(items.filter(isThere), tree.line);
    }
    case 'map': {
      const call = callOf(tree, scope);
      if (call !== undefined) return call;
      const entries = new Map<string, Entry>();
      for (const [key, { value, line }] of tree.entries) {
        const resolved = evaluate(value, scope);
        if (isThere(resolved)) entries.set(key, { value: resolved, line });
      }
      return { kind: 'map', entries, line: tree.line };
    }
    case 'gap':
    default:
      return tree;
  }
}

/** The name of the intrinsic function that a map calls. */
export function intrinsicOf(tree: Tree): string | undefined {
  if (tree.kind !== 'map' || tree.entries.size !== 1) return undefined;
  const [name] = tree.entries.keys();
  return name === 'Ref' || name?.startsWith('Fn::') === true ? name : undefined;
}

const intrinsics: Readonly<Record<string, Intrinsic>> = {
  Ref: (argument, scope, line) => {
    const name = textOf(argument);
    if (name !== undefined) return scope.reference(name, line);
    return wrong(scope, line, 'Ref takes the name of a parameter or resource', argument);
  },
  'Fn::GetAtt': (argument, scope, line) => {
    const [resource, attribute] = attributePath(argument, scope);
    if (resource !== undefined && attribute !== undefined) return scope.attribute(resource, attribute, line);
    return wrong(scope, line, 'Fn::GetAtt takes a resource and an attribute', argument);
  },
  'Fn::If': (argument, scope, line) => {
    const [name, yes, no] = argument.kind === 'list' && argument.items.length === 3 ? argument.items : [];
    const condition = textOf(name);
    if (condition === undefined || yes === undefined || no === undefined)
      return wrong(scope, line, 'Fn::If takes a condition and two values', argument);
    const answer = scope.condition(condition, line);
    if (answer === undefined) return unresolved(line);
    return evaluate(answer ? yes : no, scope);
  },
  'Fn::FindInMap': findInMap,
  'Fn::Sub': (argument, scope, line) => sub(argument, scope, line, evaluate),
  'Fn::ImportValue': (argument, scope, line) => {
    const name = textOf(evaluate(argument, scope)) ?? '?';
    scope.findings.unknown(line, `Fn::ImportValue: the export "${name}" is another stack's, left out`);
    return unresolved(line);
  },
  ...Object.fromEntries(
    ['Fn::Equals', 'Fn::And', 'Fn::Or', 'Fn::Not'].map((name): [string, Intrinsic] => [
      name,
      (_, scope, line) => {
        scope.findings.error(line, `${name} stands in Conditions only; use Fn::If with a condition's name`);
        return unresolved(line);
      },
    ]),
  ),
  ...Object.fromEntries(
    ['Fn::Transform', 'Fn::ForEach'].map((name): [string, Intrinsic] => [
      name,
      (_, scope, line) => {
        scope.findings.unknown(line, `${name} runs in AWS, what it makes is left out`);
        return unresolved(line);
      },
    ]),
  ),
  ...lists,
  'Fn::Cidr': cidr,
};

/** Functions that need all their arguments resolved first. */
const eager: ReadonlySet<string> = new Set([...Object.keys(lists), 'Fn::Cidr']);

function callOf(tree: Extract<Tree, { kind: 'map' }>, scope: Scope): Tree | undefined {
  const functions = [...tree.entries].filter(([key]) => key.startsWith('Fn::') || key === 'Ref');
  const [first] = functions;
  if (first === undefined) return undefined;
  const [name, { value, line }] = first;
  if (tree.entries.size > 1) {
    // A property may be called Ref; none is called Fn::…
    if (name === 'Ref' && functions.length === 1) return undefined;
    if (name.startsWith('Fn::ForEach::')) return intrinsics['Fn::ForEach']?.(value, scope, line);
    return wrong(scope, line, `${name} must be the only key of its map`, tree);
  }
  const intrinsic = Object.hasOwn(intrinsics, name)
    ? intrinsics[name]
    : intrinsics[name.startsWith('Fn::ForEach::') ? 'Fn::ForEach' : ''];
  if (intrinsic === undefined) return wrong(scope, line, `${name} is no intrinsic function`, value);
  return intrinsic(eager.has(name) ? evaluate(value, scope) : value, scope, line);
}

function findInMap(argument: Tree, scope: Scope, line: number): Tree {
  const items = argument.kind === 'list' ? argument.items.map((item) => evaluate(item, scope)) : [];
  const [name, first, second] = items.map((item) => textOf(item));
  const fallback = entryOf(items[3], 'DefaultValue')?.value;
  if (items.some(({ kind }) => kind === 'gap')) return unresolved(line);
  if (name === undefined || first === undefined || second === undefined)
    return wrong(scope, line, 'Fn::FindInMap takes a map, a top-level key and a second-level key', argument);
  const mapping = entryOf(scope.mappings, name)?.value;
  const found = entryOf(entryOf(mapping, first)?.value, second)?.value ?? fallback;
  if (found !== undefined) return found;
  scope.findings.error(line, `Fn::FindInMap: there is no ${name}.${first}.${second} in Mappings`);
  return unresolved(line);
}

function attributePath(argument: Tree, scope: Scope): readonly (string | undefined)[] {
  const text = textOf(argument);
  if (text !== undefined) {
    const dot = text.indexOf('.');
    return dot > 0 && dot < text.length - 1 ? [text.slice(0, dot), text.slice(dot + 1)] : [];
  }
  if (argument.kind !== 'list' || argument.items.length < 2) return [];
  const [resource, ...attribute] = argument.items.map((item) => textOf(evaluate(item, scope)));
  return attribute.includes(undefined) ? [] : [resource, attribute.join('.')];
}

/** Values that CloudFormation fetches when it deploys stay as they are written. */
function dynamic(tree: Extract<Tree, { kind: 'scalar' }>, scope: Scope): Tree {
  const [reference] = /\{\{resolve:[^}]*\}\}/.exec(String(tree.value)) ?? [];
  if (reference !== undefined) {
    scope.findings.unknown(tree.line, `${reference} is fetched by CloudFormation, here it stays as it is`);
  }
  return tree;
}

function isThere(tree: Tree): boolean {
  return !(tree.kind === 'gap' && tree.why === 'no-value');
}

function wrong(scope: Scope, line: number, rule: string, got: Tree): Tree {
  scope.findings.error(line, `${rule}, got ${describe(got)}`);
  return unresolved(line);
}

/** The conditions of a template, each worked out when it is asked for. */
export function conditionsOf(
  conditions: Tree | undefined,
  scope: () => Scope,
): (name: string, line: number) => boolean | undefined {
  const known = new Map<string, boolean | undefined>();
  const open = new Set<string>();
  const condition = (name: string, line: number): boolean | undefined => {
    if (known.has(name)) return known.get(name);
    const declared = entryOf(conditions, name)?.value;
    const { findings } = scope();
    if (declared === undefined) findings.error(line, `there is no condition "${name}"`);
    else if (open.has(name)) findings.error(line, `condition "${name}" depends on itself`);
    if (declared === undefined || open.has(name)) return undefined;
    open.add(name);
    const answer = holds(declared, scope(), evaluate);
    open.delete(name);
    known.set(name, answer);
    return answer;
  };
  return condition;
}
