/**
 * The schemas of all routes, on their way into one document.
 *
 * @module
 */
import type { Schema } from '../handler/schema.ts';
import type { RouteManifest } from '../http/manifest.ts';
import type { ComponentSchemas } from './components.ts';
import { type Converted, converterOf, type SchemaForm } from './convert.ts';
import type { JsonSchema } from './json-schema.ts';
import { nameOf, pascalCase } from './names.ts';
import type { OpenApiOptions } from './options.ts';

/** Gives the schemas of routes, converted. */
export interface DocumentSchemas {
  /** The schema of a body or an answer, in its place. */
  whole(route: RouteManifest, part: string, schema: Schema, form: SchemaForm): JsonSchema;
  /** A schema to be taken apart into parameters. */
  parts(route: RouteManifest, part: string, schema: Schema): Converted;
}

/**
 * Looks at all routes, to know which schemas have several uses.
 *
 * @param ids - the routes' operation ids: a schema without a name is called after its first use
 */
export function schemasOf(
  routes: readonly RouteManifest[],
  ids: readonly string[],
  components: ComponentSchemas,
  options: OpenApiOptions,
): DocumentSchemas {
  const convert = converterOf(options);
  const owners = new Map(routes.map((route, index) => [route, pascalCase(ids[index] ?? '')]));
  const uses = new Map<Schema, { readonly owner: string; count: number }>();
  const ownerOf = (route: RouteManifest, part: string): string => `${owners.get(route)}${pascalCase(part)}`;
  const note = (route: RouteManifest, part: string, schema: Schema): void => {
    const use = uses.get(schema);
    if (use === undefined) uses.set(schema, { owner: ownerOf(route, part), count: 1 });
    else use.count++;
  };
  for (const route of routes) {
    for (const [status, schema] of Object.entries(route.options.response ?? {}))
      note(route, `response ${status}`, schema);
    if (route.options.body !== undefined) note(route, 'body', route.options.body);
  }
  return {
    whole(route, part, schema, form) {
      const where = `${nameOf(route)}: ${part}`;
      const { owner, count } = uses.get(schema) ?? { owner: ownerOf(route, part), count: 1 };
      return components.place(convert({ schema, form, where, owner }), count > 1);
    },
    parts(route, part, schema) {
      const where = `${nameOf(route)}: ${part}`;
      return convert({ schema, form: 'input', where, owner: ownerOf(route, part) });
    },
  };
}
