/**
 * Resources that wait for each other: CloudFormation deploys none of them.
 *
 * @module
 */
import type { DeclaredResource } from './declared.ts';
import { eventsOf } from './declared.ts';
import { textOf, valueOf } from './tree.ts';

/** Which resource needs which others first. */
export interface Needs {
  add(resource: string, needed: string): void;
  /** Each cycle once, as the ids on it, the first one again at its end. */
  cycles(): readonly (readonly string[])[];
}

export function needs(): Needs {
  const edges = new Map<string, Set<string>>();
  return {
    add(resource, needed) {
      const known = edges.get(resource) ?? new Set();
      edges.set(resource, known.add(needed));
    },
    cycles() {
      const cycles: string[][] = [];
      const done = new Set<string>();
      const visit = (id: string, path: readonly string[]): void => {
        const start = path.indexOf(id);
        if (start >= 0) cycles.push([...path.slice(start), id]);
        if (start >= 0 || done.has(id)) return;
        for (const next of edges.get(id) ?? []) visit(next, [...path, id]);
        done.add(id);
      };
      for (const id of edges.keys()) visit(id, []);
      return cycles;
    },
  };
}

/**
 * What needs a SAM function because of its events: SAM writes the function into the bucket and into the API.
 *
 * @returns logical ids
 */
export function needersOf(resource: DeclaredResource): readonly string[] {
  if (resource.type !== 'AWS::Serverless::Function') return [];
  const property: Readonly<Record<string, string>> = { S3: 'Bucket', Api: 'RestApiId', HttpApi: 'ApiId' };
  const implicit: Readonly<Record<string, string>> = {
    Api: 'ServerlessRestApi',
    HttpApi: 'ServerlessHttpApi',
  };
  return eventsOf(resource.properties).flatMap((event) => {
    const type = textOf(valueOf(event, 'Type')) ?? '';
    const name = Object.hasOwn(property, type) ? property[type] : undefined;
    if (name === undefined) return [];
    const target = valueOf(valueOf(event, 'Properties'), name);
    const id = target === undefined ? implicit[type] : textOf(valueOf(target, 'Ref'));
    return id === undefined ? [] : [id];
  });
}
