/**
 * The intrinsic functions of text and lists. Their arguments come resolved.
 *
 * @module
 */
import { describe, hasGap, list, plain, scalar, textOf, unresolved } from '../tree.ts';
import type { Tree } from '../tree.ts';
import type { Intrinsic, Scope } from './scope.ts';

export const lists: Readonly<Record<string, Intrinsic>> = {
  'Fn::Join': whole((argument, scope, line) => {
    const [delimiter, values] = pair(argument);
    const separator = textOf(delimiter);
    const pieces = values?.kind === 'list' ? values.items.map((item) => textOf(item)) : [undefined];
    if (separator === undefined || pieces.includes(undefined))
      return wrong(scope, line, 'Fn::Join takes a delimiter and a list of texts', argument);
    return scalar(pieces.join(separator), line);
  }),
  'Fn::Split': whole((argument, scope, line) => {
    const [delimiter, value] = pair(argument);
    const separator = textOf(delimiter);
    const text = textOf(value);
    if (separator === undefined || separator === '' || text === undefined)
      return wrong(scope, line, 'Fn::Split takes a delimiter and a text', argument);
    const pieces = text.split(separator).map((piece) => scalar(piece, line));
    return list(pieces, line);
  }),
  // Not `whole`: what it does not select may be unresolved.
  'Fn::Select': (argument, scope, line) => {
    const [at, values] = pair(argument);
    const index = Number(textOf(at));
    if (at?.kind === 'gap' || values?.kind === 'gap') return unresolved(line);
    if (!Number.isInteger(index) || values?.kind !== 'list')
      return wrong(scope, line, 'Fn::Select takes an index and a list', argument);
    const item = values.items[index];
    if (item !== undefined) return item;
    scope.findings.error(line, `Fn::Select: there is no item ${index} in a list of ${values.items.length}`);
    return unresolved(line);
  },
  'Fn::Base64': whole((argument, scope, line) => {
    const text = textOf(argument);
    if (text === undefined) return wrong(scope, line, 'Fn::Base64 takes text', argument);
    return scalar(Buffer.from(text).toString('base64'), line);
  }),
  'Fn::GetAZs': whole((argument, scope, line) => {
    const text = textOf(argument);
    if (text === undefined) return wrong(scope, line, 'Fn::GetAZs takes a region', argument);
    const region = text === '' ? scope.region : text;
    return list(
      ['a', 'b', 'c'].map((zone) => scalar(`${region}${zone}`, line)),
      line,
    );
  }),
  'Fn::Length': whole((argument, scope, line) =>
    argument.kind === 'list'
      ? scalar(argument.items.length, line)
      : wrong(scope, line, 'Fn::Length takes a list', argument),
  ),
  'Fn::ToJsonString': whole((argument, scope, line) =>
    argument.kind === 'scalar'
      ? wrong(scope, line, 'Fn::ToJsonString takes a map or a list', argument)
      : scalar(JSON.stringify(plain(argument)), line),
  ),
};

/** An intrinsic that gives nothing where something in its argument could not be resolved. */
function whole(intrinsic: Intrinsic): Intrinsic {
  return (argument, scope, line) => (hasGap(argument) ? unresolved(line) : intrinsic(argument, scope, line));
}

function pair(argument: Tree): readonly [Tree | undefined, Tree | undefined] {
  if (argument.kind !== 'list' || argument.items.length !== 2) return [undefined, undefined];
  return [argument.items[0], argument.items[1]];
}

function wrong(scope: Scope, line: number, rule: string, got: Tree): Tree {
  scope.findings.error(line, `${rule}, got ${describe(got)}`);
  return unresolved(line);
}
