/**
 * From object schemas of path, query, headers and cookies to the parameters of an operation.
 *
 * @module
 */
import { type ComponentSchemas, targetOf } from './components.ts';
import type { Converted } from './convert.ts';
import type { OpenApiParameter } from './document.ts';
import { isObject, type JsonSchema, without } from './json-schema.ts';
import type { PathParameter } from './paths.ts';

/** The properties that a value of a schema may have. */
interface Members {
  readonly properties: ReadonlyMap<string, JsonSchema>;
  readonly required: ReadonlySet<string>;
  /** The schema of further properties, where it says anything. */
  readonly others: JsonSchema | undefined;
}

const none: Members = { properties: new Map(), required: new Set(), others: undefined };

/** Headers that OpenAPI describes by other means (media types, security) and tells readers to ignore here. */
const describedElsewhere = new Set(['accept', 'content-type', 'authorization']);

const REST_OF_PATH = 'The rest of the path, slashes included; send them as they are, not percent-encoded.';

/**
 * The parameters of a path, in the order they stand in it.
 *
 * @param converted - the schema of the path parameters, if there is one
 */
export function pathParametersOf(
  parameters: readonly PathParameter[],
  converted: Converted | undefined,
  components: ComponentSchemas,
): OpenApiParameter[] {
  const members = converted === undefined ? none : membersOf(converted, converted.root);
  return parameters.map(({ name, documented, greedy }) => {
    const property = members.properties.get(name);
    const schema =
      property === undefined || converted === undefined
        ? { type: 'string' }
        : components.placePart(converted, property);
    const parameter = parameterOf(documented, 'path', schema, true);
    if (!greedy) return parameter;
    return {
      ...parameter,
      description:
        parameter.description === undefined ? REST_OF_PATH : `${parameter.description} ${REST_OF_PATH}`,
    };
  });
}

/** The parameters of query, headers or cookies, in the order of the schema. */
export function parametersOf(
  kind: 'query' | 'header' | 'cookie',
  converted: Converted,
  components: ComponentSchemas,
): OpenApiParameter[] {
  const { properties, required, others } = membersOf(converted, converted.root);
  if (kind === 'query' && properties.size === 0 && others !== undefined) {
    const schema = {
      type: 'object',
      additionalProperties: components.placePart(converted, others),
    };
    // In its default style an object's properties are parameters themselves; its own name is never sent.
    return [parameterOf('parameters', kind, { ...schema, description: 'Any parameters.' }, false)];
  }
  return [...properties]
    .filter(([name]) => kind !== 'header' || !describedElsewhere.has(name))
    .map(([name, property]) =>
      parameterOf(name, kind, components.placePart(converted, property), required.has(name)),
    );
}

/** What OpenAPI says of the parameter rather than of its value moves out of the schema. */
function parameterOf(
  name: string,
  kind: OpenApiParameter['in'],
  schema: JsonSchema,
  required: boolean,
): OpenApiParameter {
  const { description, deprecated } = schema;
  return {
    name,
    in: kind,
    ...(required && { required }),
    ...(typeof description === 'string' && { description }),
    ...(deprecated === true && { deprecated }),
    schema: without(schema, 'description', 'deprecated'),
  };
}

/** References are followed, intersections joined; of a union each property may be there. */
function membersOf(converted: Converted, schema: JsonSchema, followed: readonly string[] = []): Members {
  const parts: Members[] = [ownMembers(schema)];
  const target = targetOf(converted, schema['$ref']);
  const definition = target?.rest === '' ? converted.definitions.get(target.definition) : undefined;
  if (target !== undefined && definition !== undefined && !followed.includes(target.definition))
    parts.push(membersOf(converted, definition, [...followed, target.definition]));
  const branchesOf = (keyword: string): Members[] => {
    const branches = schema[keyword];
    return Array.isArray(branches)
      ? branches.filter(isObject).map((branch) => membersOf(converted, branch, followed))
      : [];
  };
  parts.push(...branchesOf('allOf'));
  for (const keyword of ['anyOf', 'oneOf']) {
    const branches = branchesOf(keyword);
    if (branches.length > 0) parts.push(joined(branches, 'either'));
  }
  return joined(parts, 'all');
}

function ownMembers(schema: JsonSchema): Members {
  const { properties, required, additionalProperties } = schema;
  const ownProperties = isObject(properties) ? Object.entries(properties) : [];
  return {
    properties: new Map(ownProperties.map(([name, each]) => [name, isObject(each) ? each : {}])),
    required: new Set(
      Array.isArray(required) ? required.filter((name): name is string => typeof name === 'string') : [],
    ),
    others: isObject(additionalProperties) ? additionalProperties : undefined,
  };
}

function joined(parts: readonly Members[], mode: 'all' | 'either'): Members {
  const found = new Map<string, Map<string, JsonSchema>>(); // by name, then by text: the same schema counts once
  for (const { properties } of parts) {
    for (const [name, schema] of properties) {
      const schemas = found.get(name) ?? new Map<string, JsonSchema>();
      found.set(name, schemas.set(JSON.stringify(schema), schema));
    }
  }
  const keyword = mode === 'all' ? 'allOf' : 'anyOf';
  const properties = [...found].map(([name, schemas]): [string, JsonSchema] => {
    const [first = {}, ...more] = schemas.values();
    return [name, more.length === 0 ? first : { [keyword]: [first, ...more] }];
  });
  const isRequired = (name: string): boolean =>
    mode === 'all'
      ? parts.some(({ required }) => required.has(name))
      : parts.every(({ required }) => required.has(name));
  return {
    properties: new Map(properties),
    required: new Set([...found.keys()].filter(isRequired)),
    others: parts.find(({ others }) => others !== undefined)?.others,
  };
}
