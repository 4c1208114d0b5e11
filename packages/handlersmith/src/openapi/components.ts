/**
 * The component schemas of a document: each schema once, under a name that stays.
 *
 * @module
 */
import { type Converted, isNumbered } from './convert.ts';
import { isObject, type JsonSchema, mapSchemas, without } from './json-schema.ts';
import { componentName } from './names.ts';

/** The converted schema itself, among its definitions. */
const ROOT = '';

interface Target {
  readonly definition: string;
  /** The rest of a JSON Pointer that goes deeper than the definition. */
  readonly rest: string;
}

/** Collects schemas. Schemas of the same name and content share a place; references are made to lead there. */
export class ComponentSchemas {
  readonly #names = new Map<string, string>();
  readonly #schemas: Map<string, JsonSchema>;

  /** @param given - schemas that are part of every document; their names are taken */
  constructor(given: Readonly<Record<string, JsonSchema>>) {
    this.#schemas = new Map(Object.entries(given));
  }

  /**
   * Puts a whole schema into the document: a reference where it has a name, is used more than once or contains
   * itself; else the schema as it is.
   */
  place(converted: Converted, shared: boolean): JsonSchema {
    const { root } = converted;
    const isAlias = typeof root['$ref'] === 'string' && Object.keys(root).length === 1;
    if (isAlias || !(shared || ownName(root) !== undefined || isRecursive(converted, ROOT)))
      return this.placePart(converted, root);
    return { $ref: this.#referenceTo(converted, { definition: ROOT, rest: '' }) };
  }

  /** Puts a part of a schema into the document, as it is; what it refers to becomes components. */
  placePart(converted: Converted, part: JsonSchema): JsonSchema {
    const placed = (schema: JsonSchema): JsonSchema => {
      const bare = withoutIds(schema);
      const target = targetOf(converted, bare['$ref']);
      if (target === undefined) return bare;
      return isInlined(converted, target)
        ? placed({ ...definitionIn(converted, target.definition), ...without(bare, '$ref') })
        : { ...bare, $ref: this.#referenceTo(converted, target) };
    };
    return mapSchemas(part, placed);
  }

  /** All of them, sorted by name so that a new one moves none of the others. */
  get all(): Record<string, JsonSchema> {
    return Object.fromEntries([...this.#schemas].toSorted(([left], [right]) => (left < right ? -1 : 1)));
  }

  #referenceTo(converted: Converted, { definition, rest }: Target): string {
    const base = baseName(converted, definition);
    const key = `${base}\n${reachedFrom(converted, definition).content}`;
    let name = this.#names.get(key);
    if (name === undefined) {
      name = this.#freeName(base, converted.form);
      this.#names.set(key, name);
      this.#schemas.set(name, {}); // the name is taken before the schema, which may refer to itself, is gone through
      this.#schemas.set(name, this.placePart(converted, definitionIn(converted, definition)));
    }
    return `#/components/schemas/${name}${rest}`;
  }

  #freeName(base: string, form: Converted['form']): string {
    const named = [base, base + (form === 'input' ? 'Input' : 'Output')];
    for (let count = 2; ; count++) {
      const free = named.find((name) => !this.#schemas.has(name));
      if (free !== undefined) return free;
      named.push(`${base}${count}`);
    }
  }
}

function definitionIn(converted: Converted, definition: string): JsonSchema {
  return definition === ROOT ? converted.root : (converted.definitions.get(definition) ?? {});
}

/** Where a reference leads within the converted schema; `undefined` where it leads elsewhere, or is none. */
export function targetOf(converted: Converted, reference: unknown): Target | undefined {
  if (typeof reference !== 'string') return undefined;
  if (reference === '#' || reference === converted.root['$id']) return { definition: ROOT, rest: '' };
  if (converted.definitions.has(reference)) return { definition: reference, rest: '' };
  const [, name, rest] = /^#\/(?:\$defs|definitions)\/([^/]+)(.*)$/.exec(reference) ?? [];
  const definition = name === undefined || converted.definitions.has(name) ? name : unescaped(name);
  if (definition !== undefined && converted.definitions.has(definition))
    return { definition: definition === converted.rootName ? ROOT : definition, rest: rest ?? '' };
  // What already points into the document, to our Problem perhaps, is right as it is.
  if (!reference.startsWith('#/') || reference.startsWith('#/components/')) return undefined;
  return { definition: ROOT, rest: reference.slice(1) };
}

function unescaped(segment: string): string {
  return decodeURIComponent(segment).replaceAll('~1', '/').replaceAll('~0', '~');
}

/** The name its author gave a schema. `id` is how some vendors write theirs; JSON Schema knows no such keyword. */
function ownName(schema: JsonSchema): string | undefined {
  for (const keyword of ['id', '$id', 'title']) {
    const name = schema[keyword];
    if (typeof name === 'string' && name !== '' && !isNumbered(name)) return name;
  }
  return undefined;
}

function baseName(converted: Converted, definition: string): string {
  if (definition !== ROOT && !isNumbered(definition)) return componentName(definition);
  const otherwise = definition === ROOT ? converted.owner : `${converted.owner}Part`;
  return componentName(ownName(definitionIn(converted, definition)) ?? otherwise);
}

/** A number is no name: what has no better one stands where it is used, unless it has no end. */
function isInlined(converted: Converted, { definition, rest }: Target): boolean {
  return (
    rest === '' &&
    isNumbered(definition) &&
    ownName(definitionIn(converted, definition)) === undefined &&
    !isRecursive(converted, definition)
  );
}

function isRecursive(converted: Converted, definition: string): boolean {
  return reachedFrom(converted, definition).isRecursive;
}

/** A definition and all it refers to: as one text, whatever these are called, and whether it is among them. */
function reachedFrom(converted: Converted, definition: string): { content: string; isRecursive: boolean } {
  const found = [definition];
  const texts: string[] = [];
  let recursive = false;
  for (const name of found) {
    const numbered = mapSchemas(definitionIn(converted, name), (schema) => {
      const target = targetOf(converted, schema['$ref']);
      if (target === undefined) return schema;
      if (!found.includes(target.definition)) found.push(target.definition);
      recursive ||= target.definition === definition;
      return { ...schema, $ref: `${found.indexOf(target.definition)}${target.rest}` };
    });
    texts.push(JSON.stringify(numbered));
  }
  return { content: texts.join('\n'), isRecursive: recursive };
}

/** Component names take the place of ids, and of the definitions that were found by them. */
function withoutIds(schema: JsonSchema): JsonSchema {
  const bare = typeof schema['id'] === 'string' ? without(schema, '$id', 'id') : without(schema, '$id');
  const { $defs } = bare;
  if (!isObject($defs)) return bare;
  const kept = Object.entries($defs).filter(([, each]) => !isObject(each) || each['$id'] === undefined);
  return kept.length === 0 ? without(bare, '$defs') : { ...bare, $defs: Object.fromEntries(kept) };
}
