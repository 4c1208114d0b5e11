import { type } from 'arktype';
import * as fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import * as mini from 'zod/mini';

import { compiled } from '../../test/compiled.ts';
import { wellFormedText } from '../../test/text.ts';
import { type Checked, checkOf, type Schema } from '../handler/schema.ts';
import { coercing } from './coercion.ts';
import { groupQuery, parseQuery, type Query } from './query.ts';

const queryOf = (raw: string): Query => groupQuery(parseQuery(raw));

async function checked(schema: Schema, raw: string): Promise<Checked> {
  return coercing(checkOf('query', schema))(queryOf(raw));
}

async function valueOf(schema: Schema, raw: string): Promise<unknown> {
  const outcome = await checked(schema, raw);
  expect(outcome.issues).toBeUndefined();
  return 'value' in outcome ? { ...(outcome.value as object) } : undefined; // without the missing prototype
}

async function messagesOf(schema: Schema, raw: string): Promise<readonly string[]> {
  const { issues = [] } = await checked(schema, raw);
  return issues.map(({ pointer, message }) => `${pointer} ${message}`);
}

/** One schema in every vendor's words. */
const schemas: Record<string, Schema> = {
  zod: z.object({
    name: z.string().max(5).optional(),
    limit: z.number().max(100).optional(),
    draft: z.boolean().optional(),
    tags: z.array(z.string()).optional(),
    ids: z.array(z.number()).optional(),
    page: z.number().default(1),
  }),
  'zod/mini': mini.object({
    name: mini.optional(mini.string().check(mini.maxLength(5))),
    limit: mini.optional(mini.number().check(mini.maximum(100))),
    draft: mini.optional(mini.boolean()),
    tags: mini.optional(mini.array(mini.string())),
    ids: mini.optional(mini.array(mini.number())),
    page: mini.prefault(mini.number(), 1),
  }),
  valibot: v.object({
    name: v.optional(v.pipe(v.string(), v.maxLength(5))),
    limit: v.optional(v.pipe(v.number(), v.maxValue(100))),
    draft: v.optional(v.boolean()),
    tags: v.optional(v.array(v.string())),
    ids: v.optional(v.array(v.number())),
    page: v.optional(v.number(), 1),
  }),
  arktype: type({
    'name?': 'string <= 5',
    'limit?': 'number <= 100',
    'draft?': 'boolean',
    'tags?': 'string[]',
    'ids?': 'number[]',
    page: 'number = 1',
  }),
  ajv: compiled(
    {
      type: 'object',
      properties: {
        name: { type: 'string', maxLength: 5 },
        limit: { type: 'number', maximum: 100 },
        draft: { type: 'boolean' },
        tags: { type: 'array', items: { type: 'string' } },
        ids: { type: 'array', items: { type: 'number' } },
        page: { type: 'number', default: 1 },
      },
    },
    { useDefaults: true },
  ),
};

describe.each(Object.entries(schemas))('%s', (_, schema) => {
  it.each([
    ['limit=abc', '/limit'],
    ['limit=', '/limit'],
    ['limit=1&limit=2', '/limit'],
    ['limit=007', '/limit'],
    ['limit=0x10', '/limit'],
    ['limit=1_000', '/limit'],
    ['limit=+1', '/limit'],
    ['limit=%201', '/limit'],
    ['limit=1.', '/limit'],
    ['limit=.5', '/limit'],
    ['limit=NaN', '/limit'],
    ['limit=Infinity', '/limit'],
    ['limit=1e999', '/limit'],
    ['limit=-9007199254740993', '/limit'],
    ['draft=yes', '/draft'],
    ['draft=1', '/draft'],
    ['draft=TRUE', '/draft'],
    ['draft=', '/draft'],
    ['name=a&name=b', '/name'],
    ['ids=1&ids=x', '/ids/1'],
    ['ids=x', '/ids'],
    ['ids=1&ids=2&ids=3&ids=4&ids=x', '/ids/4'],
  ])('refuses %j at %s', async (raw, pointer) => {
    const messages = await messagesOf(schema, raw);
    expect(messages).toHaveLength(1);
    expect(messages[0]).toMatch(new RegExp(`^${pointer}\\b`));
  });

  it.each([
    ['', { page: 1 }],
    ['limit=5', { page: 1, limit: 5 }],
    ['limit=-5.25e-1', { page: 1, limit: -0.525 }],
    ['limit=-9007199254740992', { page: 1, limit: -9007199254740992 }],
    ['limit=-0', { page: 1, limit: -0 }],
    ['page=0', { page: 0 }],
    ['draft=true', { page: 1, draft: true }],
    ['draft=false', { page: 1, draft: false }],
    ['name=12345', { page: 1, name: '12345' }],
    ['name=true', { page: 1, name: 'true' }],
    ['name=', { page: 1, name: '' }],
    ['tags=a', { page: 1, tags: ['a'] }],
    ['tags=1&tags=true', { page: 1, tags: ['1', 'true'] }],
    ['tags=7', { page: 1, tags: ['7'] }],
    ['tags=1.0', { page: 1, tags: ['1.0'] }],
    ['tags=1e2', { page: 1, tags: ['1e2'] }],
    ['ids=1&ids=2&ids=3&ids=4&ids=5&ids=6', { page: 1, ids: [1, 2, 3, 4, 5, 6] }],
    ['ids=1', { page: 1, ids: [1] }],
    ['ids=1&ids=2&ids=3', { page: 1, ids: [1, 2, 3] }],
    ['limit=5&draft=true&tags=a&ids=7&page=2', { limit: 5, draft: true, tags: ['a'], ids: [7], page: 2 }],
  ])('takes %j', async (raw, value) => {
    expect(await valueOf(schema, raw)).toEqual(value);
  });

  it('tells what is wrong with the value, not that a query holds texts', async () => {
    const [limit] = await messagesOf(schema, 'limit=500');
    expect(limit).toMatch(/100/);
    const [name] = await messagesOf(schema, 'name=1234567');
    expect(name).toMatch(/5/);
    expect(name).not.toMatch(/number/i);
    expect(await messagesOf(schema, 'limit=500&name=1234567&draft=true')).toHaveLength(2);
  });

  it.each(['limit=abc', 'limit=', 'limit=007', 'draft=yes'])('calls the text of %j no list', async (raw) => {
    for (const message of await messagesOf(schema, raw)) expect(message).not.toMatch(/array|object/i);
  });

  it('A1 changes nothing of what it was given', async () => {
    const query = queryOf('limit=5&ids=1&ids=2');
    const before = JSON.stringify(query);
    if (schema !== schemas['ajv']) Object.freeze(query); // Ajv fills its defaults into what it is given
    await coercing(checkOf('query', schema))(query);
    expect(JSON.parse(JSON.stringify(query))).toMatchObject(JSON.parse(before) as object);
    expect(query['ids']).toEqual(['1', '2']);
  });

  it('gives the values back of any query that was built from them', async () => {
    const number = fc
      .double({ noNaN: true, noDefaultInfinity: true, max: 100 })
      .map((value) => (Object.is(value, -0) ? 0 : value));
    const text = wellFormedText({ maxLength: 2 });
    const values = fc.record(
      {
        name: text,
        limit: number,
        draft: fc.boolean(),
        tags: fc.array(fc.oneof(text, fc.constantFrom('1', 'true', '0x1', '')), {
          minLength: 1,
          maxLength: 4,
        }),
        ids: fc.array(number, { minLength: 1, maxLength: 4 }),
        page: number,
      },
      { requiredKeys: ['page'] },
    );
    await fc.assert(
      fc.asyncProperty(values, async (value) => {
        const pairs = Object.entries(value).flatMap(([name, each]) =>
          (Array.isArray(each) ? each : [each]).map((item): [string, string] => [name, String(item)]),
        );
        expect(await valueOf(schema, new URLSearchParams(pairs).toString())).toEqual(value);
      }),
    );
  });
});

describe('what a text spells', () => {
  it('is left to the schema that takes texts and numbers', async () => {
    expect(await valueOf(z.object({ id: z.union([z.string(), z.number()]) }), 'id=7')).toEqual({ id: '7' });
  });

  it('is tried as a boolean, a number and a list of one, and no more', async () => {
    expect(await messagesOf(z.object({ at: z.object({ x: z.number() }) }), 'at=1')).toHaveLength(1);
    expect(await messagesOf(z.object({ at: z.array(z.array(z.number())) }), 'at=1')).toHaveLength(1);
    expect(await messagesOf(z.object({ at: z.date() }), 'at=2026-11-21')).toHaveLength(1);
  });

  it('is told of as what it came nearest to', async () => {
    const schema = z.object({ limit: z.int(), ids: z.array(z.number()), tags: z.array(z.string()).min(2) });
    expect(await messagesOf(schema, 'limit=1.5&ids=x&tags=a')).toEqual([
      '/limit Invalid input: expected int, received number',
      '/ids/0 Invalid input: expected number, received string',
      '/tags Too small: expected array to have >=2 items',
    ]);
  });

  it('is told of once, not also as the list that it was tried as', async () => {
    const zod = z.object({ name: z.string().min(5), code: z.string().min(2).regex(/^x/) });
    expect(await messagesOf(zod, 'name=abc&code=1')).toEqual([
      '/name Too small: expected string to have >=5 characters',
      '/code Too small: expected string to have >=2 characters',
      expect.stringContaining('/code Invalid string'),
    ]);
  });

  it("goes on to the vendor's own coercion", async () => {
    expect(await valueOf(z.object({ at: z.coerce.date() }), 'at=2026-11-21')).toEqual({
      at: new Date('2026-11-21'),
    });
  });

  it('is found under names that pointers escape', async () => {
    const schema = z.object({ 'a/b': z.number(), 'c~d': z.boolean(), '~1': z.number() });
    expect(await valueOf(schema, 'a/b=1&c~d=true&~1=2')).toEqual({ 'a/b': 1, 'c~d': true, '~1': 2 });
  });

  it('under a hostile name harms nothing', async () => {
    const schema = z.record(z.string(), z.number());
    const outcome = await checked(schema, '__proto__=1&constructor=2');
    expect(outcome.issues ?? []).toEqual([]);
    expect(Reflect.get({}, 'constructor')).toBe(Object);
  });

  it('is not looked for where the schema points at nothing that came', async () => {
    const schema: Schema = {
      '~standard': {
        version: 1,
        vendor: 'ours',
        validate: () => ({ issues: [{ message: 'all wrong' }, { message: 'gone', path: ['gone'] }] }),
      },
    };
    expect(await messagesOf(schema, 'a=1')).toEqual([' all wrong', '/gone gone']);
  });
});

describe('asynchronous schemas', () => {
  const free = z.object({
    id: z.number().refine(async (id) => id !== 7),
    limit: z.number().max(5).optional(),
  });

  it('coerce', async () => {
    expect(await valueOf(free, 'id=8')).toEqual({ id: 8 });
    expect(
      await valueOf(
        v.objectAsync({
          id: v.pipeAsync(
            v.number(),
            v.checkAsync(async (id) => id !== 7),
          ),
        }),
        'id=8',
      ),
    ).toEqual({ id: 8 });
  });

  it('refuse', async () => {
    expect(await messagesOf(free, 'id=7')).toHaveLength(1);
    expect(await messagesOf(free, 'id=x')).toHaveLength(1);
    expect(await messagesOf(free, 'id=8&limit=6')).toEqual([expect.stringContaining('5')]);
  });
});
