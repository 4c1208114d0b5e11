import { toJsonSchema as valibotToJsonSchema } from '@valibot/to-json-schema';
import { Ajv } from 'ajv';
import { type } from 'arktype';
import { httpHandler, httpRouter, noContent, route, type RouteOptions, type Schema } from 'handlersmith/http';
import { openapi, type OpenApiDocument, type OpenApiOptions } from 'handlersmith/openapi';
import Type from 'typebox';
import Value from 'typebox/value';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import * as mini from 'zod/mini';

import { faultsOf, operationIn, responseIn } from './openapi.document.ts';

const info = { title: 'Items', version: '1.2.3' };

const Item = z
  .object({ id: z.string(), name: z.string().min(1), tags: z.array(z.string()).default([]) })
  .meta({ id: 'Item' });
const Page = z.object({
  limit: z.number().int().max(100).default(20).describe('Items on a page.'),
  after: z.string().optional().meta({ deprecated: true }),
  tag: z.array(z.string()).optional(),
  sort: z.enum(['name', 'id']),
});

const rich = httpRouter(
  { logger: false, service: 'items', health: { path: '/health' } },
  {
    'GET /items': route(
      {
        query: Page,
        headers: z.object({ 'if-none-match': z.string().optional(), authorization: z.string() }),
        cookies: z.object({ session: z.string() }),
        response: { 200: z.object({ items: z.array(Item), next: z.string().optional() }) },
        summary: 'Lists items',
        description: 'One page of them.',
        tags: ['items'],
      },
      () => ({ items: [] }),
    ),
    'POST /items': route(
      {
        body: Item,
        response: { 201: Item, 303: z.undefined(), 409: z.object({ taken: z.string() }) },
        claims: z.object({ sub: z.string() }),
        operationId: 'createItem',
        tags: ['items'],
      },
      () => {
        throw new Error('not asked');
      },
    ),
    'GET /items/{id}': route({ response: { 200: Item, 304: z.undefined() } }, () => {
      throw new Error('not asked');
    }),
    'PUT /items/{itemId}': route(
      {
        path: z.object({ itemId: z.string().length(4).describe('The id.') }),
        body: Item.optional(),
        deprecated: true,
      },
      () => undefined,
    ),
    'DELETE /items/{id}': route({ response: { 204: z.undefined() } }, () => noContent()),
    'HEAD /items/{id}': route({ response: { 200: Item } }, () => {
      throw new Error('not asked');
    }),
    'GET /files/{path+}': route(() => 'file'),
    'POST /forms': route({ consumes: 'form', body: z.object({ name: z.string() }) }, () => undefined),
    'POST /notes': route({ consumes: 'text' }, () => undefined),
    'PUT /images': route({ consumes: 'bytes', body: z.instanceof(Uint8Array) }, () => undefined),
    'OPTIONS /items': route(() => undefined),
    'GET /': route(() => 'home'),
  },
);

const document = openapi(rich, info, {
  servers: [{ url: 'https://api.example.com' }],
  tags: [{ name: 'items', description: 'Things.' }],
  securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
});

function documentOf(options: RouteOptions, more?: OpenApiOptions): OpenApiDocument {
  return openapi(
    httpRouter({ logger: false }, { 'POST /things': route(options, () => undefined as never) }),
    info,
    more,
  );
}

describe('a document', () => {
  it('passes the official schema of OpenAPI 3.1', async () => {
    expect(await faultsOf(document)).toEqual([]);
  });

  it.each([
    ['an operation without answers', '/paths/~1items/get/responses', {}],
    [
      'a parameter in an unknown place',
      '/paths/~1items/get/parameters',
      [{ name: 'a', in: 'body', schema: {} }],
    ],
    ['an optional path parameter', '/paths/~1items/get/parameters', [{ name: 'a', in: 'path', schema: {} }]],
    ['a schema of an unknown type', '/components/schemas/Item', { type: 'text' }],
    ['a reference that leads nowhere', '/components/schemas/Item', { $ref: '#/components/schemas/Gone' }],
  ])('would fail it with %s', async (_what, pointer, value) => {
    const broken = structuredClone(document);
    const path = pointer
      .split('/')
      .slice(1)
      .map((segment) => segment.replaceAll('~1', '/'));
    const last = path.pop() ?? '';
    let target: object = broken;
    for (const segment of path) target = Reflect.get(target, segment) as object;
    Reflect.set(target, last, value);
    expect(await faultsOf(broken)).not.toEqual([]);
  });

  it('is plain JSON and the same each time', () => {
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
    const again = openapi(rich, info);
    expect(JSON.stringify(openapi(rich, info))).toBe(JSON.stringify(again));
  });

  it('keeps routes in their order and sorts components by name', () => {
    expect(Object.keys(document.paths)).toEqual([
      '/items',
      '/items/{id}',
      '/files/{path}',
      '/forms',
      '/notes',
      '/images',
      '/',
      '/health',
    ]);
    expect(Object.keys(document.components.schemas)).toEqual([
      'Item',
      'ItemInput',
      'Problem',
      'ProblemWithErrors',
    ]);
  });

  it('gives the health check an operation, in the place of a route on its path', async () => {
    const handler = httpRouter(
      { logger: false, health: { path: '/health' } },
      { 'GET /health': route({ summary: 'never reached' }, () => 1), 'POST /health': route(() => 1) },
    );
    const described = openapi(handler, info);
    expect(operationIn(described, 'GET /health')).toMatchObject({
      operationId: 'getHealth',
      responses: { 503: {} },
    });
    expect(operationIn(described, 'GET /health').summary).not.toBe('never reached');
    expect(operationIn(described, 'POST /health').operationId).toBe('postHealth');
    expect(await faultsOf(described)).toEqual([]);
  });
});

describe('operations', () => {
  it('say what the route says of itself', () => {
    expect(operationIn(document, 'GET /items')).toMatchObject({
      operationId: 'getItems',
      summary: 'Lists items',
      description: 'One page of them.',
      tags: ['items'],
    });
    expect(operationIn(document, 'PUT /items/{id}').deprecated).toBe(true);
  });

  it('get an id from method and path', () => {
    const ids = Object.values(document.paths).flatMap((item) =>
      Object.values(item).map((each) => each.operationId),
    );
    expect(ids).toEqual([
      'getItems',
      'createItem',
      'optionsItems',
      'getItemsById',
      'putItemsByItemId',
      'deleteItemsById',
      'headItemsById',
      'getFilesByPath',
      'postForms',
      'postNotes',
      'putImages',
      'getRoot',
      'getHealth',
    ]);
  });

  it('get another id where the derived one is taken', () => {
    const handler = httpRouter(
      { logger: false },
      {
        'GET /a-b': route(() => 1),
        'GET /a/b': route(() => 1),
        'GET /c': route({ operationId: 'getAB2' }, () => 1),
      },
    );
    const { paths } = openapi(handler, info);
    expect(Object.values(paths).map((item) => item['get']?.operationId)).toEqual([
      'getAB',
      'getAB3',
      'getAB2',
    ]);
  });

  it('ask for security where the route asks for claims, and nowhere else', () => {
    expect(operationIn(document, 'POST /items').security).toEqual([{ token: [] }]);
    expect(operationIn(document, 'GET /items').security).toBeUndefined();
    const claims = { claims: z.object({}) };
    expect(operationIn(documentOf(claims), 'POST /things').security).toBeUndefined();
    const security = [{ key: [] }, { token: ['write'] }];
    expect(operationIn(documentOf(claims, { security }), 'POST /things').security).toEqual(security);
  });

  it('can be left out, and changed at the end', () => {
    const changed = openapi(rich, info, {
      include: ({ path }) => path.startsWith('/files'),
      operation: (operation, { method, path }) => ({ ...operation, 'x-route': `${method} ${path}` }),
    });
    expect(Object.keys(changed.paths)).toEqual(['/files/{path}']);
    expect(operationIn(changed, 'GET /files/{path}')).toMatchObject({ 'x-route': 'GET /files/{path+}' });
  });
});

describe('parameters', () => {
  it('come from the properties of the schemas: what is said of them moves out of the schema', () => {
    expect(operationIn(document, 'GET /items').parameters).toEqual([
      {
        name: 'limit',
        in: 'query',
        description: 'Items on a page.',
        schema: expect.objectContaining({ type: 'integer', maximum: 100, default: 20 }),
      },
      { name: 'after', in: 'query', deprecated: true, schema: { type: 'string' } },
      { name: 'tag', in: 'query', schema: { type: 'array', items: { type: 'string' } } },
      { name: 'sort', in: 'query', required: true, schema: { type: 'string', enum: ['name', 'id'] } },
      { name: 'if-none-match', in: 'header', schema: { type: 'string' } },
      { name: 'session', in: 'cookie', required: true, schema: { type: 'string' } },
    ]);
  });

  it('of a path come from the pattern where no schema tells more', () => {
    expect(operationIn(document, 'GET /items/{id}').parameters).toEqual([
      { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
    ]);
  });

  it('of one path have one name, as OpenAPI asks, whatever each route calls them', () => {
    expect(operationIn(document, 'PUT /items/{id}').parameters).toEqual([
      {
        name: 'id',
        in: 'path',
        required: true,
        description: 'The id.',
        schema: { type: 'string', minLength: 4, maxLength: 4 },
      },
    ]);
  });

  it('that are greedy are one parameter with a note', () => {
    expect(operationIn(document, 'GET /files/{path}').parameters).toEqual([
      {
        name: 'path',
        in: 'path',
        required: true,
        description: expect.stringContaining('rest of the path'),
        schema: { type: 'string' },
      },
    ]);
  });

  it('come from named, joined and alternative schemas too', async () => {
    const Named = z.object({ page: z.number() }).meta({ id: 'Paging' });
    const Either = z.union([
      z.object({ kind: z.literal('a'), a: z.string() }),
      z.object({ kind: z.literal('b'), b: z.string() }),
    ]);
    const described = documentOf({ query: z.intersection(Named, Either) });
    expect(operationIn(described, 'POST /things').parameters).toEqual([
      { name: 'page', in: 'query', required: true, schema: { type: 'number' } },
      {
        name: 'kind',
        in: 'query',
        required: true,
        schema: { anyOf: [expect.objectContaining({ const: 'a' }), expect.objectContaining({ const: 'b' })] },
      },
      { name: 'a', in: 'query', schema: { type: 'string' } },
      { name: 'b', in: 'query', schema: { type: 'string' } },
    ]);
    expect(described.components.schemas).not.toHaveProperty('Paging');
    expect(await faultsOf(described)).toEqual([]);
  });

  it('of any name are one object', async () => {
    const described = documentOf({ query: z.record(z.string(), z.string()) });
    expect(operationIn(described, 'POST /things').parameters).toMatchObject([
      { in: 'query', schema: { type: 'object', additionalProperties: { type: 'string' } } },
    ]);
    expect(await faultsOf(described)).toEqual([]);
  });
});

function bodyOf(line: string): unknown {
  return operationIn(document, line).requestBody;
}

describe('bodies', () => {
  it('have the media type that the route reads, and are required where the schema does not take undefined', () => {
    expect(bodyOf('POST /items')).toEqual({
      required: true,
      content: { 'application/json': { schema: { $ref: '#/components/schemas/ItemInput' } } },
    });
    expect(bodyOf('PUT /items/{id}')).toMatchObject({ required: false, content: { 'application/json': {} } });
    expect(bodyOf('POST /forms')).toMatchObject({
      required: true,
      content: { 'application/x-www-form-urlencoded': { schema: { type: 'object', required: ['name'] } } },
    });
    expect(bodyOf('POST /notes')).toEqual({
      required: false,
      content: { 'text/plain': { schema: { type: 'string' } } },
    });
    expect(bodyOf('PUT /images')).toEqual({ required: true, content: { '*/*': {} } });
    expect(bodyOf('GET /items')).toBeUndefined();
  });

  it('are required where an asynchronous schema cannot say', () => {
    const body: Schema = {
      '~standard': { version: 1, vendor: 'own', validate: async () => Promise.reject(new Error('asked')) },
    };
    const { requestBody } = operationIn(documentOf({ body }, { onUnknown: 'any' }), 'POST /things');
    expect(requestBody?.required).toBe(true);
  });
});

describe('answers', () => {
  it('are what the schemas give, requests what they take', () => {
    expect(document.components.schemas['Item']).toMatchObject({ required: ['id', 'name', 'tags'] });
    expect(document.components.schemas['ItemInput']).toMatchObject({ required: ['id', 'name'] });
  });

  it('without a body have no content, whatever their schema', () => {
    expect(responseIn(document, 'DELETE /items/{id}', '204')).toEqual({ description: 'No Content' });
    expect(responseIn(document, 'GET /items/{id}', '304')).toEqual({ description: 'Not Modified' });
    expect(responseIn(document, 'POST /items', '303')).toMatchObject({ headers: { Location: {} } });
    expect(responseIn(document, 'POST /items', '303')).not.toHaveProperty('content');
    const { responses } = operationIn(document, 'HEAD /items/{id}');
    expect(JSON.stringify(responses)).not.toContain('content');
  });

  it('are 2XX of unknown content where the route declares no success', () => {
    expect(responseIn(document, 'GET /', '2XX')).toEqual({ description: 'Success' });
    expect(operationIn(document, 'GET /items').responses).not.toHaveProperty('2XX');
  });

  it('of a declared error come in its own form and as a problem', () => {
    const { content } = responseIn(document, 'POST /items', '409');
    expect(Object.keys(content ?? {})).toEqual(['application/json', 'application/problem+json']);
  });

  it.each([
    ['GET /', ['2XX', 'default']],
    ['GET /files/{path}', ['2XX', '400', '404', 'default']],
    ['GET /items', ['200', '400', 'default']],
    ['POST /items', ['201', '303', '400', '401', '403', '409', '413', '415', 'default']],
    ['PUT /items/{id}', ['2XX', '400', '404', '413', '415', 'default']],
    ['POST /notes', ['2XX', '400', '413', '415', 'default']],
    ['PUT /images', ['2XX', '400', '413', 'default']],
  ])('of %s are %j', (line, statuses) => {
    expect(Object.keys(operationIn(document, line).responses).toSorted()).toEqual(statuses.toSorted());
  });
});

function thing(): Type.TObject<{ name: Type.TString; size: Type.TOptional<Type.TNumber> }> {
  return Type.Object({ name: Type.String(), size: Type.Optional(Type.Number()) });
}

function typebox(): Schema {
  const schema = thing();
  return Object.assign(schema, {
    '~standard': {
      version: 1 as const,
      vendor: 'typebox',
      validate: (value: unknown) =>
        Value.Check(schema, value) ? { value } : { issues: [{ message: 'is no thing' }] },
    },
  });
}

function aheadOfTime(): { body: Schema; options: OpenApiOptions } {
  const check = new Ajv().compile(thing());
  const body = (value: unknown): value is unknown => check(value);
  return { body, options: { jsonSchemas: new Map([[body, thing()]]) } };
}

describe('schemas of every vendor', () => {
  const things: Readonly<Record<string, { body: Schema; options?: OpenApiOptions }>> = {
    zod: { body: z.object({ name: z.string(), size: z.number().optional() }) },
    'zod/mini, with its converter': {
      body: mini.object({ name: mini.string(), size: mini.optional(mini.number()) }),
      options: { toJsonSchema: (schema: mini.ZodMiniType, { io }) => z.toJSONSchema(schema, { io }) },
    },
    'valibot, with its converter': {
      body: v.object({ name: v.string(), size: v.optional(v.number()) }),
      options: {
        toJsonSchema: (schema: v.GenericSchema, { io }) =>
          valibotToJsonSchema(schema, { typeMode: io, target: 'draft-2020-12' }),
      },
    },
    arktype: { body: type({ name: 'string', 'size?': 'number' }) },
    typebox: { body: typebox() },
    'Ajv, compiled at run time': { body: new Ajv().compile(thing()) },
    'Ajv, compiled ahead of time': aheadOfTime(),
  };

  it.each(Object.entries(things))('%s', async (_vendor, { body, options }) => {
    const described = documentOf({ body, response: { 200: body } }, options);
    const { responses, requestBody } = operationIn(described, 'POST /things');
    const name = Object.keys(described.components.schemas).find((each) => each.startsWith('PostThings'));
    expect(requestBody).toMatchObject({ required: true });
    expect(responses[200]).toMatchObject({
      content: { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } },
    });
    expect(described.components.schemas[name ?? '']).toMatchObject({
      type: 'object',
      properties: { name: { type: 'string' }, size: { type: 'number' } },
      required: ['name'],
    });
    expect(await faultsOf(described)).toEqual([]);
  });
});

describe('what cannot be described', () => {
  const Unknown = v.object({ name: v.string() });

  it.each([
    [{ body: Unknown }, 'POST /things: body: this valibot schema has no JSON Schema'],
    [{ query: Unknown }, 'POST /things: query: this valibot schema'],
    [{ response: { 202: Unknown } }, 'POST /things: response 202: this valibot schema'],
    [{ body: (value: unknown): value is unknown => value !== 1 }, 'POST /things: body: this Ajv function'],
    [{ body: z.object({ at: z.date() }) }, 'Date cannot be represented'],
  ])('is an error that names route and part', (options, message) => {
    expect(() => documentOf(options)).toThrow(message);
  });

  it("is anything with onUnknown: 'any'", async () => {
    const described = documentOf({ body: Unknown, query: Unknown }, { onUnknown: 'any' });
    expect(operationIn(described, 'POST /things').requestBody?.content).toEqual({
      'application/json': { schema: {} },
    });
    expect(operationIn(described, 'POST /things').parameters).toBeUndefined();
    expect(await faultsOf(described)).toEqual([]);
  });

  it('is an error of the converter, kept as its cause', () => {
    const fault = new Error('no such schema');
    const toJsonSchema = (): never => {
      throw fault;
    };
    expect(() => documentOf({ body: Item }, { toJsonSchema })).toThrow(
      expect.objectContaining({ cause: fault, message: expect.stringContaining('no such schema') }) as Error,
    );
  });

  it('is a handler without routes', () => {
    expect(() =>
      openapi(
        httpHandler({ logger: false }, () => 1),
        info,
      ),
    ).toThrow('no routes');
  });

  it.each([undefined, () => 1, { manifest: { trigger: 'sqs' } }])('is no handler of HTTP: %o', (handler) => {
    expect(() => openapi(handler as unknown as typeof rich, info)).toThrow(
      'openapi: expected a handler that httpRouter made',
    );
  });

  it('are two routes that OpenAPI cannot tell apart', () => {
    const handler = httpRouter(
      { logger: false },
      { 'GET /a/{b}': route(() => 1), 'GET /a/{c+}': route(() => 1) },
    );
    expect(() => openapi(handler, info)).toThrow('GET /a/{b} and GET /a/{c+}');
    const { paths } = openapi(handler, info, { include: ({ path }) => path !== '/a/{c+}' });
    expect(Object.keys(paths)).toEqual(['/a/{b}']);
  });

  it('are two routes with one operationId', () => {
    const same = route({ operationId: 'same' }, () => 1);
    expect(() => openapi(httpRouter({ logger: false }, { 'GET /a': same, 'GET /b': same }), info)).toThrow(
      'operationId "same" stands at GET /a and at GET /b',
    );
  });

  it.each([
    [undefined, {}, 'openapi: info: expected an object of options, got undefined'],
    [{ title: 'T' }, {}, 'info needs a version'],
    [{ title: 'T', version: 1 }, {}, 'option "version" must be a non-empty string'],
    [{ ...info, licence: {} }, {}, 'Did you mean "license"?'],
    [info, { onUnkown: 'any' }, 'Did you mean "onUnknown"?'],
    [info, { jsonSchemas: {} }, 'a Map'],
  ])('A6 %j with %j: the message names the option', (wrongInfo, wrongOptions, message) => {
    expect(() => openapi(rich, wrongInfo as typeof info, wrongOptions as OpenApiOptions)).toThrow(message);
  });
});
