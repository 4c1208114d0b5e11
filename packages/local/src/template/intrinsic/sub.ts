/**
 * `Fn::Sub`: text with `${Name}`, `${Resource.Attribute}` and `${!Literal}`.
 *
 * @module
 */
import { describe, entryOf, scalar, textOf, unresolved } from '../tree.ts';
import type { Tree } from '../tree.ts';
import type { Scope } from './scope.ts';

export type SubPart = { readonly literal: string } | { readonly name: string };

type Evaluate = (tree: Tree, scope: Scope) => Tree;

/** Splits the text of `Fn::Sub`. `${!x}` is the literal `${x}`. */
export function subParts(text: string): readonly SubPart[] {
  const parts: SubPart[] = [];
  let end = 0;
  for (const match of text.matchAll(/\$\{(!?)([^}]*)\}/g)) {
    const [whole, bang, inner = ''] = match;
    if (match.index > end) parts.push({ literal: text.slice(end, match.index) });
    parts.push(bang === '!' ? { literal: `\${${inner}}` } : { name: inner });
    end = match.index + whole.length;
  }
  if (end < text.length) parts.push({ literal: text.slice(end) });
  return parts;
}

export function sub(argument: Tree, scope: Scope, line: number, evaluate: Evaluate): Tree {
  const [template, values] = argument.kind === 'list' ? argument.items : [argument];
  const text = textOf(template);
  const shape =
    argument.kind !== 'list' || (argument.items.length === 2 && values?.kind === 'map') ? 'right' : 'wrong';
  if (text === undefined || shape === 'wrong') {
    scope.findings.error(line, `Fn::Sub takes text, or text and a map, got ${describe(argument)}`);
    return unresolved(line);
  }

  const at = template?.line ?? line;
  const valueOfName = (name: string): Tree => {
    const own = entryOf(values, name)?.value;
    if (own !== undefined) return evaluate(own, scope);
    if (!/^[\w:]+(?:\.[\w.:]+)?$/.test(name)) {
      scope.findings.error(
        at,
        `Fn::Sub: "\${${name}}" names nothing; write "\${!${name}}" where the text itself is meant`,
      );
      return unresolved(at);
    }
    const dot = name.indexOf('.');
    if (dot < 0) return scope.reference(name, at);
    return scope.attribute(name.slice(0, dot), name.slice(dot + 1), at);
  };

  const pieces = subParts(text).map((part) => {
    if ('literal' in part) return part.literal;
    const value = valueOfName(part.name);
    const piece = textOf(value);
    if (piece === undefined && value.kind !== 'gap')
      scope.findings.error(at, `Fn::Sub: \${${part.name}} must be text, got ${describe(value)}`);
    return piece;
  });
  return pieces.includes(undefined) ? unresolved(line) : scalar(pieces.join(''), line);
}
