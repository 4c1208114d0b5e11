/**
 * What intrinsic functions resolve against.
 *
 * @module
 */
import type { Findings } from '../findings.ts';
import type { Tree } from '../tree.ts';

export interface Scope {
  readonly findings: Findings;
  readonly region: string;
  /** The `Mappings` of the template. */
  readonly mappings: Tree | undefined;
  /** What `Ref` gives: a parameter's value, a pseudo parameter, a resource's reference. */
  reference(name: string, line: number): Tree;
  /** What `Fn::GetAtt` gives. */
  attribute(resource: string, attribute: string, line: number): Tree;
  /** Whether a named condition holds; `undefined` where that cannot be told. */
  condition(name: string, line: number): boolean | undefined;
}

/** One intrinsic function. Its argument comes as it is written: `Fn::If` must not resolve what it does not take. */
export type Intrinsic = (argument: Tree, scope: Scope, line: number) => Tree;
