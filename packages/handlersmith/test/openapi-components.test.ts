import { scope } from 'arktype';
import { httpRouter, route, type Schema } from 'handlersmith/http';
import { type JsonSchema, openapi, type OpenApiDocument, type OpenApiOptions } from 'handlersmith/openapi';
import Type from 'typebox';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';

import { faultsOf, operationIn } from './openapi.document.ts';

const info = { title: 'Things', version: '1' };

/** A document of routes that answer with these schemas: `/a`, `/b` and so on. */
function answering(schemas: Readonly<Record<string, Schema>>, options?: OpenApiOptions): OpenApiDocument {
  const routes = Object.entries(schemas).map(([name, schema]) => [
    `GET /${name}`,
    route({ response: { 200: schema } }, () => undefined as never),
  ]);
  return openapi(httpRouter({ logger: false }, Object.fromEntries(routes) as never), info, options);
}

function schemaAt(document: OpenApiDocument, path: string): JsonSchema | undefined {
  const response = operationIn(document, `GET ${path}`).responses[200];
  const content = response !== undefined && 'content' in response ? response.content : undefined;
  return (content as Record<string, { schema: JsonSchema }> | undefined)?.['application/json']?.schema;
}

function ownSchemas(document: OpenApiDocument): Readonly<Record<string, JsonSchema>> {
  const { Problem, ProblemWithErrors, ...own } = document.components.schemas;
  expect([Problem, ProblemWithErrors]).not.toContain(undefined);
  return own;
}

/** JSON Schemas as they are, for what no vendor here writes. */
function fixed(jsonSchema: object): { schema: Schema; entry: [Schema, object] } {
  const schema = (value: unknown): value is unknown => value !== jsonSchema;
  return { schema, entry: [schema, jsonSchema] };
}

describe('a schema with one use and no name', () => {
  it('stands where it is used', () => {
    const document = answering({ a: z.object({ n: z.number() }) });
    expect(schemaAt(document, '/a')).toMatchObject({ type: 'object' });
    expect(ownSchemas(document)).toEqual({});
  });
});

describe('a schema with several uses', () => {
  it('is one component, called after its first use', async () => {
    const Shared = z.object({ n: z.number() });
    const document = answering({ a: Shared, b: Shared });
    expect(schemaAt(document, '/a')).toEqual({ $ref: '#/components/schemas/GetAResponse200' });
    expect(schemaAt(document, '/b')).toEqual(schemaAt(document, '/a'));
    expect(Object.keys(ownSchemas(document))).toEqual(['GetAResponse200']);
    expect(await faultsOf(document)).toEqual([]);
  });
});

describe('a schema with a name', () => {
  it('is called by its id, or by its title', async () => {
    const Item = z.object({ n: z.number() }).meta({ id: 'Item', title: 'The item' });
    const document = answering({
      a: Item,
      b: z.array(Item),
      c: z.object({ s: z.string() }).meta({ title: 'A small thing' }),
    });
    expect(Object.keys(ownSchemas(document))).toEqual(['ASmallThing', 'Item']);
    expect(schemaAt(document, '/a')).toEqual({ $ref: '#/components/schemas/Item' });
    expect(schemaAt(document, '/b')).toMatchObject({ items: { $ref: '#/components/schemas/Item' } });
    expect(await faultsOf(document)).toEqual([]);
  });

  it('that another schema has too gets a number, and takes nothing away from a Problem', async () => {
    const one = fixed({ title: 'Same', type: 'string' });
    const two = fixed({ title: 'Same', type: 'number' });
    const three = fixed({ title: 'Same', type: 'boolean' });
    const again = fixed({ type: 'string', title: 'Problem' });
    const document = answering(
      { a: one.schema, b: two.schema, c: three.schema, d: again.schema },
      { jsonSchemas: new Map([one.entry, two.entry, three.entry, again.entry]) },
    );
    expect(Object.keys(ownSchemas(document))).toEqual(['ProblemOutput', 'Same', 'Same2', 'SameOutput']);
    expect(document.components.schemas['Problem']).toMatchObject({ required: ['type', 'title', 'status'] });
    expect(await faultsOf(document)).toEqual([]);
  });

  it('whose two forms are alike is one component', () => {
    const Name = z.string().meta({ id: 'Name' });
    const handler = httpRouter(
      { logger: false },
      { 'POST /a': route({ body: Name, response: { 200: Name } }, () => 'a') },
    );
    expect(Object.keys(ownSchemas(openapi(handler, info)))).toEqual(['Name']);
  });
});

describe('a recursive schema', () => {
  it('refers to its own component', async () => {
    const Plain = z.object({
      n: z.number(),
      get kids() {
        return z.array(Plain);
      },
    });
    const Named = z
      .object({
        n: z.number(),
        get kids() {
          return z.array(Named);
        },
      })
      .meta({ id: 'Tree' });
    const document = answering({
      plain: Plain,
      named: Named,
      within: z.object({ plain: Plain, named: Named }),
    });
    expect(ownSchemas(document)).toMatchObject({
      GetPlainResponse200: {
        properties: { kids: { items: { $ref: '#/components/schemas/GetPlainResponse200' } } },
      },
      GetWithinResponse200Part: {
        properties: { kids: { items: { $ref: '#/components/schemas/GetWithinResponse200Part' } } },
      },
      Tree: { properties: { kids: { items: { $ref: '#/components/schemas/Tree' } } } },
    });
    expect(Object.keys(ownSchemas(document))).toHaveLength(3);
    expect(await faultsOf(document)).toEqual([]);
  });

  it('of a vendor that counts its definitions is named after its use, not by a number that may change', async () => {
    const { Branch } = scope({ Branch: { n: 'number', kids: 'Branch[]' }, Unrelated: 'string' }).export();
    const document = answering({ a: Branch });
    expect(schemaAt(document, '/a')).toEqual({ $ref: '#/components/schemas/GetAResponse200' });
    expect(JSON.stringify(document)).not.toMatch(/intersection\d/);
    expect(await faultsOf(document)).toEqual([]);
  });

  it('of a vendor that refers by $id works wherever it stands', async () => {
    const Cyclic = Type.Cyclic(
      { Node: Type.Object({ n: Type.Number(), kids: Type.Array(Type.Ref('Node')) }) },
      'Node',
    );
    const whole = fixed(Cyclic);
    const within = fixed(Type.Object({ tree: Cyclic }));
    const document = answering(
      { whole: whole.schema, within: within.schema },
      { jsonSchemas: new Map([whole.entry, within.entry]) },
    );
    expect(ownSchemas(document)).toEqual({
      Node: {
        type: 'object',
        required: ['n', 'kids'],
        properties: {
          n: { type: 'number' },
          kids: { type: 'array', items: { $ref: '#/components/schemas/Node' } },
        },
      },
    });
    expect(schemaAt(document, '/within')).toMatchObject({
      properties: { tree: { $ref: '#/components/schemas/Node' } },
    });
    expect(await faultsOf(document)).toEqual([]);
  });
});

describe('a schema that refers to its own $id', () => {
  it.each([
    ['Tree', 'Tree'],
    ['T0', 'GetAResponse200'],
  ])('%s is the component %s', async ($id, name) => {
    const tree = fixed({
      $id,
      type: 'object',
      properties: { kids: { type: 'array', items: { $ref: $id } } },
    });
    const document = answering({ a: tree.schema }, { jsonSchemas: new Map([tree.entry]) });
    expect(ownSchemas(document)).toEqual({
      [name]: {
        type: 'object',
        properties: { kids: { type: 'array', items: { $ref: `#/components/schemas/${name}` } } },
      },
    });
    expect(await faultsOf(document)).toEqual([]);
  });
});

describe('references', () => {
  it('into a schema lead into its component, those to our components stay', async () => {
    const deep = fixed({
      type: 'object',
      properties: {
        'a/b': { type: 'string' },
        twin: { $ref: '#/properties/a~1b' },
        part: { $ref: '#/$defs/Box/properties/size' },
        problem: { $ref: '#/components/schemas/Problem' },
      },
      $defs: { Box: { type: 'object', properties: { size: { type: 'number' } } } },
    });
    const document = answering({ a: deep.schema }, { jsonSchemas: new Map([deep.entry]) });
    expect(ownSchemas(document)['GetAResponse200']).toMatchObject({
      properties: {
        twin: { $ref: '#/components/schemas/GetAResponse200/properties/a~1b' },
        part: { $ref: '#/components/schemas/Box/properties/size' },
        problem: { $ref: '#/components/schemas/Problem' },
      },
    });
    expect(await faultsOf(document)).toEqual([]);
  });

  it('in data are data, and properties may be called like keywords', () => {
    const odd = fixed({
      type: 'object',
      properties: { default: { $ref: '#/$defs/Box' }, $id: { type: 'string' }, id: { type: 'string' } },
      default: { $ref: '#/$defs/Box' },
      const: { $ref: '#' },
      $defs: { Box: { type: 'object' } },
    });
    const document = answering({ a: odd.schema }, { jsonSchemas: new Map([odd.entry]) });
    expect(schemaAt(document, '/a')).toEqual({
      type: 'object',
      properties: {
        default: { $ref: '#/components/schemas/Box' },
        $id: { type: 'string' },
        id: { type: 'string' },
      },
      default: { $ref: '#/$defs/Box' },
      const: { $ref: '#' },
    });
  });

  it('to numbered definitions without recursion are replaced by what they lead to', () => {
    const numbered = fixed({
      $ref: '#/$defs/intersection7',
      $defs: {
        intersection7: {
          type: 'object',
          properties: { a: { $ref: '#/$defs/union8', description: 'Here.' } },
        },
        union8: { $ref: '#/$defs/9', description: 'There.' },
        9: { type: ['string', 'number'] },
      },
    });
    const document = answering({ a: numbered.schema }, { jsonSchemas: new Map([numbered.entry]) });
    expect(schemaAt(document, '/a')).toEqual({
      type: 'object',
      properties: { a: { type: ['string', 'number'], description: 'Here.' } },
    });
  });

  it('leave the schemas they were found in as they were', () => {
    const given = {
      type: 'object',
      properties: { a: { $ref: '#/$defs/Box' } },
      $defs: { Box: { $id: 'Box' } },
    };
    const before = structuredClone(given);
    const kept = fixed(given);
    answering({ a: kept.schema }, { jsonSchemas: new Map([kept.entry]) });
    expect(given).toEqual(before);
  });
});
