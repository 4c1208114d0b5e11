/**
 * The resources of a template as they are written, and those that SAM makes beside them.
 *
 * @module
 */
import type { Findings } from './findings.ts';
import { meant } from './meant.ts';
import { describe, entryOf, map, scalar, textOf, valueOf } from './tree.ts';
import type { Entry, MapTree, Tree } from './tree.ts';

/** A resource before anything is resolved. */
export interface DeclaredResource {
  readonly id: string;
  readonly type: string;
  readonly line: number;
  readonly properties: MapTree;
  readonly metadata: Tree | undefined;
  readonly condition: string | undefined;
  readonly dependsOn: readonly string[];
  /** Globals that SAM is told to leave alone, or `*`. */
  readonly ignoredGlobals: readonly string[];
}

const attributes: ReadonlySet<string> = new Set([
  'Type',
  'Properties',
  'Metadata',
  'Condition',
  'DependsOn',
  'IgnoreGlobals',
  // These say what becomes of the resource when the stack changes, or who may call it.
  'DeletionPolicy',
  'UpdateReplacePolicy',
  'UpdatePolicy',
  'CreationPolicy',
  'Connectors',
]);

export function declaredResources(
  template: MapTree,
  findings: Findings,
): ReadonlyMap<string, DeclaredResource> {
  const section = entryOf(template, 'Resources');
  const resources = new Map<string, DeclaredResource>();
  if (section?.value.kind !== 'map' || section.value.entries.size === 0) {
    findings.error(section?.line ?? 1, 'the template has no Resources');
    return resources;
  }
  for (const [id, entry] of section.value.entries) {
    const resource = declaredResource(id, entry, findings);
    if (resource !== undefined) resources.set(id, resource);
  }
  for (const made of madeBySam([...resources.values()])) {
    if (!resources.has(made.id)) resources.set(made.id, made);
  }
  return resources;
}

function declaredResource(
  id: string,
  { value, line }: Entry,
  findings: Findings,
): DeclaredResource | undefined {
  if (id.startsWith('Fn::ForEach::')) {
    findings.unknown(line, `${id} runs in AWS, the resources it makes are left out`);
    return undefined;
  }
  if (!/^[A-Za-z0-9]+$/.test(id)) findings.error(line, `"${id}": a logical id is letters and digits`);
  const type = textOf(valueOf(value, 'Type'));
  if (value.kind !== 'map' || type === undefined) {
    findings.error(line, `${id}: a resource is a map with a Type, got ${describe(value)}`);
    return undefined;
  }
  for (const [name, entry] of value.entries) {
    if (!attributes.has(name))
      findings.error(
        entry.line,
        `${id}: a resource has no "${name}"${meant(name, attributes) || `; do you mean Properties.${name}?`}`,
      );
  }
  const properties = valueOf(value, 'Properties') ?? map({}, line);
  if (properties.kind !== 'map' && !isNull(properties))
    findings.error(properties.line, `${id}: Properties must be a map, got ${describe(properties)}`);
  return {
    id,
    type,
    line,
    properties: properties.kind === 'map' ? properties : map({}, line),
    metadata: valueOf(value, 'Metadata'),
    condition: textOf(valueOf(value, 'Condition')),
    dependsOn: textsOf(valueOf(value, 'DependsOn')),
    ignoredGlobals: textsOf(valueOf(value, 'IgnoreGlobals')),
  };
}

/** What SAM adds to a template that others may refer to. */
function madeBySam(resources: readonly DeclaredResource[]): readonly DeclaredResource[] {
  const made: DeclaredResource[] = [];
  for (const resource of resources.filter(({ type }) => type === 'AWS::Serverless::Function')) {
    const { id, line, properties, condition } = resource;
    const add = (suffix: string, type: string, values: Readonly<Record<string, Tree>> = {}): void => {
      made.push({ ...bare(id + suffix, type, line, values), condition });
    };
    if (valueOf(properties, 'Role') === undefined) add('Role', 'AWS::IAM::Role');
    if (valueOf(properties, 'FunctionUrlConfig') !== undefined) {
      add('Url', 'AWS::Lambda::Url', { TargetFunctionArn: map({ Ref: scalar(id, line) }, line) });
    }
    for (const event of eventsOf(properties)) {
      const values = valueOf(event, 'Properties');
      const type = textOf(valueOf(event, 'Type'));
      if (type === 'HttpApi' && valueOf(values, 'ApiId') === undefined)
        made.push(bare('ServerlessHttpApi', 'AWS::Serverless::HttpApi', event.line));
      if (type === 'Api' && valueOf(values, 'RestApiId') === undefined) {
        const stage = { StageName: scalar('Prod', event.line) };
        made.push(bare('ServerlessRestApi', 'AWS::Serverless::Api', event.line, stage));
      }
    }
  }
  return made;
}

/** The events of a SAM function as they are written. */
export function eventsOf(properties: MapTree): readonly Tree[] {
  const events = valueOf(properties, 'Events');
  return events?.kind === 'map' ? [...events.entries.values()].map(({ value }) => value) : [];
}

function bare(
  id: string,
  type: string,
  line: number,
  values: Readonly<Record<string, Tree>> = {},
): DeclaredResource {
  return {
    id,
    type,
    line,
    properties: map(values, line),
    metadata: undefined,
    condition: undefined,
    dependsOn: [],
    ignoredGlobals: [],
  };
}

function textsOf(tree: Tree | undefined): readonly string[] {
  const items = tree?.kind === 'list' ? tree.items : [tree];
  return items.map((item) => textOf(item)).filter((text) => text !== undefined);
}

function isNull(tree: Tree): boolean {
  return tree.kind === 'scalar' && tree.value === null;
}
