/**
 * JSON Schema (2020-12) as plain data, and the way through it.
 *
 * @module
 * @see https://json-schema.org/draft/2020-12
 */

/** A JSON Schema: keywords and their values. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** Keywords that hold schemas by a name of the author's choice, which may be that of a keyword. */
const schemasByName = new Set([
  'properties',
  'patternProperties',
  'dependentSchemas',
  '$defs',
  'definitions',
]);

/** Keywords that hold data, which may look like a schema. */
const data = new Set(['const', 'enum', 'default', 'examples', 'example']);

/** Tells an object from the other things JSON knows. */
export function isObject(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * A copy of a schema in which `change` has been asked about the schema and every schema in it, outer ones first.
 *
 * @param change - gives what to put in the place of a schema, before its own schemas are looked at
 */
export function mapSchemas(schema: JsonSchema, change: (schema: JsonSchema) => JsonSchema): JsonSchema {
  const inner = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(inner);
    return isObject(value) ? mapSchemas(value, change) : value;
  };
  return mapValues(change(schema), (value, keyword) => {
    if (data.has(keyword)) return value;
    return schemasByName.has(keyword) && isObject(value) ? mapValues(value, inner) : inner(value);
  });
}

function mapValues(
  object: JsonSchema,
  change: (value: unknown, name: string) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value, name)]));
}

/** A copy without some keywords. */
export function without(schema: JsonSchema, ...keywords: readonly string[]): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => !keywords.includes(keyword)));
}
