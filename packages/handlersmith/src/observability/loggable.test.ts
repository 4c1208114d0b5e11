import { runInNewContext } from 'node:vm';

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { errorAsData, errorAsError } from './errors.ts';
import { loggable, startWalk } from './loggable.ts';
import { createRedactor, REDACTED } from './redaction.ts';

const redacts = createRedactor();
const copy = (value: unknown): unknown => loggable(value, startWalk(redacts, errorAsData));
/** What stands on the line: through JSON and back. */
const logged = (value: unknown): unknown => JSON.parse(JSON.stringify({ value: copy(value) })).value;

function revoked(target: object): object {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

describe('O2 nothing that is logged can throw', () => {
  test('cycles are marked where they close', () => {
    const value: Record<string, unknown> = { name: 'a', list: [] };
    value['self'] = value;
    (value['list'] as unknown[]).push(value);
    expect(logged(value)).toEqual({ name: 'a', self: '[circular]', list: ['[circular]'] });
    const map = new Map<string, unknown>();
    map.set('self', map);
    expect(logged(map)).toEqual({ self: '[circular]' });
  });

  test('the same object twice is no cycle', () => {
    const shared = { id: 1 };
    expect(logged([shared, shared])).toEqual([{ id: 1 }, { id: 1 }]);
  });

  test.each([
    ['BigInt', 2n ** 70n, '1180591620717411303424'],
    ['NaN', Number.NaN, 'NaN'],
    ['Infinity', -Infinity, '-Infinity'],
    ['a symbol', Symbol('mark'), 'Symbol(mark)'],
    ['a function', () => 1, '[function]'],
    ['an invalid Date', new Date(Number.NaN), 'Invalid Date'],
    ['a Date', new Date(0), '1970-01-01T00:00:00.000Z'],
    ['a boxed text', Object('x'), 'x'],
    ['a boxed BigInt', Object(5n), {}],
    ['a pattern', /a+/g, '/a+/g'],
    ['bytes', new Uint8Array(3), '[3 bytes]'],
    ['a Buffer', Buffer.from('abc'), '[3 bytes]'],
    ['an ArrayBuffer', new ArrayBuffer(8), '[8 bytes]'],
    ['a promise', Promise.resolve(1), '[promise]'],
    ['a Set', new Set([1, 'a']), [1, 'a']],
    [
      'a Map',
      new Map<unknown, unknown>([
        ['a', 1],
        [2, 'b'],
        [{ x: 1 }, 'c'],
        [Symbol('s'), 'd'],
      ]),
      { a: 1, 2: 'b', '{"x":1}': 'c', 'Symbol(s)': 'd' },
    ],
    ['a URL', new URL('https://example.com/a?b=1'), 'https://example.com/a?b=1'],
    ['an object without a prototype', Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
    ['undefined in a list', [undefined, null], [null, null]],
    ['a revoked proxy', revoked({}), '[unreadable]'],
    ['a revoked list', revoked([]), '[unreadable]'],
    [
      'a toJSON that throws',
      {
        toJSON: () => {
          throw new Error('no');
        },
      },
      '[unreadable]',
    ],
    [
      'a toJSON that gives itself',
      Object.assign(
        { a: 1 },
        {
          toJSON() {
            return this;
          },
        },
      ),
      { a: 1, toJSON: '[function]' },
    ],
    ['a toJSON that gives a BigInt', { toJSON: () => 5n }, '5'],
    [
      'a getter that throws',
      {
        a: 1,
        get b() {
          throw new Error('no');
        },
      },
      { a: 1, b: '[unreadable]' },
    ],
    [
      'a proxy whose keys throw',
      new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error('no');
          },
        },
      ),
      '[unreadable]',
    ],
  ])('%s', (_name, value, expected) => {
    expect(logged(value)).toEqual(expected);
  });

  test('a toJSON that never ends, ends', () => {
    const endless = { toJSON: (): object => ({ toJSON: endless.toJSON }) };
    expect(JSON.stringify(logged(endless))).toContain('nested too deep');
  });

  test('a __proto__ key is a key like any other', () => {
    const value = copy(JSON.parse('{"__proto__":{"admin":true}}'));
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(JSON.stringify(value)).toBe('{"__proto__":{"admin":true}}');
  });

  test('a lone surrogate leaves the line valid UTF-8', () => {
    const line = JSON.stringify(copy('a\uD800b'));
    expect(line.isWellFormed()).toBe(true);
    expect(JSON.parse(line)).toBe('a\uD800b');
  });

  test('any value of any shape comes out as JSON', () => {
    fc.assert(
      fc.property(
        fc.anything({
          withBigInt: true,
          withBoxedValues: true,
          withDate: true,
          withMap: true,
          withNullPrototype: true,
          withObjectString: true,
          withSet: true,
          withSparseArray: true,
          withTypedArray: true,
        }),
        (value) => {
          expect(() => JSON.parse(JSON.stringify({ value: copy(value) }))).not.toThrow();
        },
      ),
    );
  });
});

describe('O2 what is logged has an end, and says where it was cut', () => {
  test('texts', () => {
    const text = copy('x'.repeat(1_000_000)) as string;
    expect(text.length).toBeLessThan(17_000);
    expect(text).toMatch(/… \[983616 more characters\]$/);
  });

  test('lists, sets, maps and objects', () => {
    const numbers = Array.from({ length: 100_000 }, (_, index) => index);
    expect((copy(numbers) as unknown[]).at(-1)).toBe('[99800 more items]');
    expect((copy(new Set(numbers)) as unknown[]).at(-1)).toBe('[99800 more items]');
    expect(copy(Object.fromEntries(numbers.map((n) => [`k${n}`, n])))).toMatchObject({
      '…': '[99800 more keys]',
    });
    expect(copy(new Map(numbers.map((n) => [n, n])))).toMatchObject({ '…': '[99800 more entries]' });
  });

  test('depth', () => {
    let deep: unknown = 'bottom';
    for (let index = 0; index < 10_000; index++) deep = [deep];
    expect(JSON.stringify(copy(deep))).toContain('[left out: nested too deep]');
  });

  test('all of it together', () => {
    const wide = (depth: number): unknown =>
      depth === 0 ? 'x'.repeat(500) : Array.from({ length: 30 }, () => wide(depth - 1));
    const line = JSON.stringify(copy(wide(3)));
    expect(line.length).toBeLessThan(200_000);
    expect(line).toContain('more items]');
  });

  test('a graph that fans out is not followed for ever', () => {
    let node: Record<string, unknown> = { end: true };
    for (let index = 0; index < 11; index++) node = { a: node, b: node, c: node, d: node, e: node, f: node };
    const start = performance.now();
    expect(JSON.stringify(copy(node)).length).toBeLessThan(500_000);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

describe('O2 errors keep what helps', () => {
  test('name, message, stack, place and own fields', () => {
    const error = Object.assign(new TypeError('bad'), {
      code: 'E1',
      password: 'hunter2',
      detail: { apiKey: 'k' },
    });
    const data = copy(error) as Record<string, unknown>;
    expect(data).toMatchObject({
      name: 'TypeError',
      message: 'bad',
      code: 'E1',
      password: REDACTED,
      detail: { apiKey: REDACTED },
    });
    expect(data['stack']).toContain('TypeError: bad');
    expect(data['location']).toMatch(/loggable\.test\.ts:\d+$/);
  });

  test('cause chains, cyclic ones too', () => {
    const root = new Error('root');
    const top = new Error('top', { cause: new Error('middle', { cause: root }) });
    root.cause = top;
    expect(copy(top)).toMatchObject({
      message: 'top',
      cause: { message: 'middle', cause: { message: 'root', cause: '[circular]' } },
    });
    expect(copy(new Error('odd', { cause: 'a text' }))).toMatchObject({ cause: 'a text' });
    expect(copy(new Error('odd', { cause: undefined }))).not.toHaveProperty('cause.message');
  });

  test('hazard: AggregateError.errors, nested and cyclic', () => {
    const inner = new AggregateError([new Error('c')], 'inner');
    inner.errors.push(inner, undefined, 'text');
    const data = copy(new AggregateError([new Error('a'), inner], 'outer'));
    expect(data).toMatchObject({
      name: 'AggregateError',
      errors: [
        { message: 'a' },
        { message: 'inner', errors: [{ message: 'c' }, '[circular]', null, 'text'] },
      ],
    });
  });

  test('frozen errors, errors of other realms, errors without a stack, hostile errors', () => {
    expect(copy(Object.freeze(new Error('cold')))).toMatchObject({ message: 'cold' });
    expect(copy(runInNewContext('new RangeError("far")'))).toMatchObject({
      name: 'RangeError',
      message: 'far',
    });
    const bare = new Error('bare');
    delete (bare as { stack?: string }).stack;
    expect(copy(bare)).toMatchObject({ message: 'bare', stack: '', location: '' });
    const hostile = new Error('x');
    Object.defineProperty(hostile, 'message', {
      get: () => {
        throw new Error('no');
      },
    });
    Object.defineProperty(hostile, 'stack', { value: 42 });
    expect(copy(hostile)).toMatchObject({ message: '[unreadable]', stack: '' });
  });

  test('as an error again, for formatters that want one', () => {
    class Refused extends Error {
      override name = 'Refused';
      readonly code = 'R1';
      readonly token = 'abc';
    }
    const source = new Refused('no', { cause: new AggregateError([new Error('deep')], 'many') });
    const error = loggable(source, startWalk(redacts, errorAsError)) as Refused;
    expect(error).not.toBe(source);
    expect(error).toBeInstanceOf(Refused);
    expect(error).toMatchObject({
      name: 'Refused',
      message: 'no',
      code: 'R1',
      token: REDACTED,
      stack: source.stack,
    });
    expect(error.cause).toBeInstanceOf(AggregateError);
    expect(Object.keys(error.cause as object)).toContain('errors');
    expect(source.token).toBe('abc');
  });
});

describe('O2 secrets are redacted by key name', () => {
  test('at any depth, in maps and lists, whatever the value is', () => {
    const value = {
      headers: { Authorization: 'Bearer x', accept: '*/*', 'set-cookie': ['a=1'] },
      users: [{ name: 'a', password: { old: 'x' } }],
      map: new Map([['api_key', 'x']]),
      token: undefined,
    };
    expect(logged(value)).toEqual({
      headers: { Authorization: REDACTED, accept: '*/*', 'set-cookie': REDACTED },
      users: [{ name: 'a', password: REDACTED }],
      map: { api_key: REDACTED },
    });
    expect(value.headers.Authorization).toBe('Bearer x');
  });
});
