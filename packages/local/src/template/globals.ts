/**
 * `Globals` of a SAM template, merged into resources by SAM's rules.
 *
 * @module
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html
 */
import type { Findings } from './findings.ts';
import { intrinsicOf } from './intrinsic/evaluate.ts';
import { meant } from './meant.ts';
import { entriesOf, list, valueOf } from './tree.ts';
import type { Entry, MapTree, Tree } from './tree.ts';

/** Sections, and what SAM does not take in them: it belongs to one resource alone. */
const sections: Readonly<Record<string, { readonly type: string; readonly own: readonly string[] }>> = {
  Function: {
    type: 'AWS::Serverless::Function',
    own: ['Events', 'FunctionName', 'FunctionUrlConfig', 'ImageUri', 'InlineCode', 'PackageType', 'Policies'],
  },
  Api: { type: 'AWS::Serverless::Api', own: ['Models', 'StageName'] },
  HttpApi: { type: 'AWS::Serverless::HttpApi', own: ['DefinitionBody', 'DefinitionUri', 'StageName'] },
  SimpleTable: { type: 'AWS::Serverless::SimpleTable', own: ['PrimaryKey', 'TableName'] },
  StateMachine: { type: 'AWS::Serverless::StateMachine', own: [] },
  LayerVersion: { type: 'AWS::Serverless::LayerVersion', own: [] },
  CapacityProvider: { type: 'AWS::Serverless::CapacityProvider', own: [] },
  WebSocketApi: { type: 'AWS::Serverless::WebSocketApi', own: [] },
};

/** Gives the properties of a resource with the globals of its type in them. */
export function globalsOf(
  globals: Tree | undefined,
  findings: Findings,
): (type: string, properties: MapTree) => MapTree {
  const byType = new Map<string, Tree>();
  for (const [name, { value, line }] of entriesOf(globals)) {
    const section = Object.hasOwn(sections, name) ? sections[name] : undefined;
    if (section === undefined) {
      findings.error(line, `Globals: SAM knows no section "${name}"${meant(name, Object.keys(sections))}`);
      continue;
    }
    for (const property of section.own) {
      const own = valueOf(value, property);
      if (own !== undefined)
        findings.error(
          own.line,
          `Globals.${name}: "${property}" belongs to one resource, SAM refuses it here`,
        );
    }
    byType.set(section.type, value);
  }
  return (type, properties) => {
    const shared = byType.get(type);
    if (shared === undefined) return properties;
    const merged = merge(shared, properties);
    return merged.kind === 'map' ? merged : properties;
  };
}

/** Maps are merged, lists are put one after the other; of anything else the resource's own counts. */
function merge(shared: Tree, own: Tree): Tree {
  if (shared.kind === 'list' && own.kind === 'list') return list([...shared.items, ...own.items], own.line);
  const mergeable = intrinsicOf(shared) === undefined && intrinsicOf(own) === undefined;
  if (shared.kind !== 'map' || own.kind !== 'map' || !mergeable) return own;
  const entries = new Map<string, Entry>(shared.entries);
  for (const [key, entry] of own.entries) {
    const other = shared.entries.get(key);
    entries.set(
      key,
      other === undefined ? entry : { value: merge(other.value, entry.value), line: entry.line },
    );
  }
  return { kind: 'map', entries, line: own.line };
}
