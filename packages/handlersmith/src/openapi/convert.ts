/**
 * From a schema of any vendor to JSON Schema.
 *
 * @module
 */
import type { Schema } from '../handler/schema.ts';
import { isObject, type JsonSchema, mapSchemas, without } from './json-schema.ts';
import type { OpenApiOptions } from './options.ts';

/** What a schema takes, or what it gives: defaults and transforms make these two. */
export type SchemaForm = 'input' | 'output';

/** A schema as JSON Schema, before it has its place in the document. */
export interface Converted {
  readonly form: SchemaForm;
  /** Stands for schemas that have no name of their own. */
  readonly owner: string;
  readonly root: JsonSchema;
  /** The definition that `root` is, where a vendor wrote the whole schema as a reference to a numbered one. */
  readonly rootName: string | undefined;
  /** Schemas that references lead to, by the name under `$defs` or by `$id`. */
  readonly definitions: ReadonlyMap<string, JsonSchema>;
}

/** A schema to be converted. */
export interface Convertible {
  readonly schema: Schema;
  readonly form: SchemaForm;
  /** The route and its part, for messages: `GET /items: query`. */
  readonly where: string;
  readonly owner: string;
}

const anything: JsonSchema = {};

/** Makes the converter of a document. */
export function converterOf(options: OpenApiOptions): (convertible: Convertible) => Converted {
  return ({ schema, form, where, owner }) => {
    return { form, owner, ...takenApart(convert(schema, form, where, options)) };
  };
}

function convert(schema: Schema, form: SchemaForm, where: string, options: OpenApiOptions): JsonSchema {
  let cause: unknown;
  try {
    const converted = firstOf(schema, form, options);
    if (converted === true) return anything;
    if (isObject(converted)) return plain(converted);
    if (converted !== undefined)
      cause = new TypeError(`expected an object, got ${converted === null ? 'null' : typeof converted}`);
  } catch (error) {
    cause = error;
  }
  if (options.onUnknown === 'any') return anything;
  const reason = cause instanceof Error ? `: ${cause.message}` : '';
  throw new TypeError(
    `openapi: ${where}: ${vendorOf(schema)} has no JSON Schema${reason}. Give its converter as toJsonSchema, ` +
      `put its JSON Schema into jsonSchemas, or set onUnknown to 'any'.`,
    { cause },
  );
}

function firstOf(schema: Schema, form: SchemaForm, options: OpenApiOptions): unknown {
  return (
    options.jsonSchemas?.get(schema) ??
    options.toJsonSchema?.(schema, { io: form }) ??
    standardOf(schema, form) ??
    carriedBy(schema)
  );
}

/** The Standard JSON Schema interface. */
function standardOf(schema: Schema, form: SchemaForm): unknown {
  if (!('~standard' in schema)) return undefined;
  const standard: object = schema['~standard'];
  if (!('jsonSchema' in standard) || !isObject(standard.jsonSchema)) return undefined;
  const convertForm = standard.jsonSchema[form];
  return typeof convertForm === 'function'
    ? Reflect.apply(convertForm, standard.jsonSchema, [{ target: 'draft-2020-12' }])
    : undefined;
}

/** A typebox schema is its own JSON Schema; a function that Ajv compiled at run time carries what it was made from. */
function carriedBy(schema: Schema): unknown {
  if (typeof schema === 'function' && !('~standard' in schema) && 'schema' in schema) return schema.schema;
  return '~kind' in schema ? schema : undefined;
}

/** A copy of nothing but JSON: no functions, no symbols, nothing that the vendor or the caller still holds. */
function plain(schema: JsonSchema): JsonSchema {
  return JSON.parse(JSON.stringify(without(schema, '~standard', '~kind', '$schema'))) as JsonSchema; // it was an object before
}

function takenApart(schema: JsonSchema): Pick<Converted, 'root' | 'rootName' | 'definitions'> {
  const definitions = new Map<string, JsonSchema>();
  for (const keyword of ['definitions', '$defs']) {
    const group = schema[keyword];
    if (!isObject(group)) continue;
    for (const [name, each] of Object.entries(group)) if (isObject(each)) definitions.set(name, each);
  }
  mapSchemas(schema, (each) => {
    if (each !== schema && typeof each['$id'] === 'string') definitions.set(each['$id'], each);
    return each;
  });
  const root = without(schema, '$defs', 'definitions');
  const rootName = Object.keys(root).length === 1 ? String(root['$ref']).replace('#/$defs/', '') : '';
  const numbered = isNumbered(rootName) ? definitions.get(rootName) : undefined;
  return numbered === undefined
    ? { root, rootName: undefined, definitions }
    : { root: numbered, rootName, definitions };
}

/**
 * Whether a definition has a number for a name, as zod, arktype and typebox give them. Such a name says nothing, and the next
 * schema of the program may change it.
 */
export function isNumbered(definition: string): boolean {
  return /^(?:T|__schema|alias|domain|intersection|morph|proto|union|unit|)\d+$/.test(definition);
}

function vendorOf(schema: Schema): string {
  return '~standard' in schema ? `this ${schema['~standard'].vendor} schema` : 'this Ajv function';
}
