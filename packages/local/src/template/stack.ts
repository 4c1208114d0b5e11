/**
 * A template with its parameters, conditions and references resolved: resources by logical id.
 *
 * @module
 */
import { needersOf, needs } from './cycles.ts';
import { declaredResources } from './declared.ts';
import type { DeclaredResource } from './declared.ts';
import { errorsOnly } from './findings.ts';
import type { Findings } from './findings.ts';
import { globalsOf } from './globals.ts';
import { identify } from './identity.ts';
import type { Identity } from './identity.ts';
import { conditionsOf, evaluate } from './intrinsic/evaluate.ts';
import type { Scope } from './intrinsic/scope.ts';
import { parametersOf } from './parameters.ts';
import { isQuiet } from './quiet.ts';
import { references } from './references.ts';
import { sectionOf } from './section.ts';
import type { Section } from './section.ts';
import { checkSections } from './sections.ts';
import { entriesOf, map, plain, textOf, unresolved, valueOf } from './tree.ts';
import type { Entry, MapTree, Tree } from './tree.ts';

/** Where the app is said to live. */
export interface Surroundings {
  readonly stack: string;
  readonly region: string;
  readonly accountId: string;
  readonly queueEndpoint: string;
  readonly parameters: Readonly<Record<string, string>>;
}

export interface Resource {
  readonly id: string;
  readonly type: string;
  readonly line: number;
  readonly identity: Identity;
  /** Without intrinsic functions, globals merged in. */
  readonly properties: MapTree;
  /** As it is written. */
  readonly metadata: Tree | undefined;
}

export interface Stack extends Surroundings {
  readonly findings: Findings;
  /** Those whose condition holds, in the order of the template. */
  readonly resources: readonly Resource[];
  readonly outputs: Readonly<Record<string, string>>;
  resource(id: string): Resource | undefined;
  /** The resource of such a type that a resolved `Ref`, `Fn::GetAtt` or ARN means. */
  find(reference: string | undefined, ...types: readonly string[]): Resource | undefined;
  /** The properties of a resource, to be read one by one. */
  section(resource: Resource): Section;
}

export function readStack(template: MapTree, surroundings: Surroundings, findings: Findings): Stack {
  checkSections(template, findings);
  const declared = declaredResources(template, findings);
  const parameters = parametersOf(valueOf(template, 'Parameters'), surroundings.parameters, findings);
  const withGlobals = globalsOf(valueOf(template, 'Globals'), findings);
  const needed = needs();

  /** What intrinsic functions see; `from` is the resource they stand in. */
  const scopeOf = (from: DeclaredResource | undefined, heard: Findings): Scope => ({
    findings: heard,
    region: surroundings.region,
    mappings: valueOf(template, 'Mappings'),
    condition: (name, line) => condition(name, line),
    ...references({
      surroundings,
      parameters,
      findings: heard,
      declared,
      identityOf,
      isMade,
      onNeed: (id) => from !== undefined && needed.add(from.id, id),
    }),
  });
  const condition = conditionsOf(valueOf(template, 'Conditions'), () =>
    withoutResources(scopeOf(undefined, findings), (id) => declared.has(id)),
  );
  const isMade = (resource: DeclaredResource): boolean =>
    resource.condition === undefined || condition(resource.condition, resource.line) === true;

  const identities = new Map<string, Identity>();
  const open = new Set<string>();
  const identityOf = (resource: DeclaredResource): Identity => {
    const known = identities.get(resource.id);
    if (known !== undefined) return known;
    // Names that stand on each other: the cycle is told of below, this ends it.
    const circular = open.has(resource.id);
    open.add(resource.id);
    const property = (name: string): string | undefined => {
      const value = circular ? undefined : valueOf(resource.properties, name);
      return value && textOf(evaluate(value, scopeOf(resource, errorsOnly(findings))));
    };
    const identity = identify({ ...surroundings, id: resource.id, type: resource.type, property });
    open.delete(resource.id);
    if (!circular) identities.set(resource.id, identity);
    return identity;
  };

  // Each once, those that nobody uses too.
  for (const [name, { line }] of entriesOf(valueOf(template, 'Conditions'))) condition(name, line);
  const resources = [...declared.values()].filter(isMade).map((resource): Resource => {
    const { id, type, line, metadata } = resource;
    for (const other of resource.dependsOn) {
      if (!declared.has(other)) findings.error(line, `${id}: DependsOn names no resource: "${other}"`);
      needed.add(id, other);
    }
    for (const other of needersOf(resource)) needed.add(other, id);

    const heard = isQuiet(type) ? errorsOnly(findings) : findings;
    const merged = resource.ignoredGlobals.includes('*')
      ? resource.properties
      : withGlobals(type, resource.properties);
    const entries = new Map<string, Entry>();
    for (const [name, entry] of merged.entries) {
      // Events are no needs of the function itself: SAM writes them into other resources.
      const from = name === 'Events' && type === 'AWS::Serverless::Function' ? undefined : resource;
      const value = evaluate(entry.value, scopeOf(from, heard));
      if (value.kind !== 'gap' || value.why === 'unresolved') entries.set(name, { value, line: entry.line });
    }
    const properties: MapTree = { kind: 'map', entries, line: merged.line };
    return { id, type, line, metadata, identity: identityOf(resource), properties };
  });

  for (const cycle of needed.cycles()) {
    findings.error(
      declared.get(cycle[0] ?? '')?.line ?? 1,
      `a cycle: ${cycle.join(' needs ')}; CloudFormation refuses it`,
    );
  }
  const byId = new Map(resources.map((resource) => [resource.id, resource]));
  return {
    ...surroundings,
    findings,
    resources,
    outputs: outputsOf(valueOf(template, 'Outputs'), scopeOf(undefined, findings)),
    resource: (id) => byId.get(id),
    find: (reference, ...types) =>
      resources.find(
        ({ type, identity }) =>
          types.includes(type) && [identity.reference, identity.arn, identity.name].includes(reference ?? ''),
      ),
    section: (resource) => sectionOf(resource.properties, resource.id, findings, resource.line),
  };
}

/** What conditions see: they are worked out before there is any resource. */
function withoutResources(scope: Scope, isResource: (id: string) => boolean): Scope {
  const refuse = (id: string, line: number): Tree => {
    scope.findings.error(line, `a condition cannot look at a resource: "${id}"`);
    return unresolved(line);
  };
  return {
    ...scope,
    reference: (name, line) => (isResource(name) ? refuse(name, line) : scope.reference(name, line)),
    attribute: (id, _, line) => refuse(id, line),
  };
}

function outputsOf(outputs: Tree | undefined, scope: Scope): Readonly<Record<string, string>> {
  const values: [string, string][] = [];
  for (const [name, { value: output, line }] of entriesOf(outputs)) {
    const condition = textOf(valueOf(output, 'Condition'));
    if (condition !== undefined && scope.condition(condition, line) !== true) continue;
    const value = valueOf(output, 'Value');
    if (value === undefined) scope.findings.error(line, `output "${name}" has no Value`);
    const resolved = evaluate(value ?? map({}, line), scope);
    if (resolved.kind === 'scalar') values.push([name, textOf(resolved) ?? '']);
    else if (resolved.kind === 'list') values.push([name, JSON.stringify(plain(resolved))]);
  }
  return Object.fromEntries(values);
}
