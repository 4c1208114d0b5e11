/**
 * One document out of several.
 *
 * @module
 */
import { isDeepStrictEqual } from 'node:util';

import type { OpenApiDocument } from 'handlersmith/openapi';

import { Failed } from '../problem.ts';

/** A document, and whose it is. */
export interface Part {
  readonly name: string;
  readonly document: OpenApiDocument;
}

type Schemas = Record<string, OpenApiDocument['components']['schemas'][string]>;

/**
 * Puts the paths and schemas of all into one document. A schema that has the name of another one, and is not the same,
 * gets its function's before it.
 *
 * @throws Failed for an operation, or an operation's id, that two of them have
 */
export function merge([first, ...others]: readonly [Part, ...Part[]]): OpenApiDocument {
  if (others.length === 0) return first.document;
  const paths: Record<string, Record<string, unknown>> = {};
  const schemas: Schemas = {};
  const responses: Record<string, OpenApiDocument['components']['responses'][string]> = {};
  const owners = new Map<string, string>();
  const own = (what: string, name: string): void => {
    const other = owners.get(what);
    if (other !== undefined) throw new Failed(`${what} is both ${other}'s and ${name}'s.`);
    owners.set(what, name);
  };

  for (const part of [first, ...others]) {
    const { name } = part;
    const document = withOwnNames(part, schemas);
    Object.assign(schemas, document.components.schemas);
    Object.assign(responses, document.components.responses);
    for (const [path, item] of Object.entries(document.paths)) {
      const operations = (paths[path] ??= {});
      for (const [method, operation] of Object.entries(item)) {
        own(`${method.toUpperCase()} ${path}`, name);
        own(`The operationId ${operation.operationId}`, name);
        operations[method] = operation;
      }
    }
  }
  // Each operation is one of a document's.
  const merged = paths as OpenApiDocument['paths'];
  return { ...first.document, paths: merged, components: { schemas, responses } };
}

/** The document, with other names for schemas whose names are taken. */
function withOwnNames({ name, document }: Part, taken: Schemas): OpenApiDocument {
  const renamed = new Map<string, string>();
  for (const [schema, content] of Object.entries(document.components.schemas)) {
    const other = Object.hasOwn(taken, schema) ? taken[schema] : undefined;
    if (other === undefined || isDeepStrictEqual(other, content)) continue;
    renamed.set(`${POINTER}${schema}`, `${POINTER}${name}${schema}`);
  }
  if (renamed.size === 0) return document;
  const pointed = repointed(document, renamed) as OpenApiDocument; // the same, but for some references
  const schemas = Object.entries(pointed.components.schemas).map(([schema, content]) => [
    renamed.get(`${POINTER}${schema}`)?.slice(POINTER.length) ?? schema,
    content,
  ]);
  return {
    ...pointed,
    components: { ...pointed.components, schemas: Object.fromEntries(schemas) as Schemas },
  };
}

const POINTER = '#/components/schemas/';

function repointed(value: unknown, renamed: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((each) => repointed(each, renamed));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === '$ref' && typeof inner === 'string' ? (renamed.get(inner) ?? inner) : repointed(inner, renamed),
    ]),
  );
}
