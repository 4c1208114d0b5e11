/**
 * What `openapi` takes, and the checks of it.
 *
 * @module
 */
import { callback, checkOptions, type OptionRules, text } from '../handler/options.ts';
import type { Schema } from '../handler/schema.ts';
import type { RouteManifest } from '../http/manifest.ts';
import type { SchemaForm } from './convert.ts';
import type {
  OpenApiInfo,
  OpenApiOperation,
  OpenApiSecurityRequirement,
  OpenApiServer,
  OpenApiTag,
} from './document.ts';
import { isObject, type JsonSchema } from './json-schema.ts';

/** How the document is made. Everything has a default. */
export interface OpenApiOptions {
  /** Where the API is. Default: the host the document came from. */
  readonly servers?: readonly OpenApiServer[];
  /** Descriptions of the tags that routes carry, in the order they are to be shown. */
  readonly tags?: readonly OpenApiTag[];
  /** How callers say who they are, by a name of your choice. */
  readonly securitySchemes?: Readonly<Record<string, object>>;
  /** What routes with a `claims` schema ask for. Default: the security scheme, where there is just one. */
  readonly security?: readonly OpenApiSecurityRequirement[];
  /**
   * Your vendor's converter, asked before all else: `(schema, { io }) => z.toJSONSchema(schema, { io })`. It may
   * return `undefined` for a schema it does not know. Not needed for vendors that follow Standard JSON Schema (zod,
   * arktype), nor for typebox and Ajv functions compiled at run time, which carry theirs.
   */
  // A method, not a property: its parameter may be the vendor's own type of schemas.
  toJsonSchema?(schema: Schema, options: { readonly io: SchemaForm }): object | undefined;
  /** JSON Schemas of schemas that carry none, such as Ajv functions compiled ahead of time. */
  readonly jsonSchemas?: ReadonlyMap<Schema, object>;
  /** What becomes of a schema that nobody can convert: an error, or "anything goes". Default `'error'`. */
  readonly onUnknown?: 'error' | 'any';
  /** Whether a route stands in the document. Default: every one does. */
  readonly include?: (route: RouteManifest) => boolean;
  /** The last word on each operation: examples, media types, `x-…` members. */
  readonly operation?: (operation: OpenApiOperation, route: RouteManifest) => OpenApiOperation;
}

const list = { expected: 'a list of objects', accepts: Array.isArray };
const object = { expected: 'an object', accepts: isObject };

const rules: OptionRules = {
  servers: list,
  tags: list,
  securitySchemes: object,
  security: list,
  toJsonSchema: callback,
  jsonSchemas: {
    expected: 'a Map of JSON Schemas by schema',
    accepts: (value) => value instanceof Map,
  },
  onUnknown: { expected: "'error' or 'any'", accepts: (value) => value === 'error' || value === 'any' },
  include: callback,
  operation: callback,
};

const infoRules: OptionRules = {
  title: text,
  version: text,
  summary: text,
  description: text,
  termsOfService: text,
  contact: object,
  license: object,
};

/**
 * Refuses what cannot make a document.
 *
 * @throws TypeError naming what is wrong
 */
export function checkOpenApi(info: OpenApiInfo, options: OpenApiOptions): void {
  checkOptions('openapi: info', isObject(info) ? without(info) : info, infoRules);
  for (const name of ['title', 'version'] as const) {
    if (!Object.hasOwn(info, name)) throw new TypeError(`openapi: info needs a ${name}`);
  }
  checkOptions('openapi', options, rules);
}

/** The standard members of `info`: extensions may be anything. */
function without(info: OpenApiInfo): JsonSchema {
  return Object.fromEntries(Object.entries(info).filter(([name]) => !name.startsWith('x-')));
}
