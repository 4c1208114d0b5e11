import { runInNewContext } from 'node:vm';

import { Ajv } from 'ajv';
import { type } from 'arktype';
import { Type } from 'typebox';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import * as mini from 'zod/mini';

import { compiled } from '../../test/compiled.ts';
import { type Check, checkOf, type Checked, type CompiledSchema, isSchema, type Schema } from './schema.ts';

const items = {
  zod: z.object({ name: z.string().check(z.maxLength(5)), count: z.optional(z.number()) }),
  'zod/mini': mini.object({
    name: mini.string().check(mini.maxLength(5)),
    count: mini.optional(mini.number()),
  }),
  valibot: v.object({ name: v.pipe(v.string(), v.maxLength(5)), count: v.optional(v.number()) }),
  arktype: type({ name: 'string <= 5', 'count?': 'number' }),
  typebox: compiled(
    Type.Object({ name: Type.String({ maxLength: 5 }), count: Type.Optional(Type.Number()) }),
  ),
  ajv: compiled({
    type: 'object',
    properties: { name: { type: 'string', maxLength: 5 }, count: { type: 'number' } },
    required: ['name'],
  }),
} satisfies Record<string, Schema>;

const vendors = Object.entries(items);

/** Functions that lie about what they answer. */
const asIf = (validate: (data: unknown) => unknown): CompiledSchema => validate as CompiledSchema;

/** Some vendors give more beside the value than the interface asks for. */
function valueOf(checked: Checked | Promise<Checked>): unknown {
  expect(issuesOf(checked)).toBeUndefined();
  expect(checked).toHaveProperty('value');
  return 'value' in checked ? checked.value : undefined;
}

function issuesOf(checked: Checked | Promise<Checked>): unknown {
  expect(checked).not.toBeInstanceOf(Promise);
  return (checked as Checked).issues;
}

describe.each(vendors)('%s', (_, schema) => {
  const check = checkOf('body', schema);

  it('refuses a list', () => {
    expect(issuesOf(check([]))).not.toEqual([]);
  });

  it.each([undefined, null, 'text', 7, true])('refuses %o altogether', (value) => {
    expect(issuesOf(check(value))).toEqual([
      expect.objectContaining({ pointer: '', message: expect.any(String) }),
    ]);
  });

  it('points at each wrong field', () => {
    const issues = issuesOf(check({ name: 'too long', count: 'many' }));
    expect(issues).toHaveLength(2);
    expect(issues).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ pointer: '/name', wrongType: false }),
        expect.objectContaining({ pointer: '/count' }),
      ]),
    );
  });

  it('tells a missing field', () => {
    const [issue] = issuesOf(check({})) as { pointer: string; message: string }[]; // what issues are
    expect(`${issue?.pointer} ${issue?.message}`).toMatch(/name/);
  });

  it('gives what is right', () => {
    expect(valueOf(check({ name: 'lamp', count: 2 }))).toEqual({ name: 'lamp', count: 2 });
  });

  it('is not impressed by the checks before', () => {
    void check({});
    expect(valueOf(check({ name: 'lamp' }))).toEqual({ name: 'lamp' });
    expect(issuesOf(check({ name: 7 }))).toHaveLength(1);
  });
});

describe.each(vendors)('%s', (_, schema) => {
  it('says where the type is wrong, and where only the value is', () => {
    const check = checkOf('query', schema);
    expect(issuesOf(check({ name: 7 }))).toEqual([
      expect.objectContaining({ pointer: '/name', wrongType: true }),
    ]);
    expect(issuesOf(check({ name: 'too long' }))).toEqual([
      expect.objectContaining({ pointer: '/name', wrongType: false }),
    ]);
  });
});

describe('pointers', () => {
  it.each([
    ['a/b', '/a~1b'],
    ['a~b', '/a~0b'],
    ['~1', '/~01'],
    ['', '/'],
    ['ä b', '/ä b'],
  ])('of the name %j follow RFC 6901: %j', (name, pointer) => {
    const value = { [name]: 7 };
    const all: Schema[] = [
      z.object({ [name]: z.string() }),
      v.object({ [name]: v.string() }),
      compiled({ type: 'object', properties: { [name]: { type: 'string' } } }),
    ];
    for (const schema of all) {
      expect(issuesOf(checkOf('body', schema)(value))).toEqual([expect.objectContaining({ pointer })]);
    }
  });

  it('go down into lists', () => {
    for (const schema of [
      z.array(z.object({ id: z.string() })),
      v.array(v.object({ id: v.string() })),
      type({ id: 'string' }, '[]'),
    ]) {
      const [issue] = issuesOf(checkOf('body', schema)([{ id: 'a' }, { id: 7 }])) as { pointer: string }[]; // what issues are
      expect(issue?.pointer).toBe('/1/id');
    }
  });

  it('take the segments of the interface, plain and as objects, symbols too', () => {
    const schema: Schema = {
      '~standard': {
        version: 1,
        vendor: 'ours',
        validate: () => ({
          issues: [{ message: 'no', path: [{ key: 'a' }, 0, Symbol('s')] }, { message: 'nowhere' }],
        }),
      },
    };
    expect(checkOf('body', schema)(1)).toEqual({
      issues: [
        { pointer: '/a/0/Symbol(s)', message: 'no', wrongType: false },
        { pointer: '', message: 'nowhere', wrongType: false },
      ],
    });
  });
});

describe('what the schema gives', () => {
  it.each([
    ['zod', z.object({ page: z.number().default(1) })],
    ['zod/mini', mini.object({ page: mini.prefault(mini.number(), 1) })],
    ['valibot', v.object({ page: v.optional(v.number(), 1) })],
    ['arktype', type({ page: 'number = 1' })],
    [
      'ajv',
      compiled(
        { type: 'object', properties: { page: { type: 'number', default: 1 } } },
        { useDefaults: true },
      ),
    ],
  ] as const)('has defaults filled in: %s', (_, schema) => {
    expect(valueOf(checkOf('query', schema)({}))).toEqual({ page: 1 });
  });

  it('is transformed', () => {
    expect(valueOf(checkOf('body', v.pipe(v.string(), v.transform(Number)))('7'))).toBe(7);
  });

  it('A7 leaves what it was given alone, where the vendor does', () => {
    const given = Object.freeze({ name: 'lamp' });
    for (const [, schema] of vendors) expect(valueOf(checkOf('body', schema)(given))).toEqual(given);
  });
});

describe('asynchronous schemas', () => {
  const checks: [string, Check][] = [
    ['zod', checkOf('body', z.object({ id: z.string().check(z.refine(async (id) => id !== 'taken')) }))],
    [
      'valibot',
      checkOf(
        'body',
        v.objectAsync({
          id: v.pipeAsync(
            v.string(),
            v.checkAsync(async (id) => id !== 'taken'),
          ),
        }),
      ),
    ],
  ];
  it.each(checks)('wait: %s', async (_, check) => {
    expect(check({ id: 'free' })).toBeInstanceOf(Promise);
    expect(valueOf(await check({ id: 'free' }))).toEqual({ id: 'free' });
    expect(await check({ id: 'taken' })).toEqual({ issues: [expect.objectContaining({ pointer: '/id' })] });
  });

  it('of any thenable kind do not fail open', async () => {
    const foreign: unknown = runInNewContext('Promise.resolve({ issues: [{ message: "no" }] })');
    expect(foreign).not.toBeInstanceOf(Promise);
    const schema = { '~standard': { version: 1, vendor: 'ours', validate: () => foreign } };
    const checked = await checkOf('body', schema as unknown as Schema)(1); // no Promise, as one of another realm is none
    expect(checked.issues).toEqual([{ pointer: '', message: 'no', wrongType: false }]);
  });
});

describe('compiled functions', () => {
  it.each([
    ['ahead of time', compiled({ $async: true, type: 'object' })],
    ['in memory', asIf(new Ajv().compile({ $async: true, type: 'object' }))],
  ])('that are $async are refused when the handler is built: compiled %s', (_, schema) => {
    expect(() => checkOf('POST /items: body', schema)).toThrow(
      new TypeError(
        'POST /items: body: an asynchronous Ajv function cannot be used; compile the schema without $async',
      ),
    );
  });

  it.each([
    ['a promise of false', () => Promise.resolve(false)],
    ['a promise of true', () => Promise.resolve(true)],
    ['a promise of another realm', () => runInNewContext('Promise.resolve(true)') as unknown],
    ['nothing', () => undefined],
    ['a text', () => 'true'],
    ['1', () => 1],
    ['null', () => null],
  ])('that answer %s fail loudly: @middy/validator fails open', (_, validate) => {
    const check = checkOf('body', asIf(validate));
    expect(() => check({})).toThrow(TypeError);
    expect(() => check({})).toThrow('body: an asynchronous Ajv function cannot be used');
  });

  it('that throw are passed on', () => {
    const broken = asIf(() => {
      throw new RangeError('Maximum call stack size exceeded');
    });
    expect(() => checkOf('body', broken)({})).toThrow(RangeError);
  });

  it.each(['no', undefined, null])('that throw %o, no error, are passed on', (thrown) => {
    const check = checkOf(
      'body',
      asIf(() => {
        throw thrown as unknown as Error; // JavaScript lets anything be thrown
      }),
    );
    let caught: unknown = 'nothing';
    try {
      void check({});
    } catch (error) {
      caught = error;
    }
    expect(caught).toBe(thrown);
  });

  it.each([[undefined], [null], [[]]])('that say no and give %o for errors say no', (errors) => {
    const check = checkOf(
      'body',
      Object.assign(
        asIf(() => false),
        { errors },
      ),
    );
    expect(check({})).toEqual({ issues: [] });
  });

  it('whose errors lack what Ajv gives are still told', () => {
    const check = checkOf(
      'body',
      Object.assign(
        asIf(() => false),
        { errors: [{}] },
      ),
    );
    expect(check({})).toEqual({ issues: [{ pointer: '', message: 'is not valid', wrongType: false }] });
  });

  it('are not changed: two handlers may share one', () => {
    const validate = compiled({ type: 'string' });
    const errors = validate.errors;
    checkOf('body', validate);
    expect(validate.errors).toBe(errors);
  });
});

describe('a Standard Schema that throws', () => {
  it('is passed on', () => {
    const schema: Schema = {
      '~standard': {
        version: 1,
        vendor: 'ours',
        validate: () => {
          throw new Error('broken');
        },
      },
    };
    expect(() => checkOf('body', schema)(1)).toThrow('broken');
  });
});

describe('A6 what is no schema', () => {
  it.each([
    [undefined],
    [null],
    [{}],
    [[]],
    ['text'],
    [7],
    [{ '~standard': {} }],
    [{ '~standard': { validate: true } }],
  ])('is refused: %j', (value) => {
    expect(isSchema(value)).toBe(false);
    const act = (): Check => checkOf('body', value as unknown as Schema); // the point of the test
    expect(act).toThrow(
      new TypeError(`body: expected a Standard Schema or a precompiled Ajv function, got ${typeof value}`),
    );
  });

  it.each([null, undefined])('is refused without a fault of our own where "~standard" is %o', (value) => {
    expect(isSchema({ '~standard': value })).toBe(false);
  });

  it.each(vendors)('%s is one', (_, schema) => {
    expect(isSchema(schema)).toBe(true);
  });
});

describe('O2 messages quote no values: they go to logs', () => {
  const secret = 'hunter2-secret';
  it.each<[string, Schema]>([
    ['zod', z.object({ pin: z.number(), mail: z.email() })],
    ['valibot', v.object({ pin: v.number(), mail: v.pipe(v.string(), v.email()) })],
    ['arktype', type({ pin: 'number', mail: 'string.email' })],
  ])('%s', async (_, schema) => {
    const { issues = [] } = await checkOf('body', schema)({ pin: secret, mail: secret });
    expect(issues).toHaveLength(2);
    expect(JSON.stringify(issues)).not.toContain(secret);
    expect(issues.every(({ message }) => message !== '')).toBe(true);
  });
});
