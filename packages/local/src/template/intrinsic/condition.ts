/**
 * Conditions: `Fn::Equals`, `Fn::And`, `Fn::Or`, `Fn::Not` and conditions by name.
 *
 * @module
 */
import { describe, plain, textOf } from '../tree.ts';
import type { Tree } from '../tree.ts';
import type { Scope } from './scope.ts';

/** Resolves the values that `Fn::Equals` compares; given, as it calls conditions in turn. */
type Evaluate = (tree: Tree, scope: Scope) => Tree;

/** Whether a condition holds; `undefined` where it is wrong or stands on something that is. */
export function holds(tree: Tree, scope: Scope, evaluate: Evaluate): boolean | undefined {
  const [name, entry] = tree.kind === 'map' && tree.entries.size === 1 ? ([...tree.entries][0] ?? []) : [];
  const wrong = (rule: string, got: Tree): undefined => {
    scope.findings.error(entry?.line ?? tree.line, `${rule}, got ${describe(got)}`);
  };
  if (name === undefined || entry === undefined) {
    return wrong('a condition is Fn::Equals, Fn::And, Fn::Or, Fn::Not or Condition', tree);
  }
  const { value, line } = entry;
  const items = value.kind === 'list' ? value.items : [];

  switch (name) {
    case 'Condition': {
      const other = textOf(value);
      return other === undefined
        ? wrong('Condition takes the name of a condition', value)
        : scope.condition(other, line);
    }
    case 'Fn::Not': {
      const [only] = items;
      if (only === undefined || items.length !== 1) return wrong('Fn::Not takes one condition', value);
      const answer = holds(only, scope, evaluate);
      return answer === undefined ? undefined : !answer;
    }
    case 'Fn::And':
    case 'Fn::Or': {
      if (items.length < 2 || items.length > 10) return wrong(`${name} takes 2 to 10 conditions`, value);
      const answers = new Set(items.map((item) => holds(item, scope, evaluate)));
      if (answers.has(undefined)) return undefined;
      return name === 'Fn::And' ? !answers.has(false) : answers.has(true);
    }
    case 'Fn::Equals': {
      if (items.length !== 2) return wrong('Fn::Equals takes two values', value);
      const [left, right] = items.map((item) => evaluate(item, scope));
      if (left === undefined || right === undefined || left.kind === 'gap' || right.kind === 'gap')
        return undefined;
      return comparable(left) === comparable(right);
    }
    default:
      return wrong(`${name} is no condition function`, value);
  }
}

/** Parameters are text, whatever their type: `2` equals `"2"`. */
function comparable(tree: Tree): string {
  return textOf(tree) ?? JSON.stringify(plain(tree));
}
