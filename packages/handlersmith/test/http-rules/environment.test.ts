import { httpSources, requestAs } from '@handlersmith/testing';
import { httpHandler, httpRouter, notFound, route } from 'handlersmith/http';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

describe.each(httpSources)('%s', (source) => {
  const request = requestAs(source);

  it('A1 what one request leaves in its input is not in the next', async () => {
    const handler = httpHandler({ logger: false }, (input) => {
      const seen = [input.query, input.headers, input.cookies, input.path, input.identity, input.context].map(
        (part) => 'left' in part,
      );
      for (const part of [input.query, input.headers, input.cookies, input.path, input.context]) {
        Object.assign(part, { left: 'behind' });
      }
      return seen;
    });
    const first = await request(handler, 'GET /?a=1');
    const second = await request(handler, 'GET /?a=1');
    expect(first.json()).toEqual(Array.from({ length: 6 }, () => false));
    expect(second.json()).toEqual(first.json());
  });

  it('A2 resources are made once, on the first request that needs them, and shared', async () => {
    let made = 0;
    const handler = httpRouter(
      {
        logger: false,
        resources: async () => {
          await Promise.resolve();
          made += 1;
          return { number: made };
        },
      },
      { 'GET /items': route(({ resources }) => resources.number) },
    );
    expect(made).toBe(0);
    expect((await request(handler, 'GET /none')).status).toBe(404);
    expect(made).toBe(0);
    const numbers = await Promise.all(
      Array.from({ length: 8 }, async () => (await request(handler, 'GET /items')).json()),
    );
    expect([numbers, made]).toEqual([Array.from({ length: 8 }, () => 1), 1]);
  });

  it('A2 resources that could not be made are tried again', async () => {
    let tries = 0;
    const handler = httpHandler(
      {
        logger: false,
        resources: () => {
          tries += 1;
          if (tries === 1) throw new Error('secret');
          if (tries === 2) return Promise.reject(new Error('secret'));
          return 'ready';
        },
      },
      ({ resources }) => resources,
    );
    const answers = [
      await request(handler, 'GET /'),
      await request(handler, 'GET /'),
      await request(handler, 'GET /'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([500, 500, 200]);
    expect(answers.map((answer) => answer.text()).join('')).not.toContain('secret');
  });
});

const run = () => ({});
/** What a program without types may pass. */
const loosely = (options: object): object => options;

describe('A6 fails when the handler is built, and names the option', () => {
  const wrong: readonly (readonly [name: string, build: () => unknown, message: RegExp])[] = [
    [
      'a misspelt option',
      () => httpHandler(loosely({ loger: false }), run),
      /httpHandler: unknown option "loger".*"logger"/,
    ],
    [
      'a misspelt option of a route',
      () => httpRouter({}, { 'GET /': route({ qurey: z.object({}) } as object, run) }),
      /GET \/: unknown option "qurey".*"query"/,
    ],
    [
      'an option of the wrong kind',
      () => httpHandler(loosely({ logger: false, deadlineMargin: '200' }), run),
      /option "deadlineMargin" must be a number of milliseconds/,
    ],
    ['NaN milliseconds', () => httpHandler({ deadlineMargin: Number.NaN }, run), /"deadlineMargin"/],
    [
      'a negative limit',
      () => httpHandler({ bodyLimit: -1 }, run),
      /"bodyLimit" must be a whole number of bytes/,
    ],
    [
      'a schema that is none',
      () => httpHandler({ body: { type: 'object' } as never }, run),
      /"body" must be a Standard Schema/,
    ],
    [
      'a response that is no status',
      () => httpHandler(loosely({ response: { 20: z.object({}) } }), run),
      /"response"/,
    ],
    [
      'middlewares that are none',
      () => httpHandler({ use: [{}] }, run),
      /"use" must be a list of Middy middlewares/,
    ],
    ['a middleware that stands alone', () => httpHandler({ use: { before() {} } as never }, run), /"use"/],
    [
      'an origin with a path',
      () => httpHandler({ cors: { origins: ['https://a.example/x'] } }, run),
      /httpHandler: cors: option "origins"/,
    ],
    [
      'a method that is no text',
      () => httpHandler({ cors: { origins: ['*'], methods: ['GET', 7 as never] } }, run),
      /cors: option "methods"/,
    ],
    [
      'an origin that is no text',
      () => httpHandler({ cors: { origins: ['*', 7 as never] } }, run),
      /cors: option "origins"/,
    ],
    ['no origins', () => httpHandler({ cors: { origins: [] } }, run), /"origins"/],
    [
      'a CORS option that is none',
      () => httpHandler({ cors: { origin: 'x' } as never }, run),
      /cors: unknown option "origin".*"origins"/,
    ],
    ['a health path without a slash', () => httpHandler({ health: { path: 'health' } }, run), /"health"/],
    ['a base path with a slash at the end', () => httpHandler({ basePath: '/v1/' }, run), /"basePath"/],
    [
      'options that are none',
      () => httpHandler(undefined as unknown as object, run),
      /httpHandler: expected an object of options/,
    ],
    ['no function', () => httpHandler({}, undefined as never), /httpHandler: expected a function/],
    ['no routes', () => httpRouter({}, {}), /httpRouter: expected at least one route/],
    [
      'a pattern without a method',
      () => httpRouter({}, { '/items': route(run) } as never),
      /Route "\/items": expected a method/,
    ],
    [
      'a method that is none',
      () => httpRouter({}, { 'FETCH /items': route(run) } as never),
      /Route "FETCH \/items"/,
    ],
    [
      'a parameter that stands twice',
      () => httpRouter({}, { 'GET /{id}/{id}': route(run) }),
      /parameter "id" stands twice/,
    ],
    [
      'a greedy parameter in the middle',
      () => httpRouter({}, { 'GET /{a+}/b': route(run) }),
      /must stand last/,
    ],
    [
      'routes that clash',
      () => httpRouter({}, { 'GET /{a}': route(run), 'GET /{b}': route(run) }),
      /takes the same requests as "GET \/\{a\}"/,
    ],
    [
      'defaults that are wrong',
      () => httpHandler.extend(loosely({ sevice: 'x' })),
      /httpHandler\.extend: unknown option "sevice".*"service"/,
    ],
  ];

  it.each(wrong)('%s', (_, build, message) => {
    expect(build).toThrow(TypeError);
    expect(build).toThrow(message);
  });

  it('the options are left alone, and may be frozen', async () => {
    const options = Object.freeze({
      logger: false,
      use: Object.freeze([]),
      cors: Object.freeze({ origins: Object.freeze(['*']) }),
    } as const);
    const factory = httpHandler.extend(options);
    const handler = factory(Object.freeze({ use: Object.freeze([{ before: () => {} }]) }), () => notFound());
    expect((await requestAs('rest')(handler, 'GET /')).status).toBe(404);
    expect(options.use).toEqual([]);
  });

  it('an undefined option counts as absent', async () => {
    const handler = httpHandler(
      { logger: false, ...({ cors: undefined, bodyLimit: undefined } as object) },
      run,
    );
    expect((await requestAs('rest')(handler, 'GET /')).status).toBe(200);
  });
});
