import { setTimeout as sleep } from 'node:timers/promises';

import { httpSources } from '@handlersmith/testing';
import { badRequest, httpRouter, ok, route } from 'handlersmith/http';
import { describe, expect, it } from 'vitest';

import { origin, SECRET, send } from './send.ts';

class Hostile extends Error {
  override get message(): string {
    throw new Error('a getter that throws');
  }
  override get stack(): string {
    throw new Error('a getter that throws');
  }
  get statusCode(): number {
    throw new Error('a getter that throws');
  }
  get expose(): boolean {
    throw new Error('a getter that throws');
  }
}

function revoked(target: object): unknown {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

const trap = (): never => {
  throw new Error('a trap that throws');
};
const trapped = new Proxy(new Error(SECRET), { get: trap, has: trap, getPrototypeOf: trap, ownKeys: trap });
const cycle: Record<string, unknown> = {};
cycle['self'] = cycle;

const thrown: readonly (readonly [name: string, value: unknown])[] = [
  ['a text', SECRET],
  ['undefined', undefined],
  ['null', null],
  ['zero', 0],
  ['an empty text', ''],
  ['false', false],
  ['a BigInt', 1n],
  ['a symbol', Symbol(SECRET)],
  ['a function', () => SECRET],
  ['an error', new Error(SECRET)],
  ['a frozen error', Object.freeze(new Error(SECRET))],
  ['a frozen object', Object.freeze({ message: SECRET })],
  ['an object without a prototype', Object.assign(Object.create(null) as object, { message: SECRET })],
  ['an error with throwing getters', new Hostile(SECRET)],
  ['a revoked proxy', revoked({})],
  ['a revoked error', revoked(new Error(SECRET))],
  ['a proxy whose traps throw', trapped],
  ['an AggregateError', new AggregateError([new Error(SECRET), undefined, 7], SECRET)],
  ['an upstream error with statusCode', Object.assign(new Error(SECRET), { statusCode: 404, body: SECRET })],
  [
    'an upstream error with status',
    Object.assign(new Error(SECRET), { status: 403, response: { data: SECRET } }),
  ],
  [
    'an upstream error with headers',
    Object.assign(new Error(SECRET), { statusCode: 400, headers: { 'x-a': SECRET } }),
  ],
  ['an answer', { statusCode: 200, body: SECRET }],
  ['a cycle of causes', Object.assign(new Error(SECRET), { cause: cycle })],
  ['a promise', Promise.resolve(SECRET)],
];

describe.each(httpSources)('%s', (source) => {
  const cors = { origins: [origin] };

  it.each(thrown)('a handler that throws %s is a 500 that shows nothing', async (_, value) => {
    const handler = httpRouter(
      { cors },
      {
        'GET /sync': route(() => {
          // oxlint-disable-next-line typescript/only-throw-error -- what a careless handler does
          throw value;
        }),
        // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- the same, later
        'GET /async': route(() => Promise.reject(value)),
        'GET /later': route(async () => {
          await sleep(1);
          // oxlint-disable-next-line typescript/only-throw-error -- the same, later still
          throw value;
        }),
      },
    );
    const used = httpRouter(
      { cors, use: [{ before: () => {}, after: () => {}, onError: () => {} }] },
      {
        'GET /sync': route(() => {
          // oxlint-disable-next-line typescript/only-throw-error -- what a careless handler does
          throw value;
        }),
      },
    );
    for (const [each, path] of [
      [handler, '/sync'],
      [handler, '/async'],
      [handler, '/later'],
      [used, '/sync'],
    ] as const) {
      // oxlint-disable-next-line no-await-in-loop -- there is one log to watch
      const { response, log } = await send(source, each, `GET ${path}`);
      expect(response.status).toBe(500);
      expect(response.json()).toEqual({
        type: 'about:blank',
        title: 'Internal Server Error',
        status: 500,
        requestId: expect.any(String),
      });
      expect(log).toMatchObject({ level: 'ERROR', http_route: `GET ${path}` });
      expect(log).toHaveProperty('error');
    }
  });

  const limit = source.startsWith('alb') ? 1024 * 1024 : 6 * 1024 * 1024;
  const results: readonly (readonly [name: string, make: () => unknown])[] = [
    ['a BigInt', () => ({ secret: SECRET, id: 1n })],
    ['a cycle', () => Object.assign({ secret: SECRET }, { cycle })],
    ['a toJSON that throws', () => ({ toJSON: trap })],
    ['a getter that throws', () => Object.defineProperty({}, 'secret', { enumerable: true, get: trap })],
    ['a revoked proxy', () => revoked({})],
    ['a function', () => () => SECRET],
    ['a symbol', () => Symbol(SECRET)],
    ['more than the source takes', () => SECRET.repeat(limit / SECRET.length + 1)],
    ['more bytes than the source takes', () => new Uint8Array(limit * 0.76)],
    ['a header with a line break', () => ok({}, { headers: { 'x-a': `${SECRET}\r\n` } })],
    ['a location with a line break', () => ok({}, { headers: { location: `/${SECRET}\n` } })],
    ['a cookie with a line break', () => ok({}, { cookies: [`a=${SECRET}\n`] })],
    ['a problem with a line break in a header', () => badRequest('x', { headers: { 'x-a': 'a\r\nb' } })],
    ['a problem whose members cannot be written', () => badRequest('x', { extensions: { id: 1n } })],
  ];
  it.each(results)('a result that is %s is a 500 that says what is wrong, in the log', async (_, make) => {
    for (const run of [make, async () => make()]) {
      const handler = httpRouter({ cors }, { 'GET /': route(run) });
      // oxlint-disable-next-line no-await-in-loop -- there is one log to watch
      const { response, log } = await send(source, handler, 'GET /');
      expect(response.status).toBe(500);
      expect(response.json()).not.toHaveProperty('detail');
      expect(log).toMatchObject({ level: 'ERROR', error: { message: expect.stringMatching(/./) } });
    }
  });
});
