import { describe, expect, it } from 'vitest';
import * as z from 'zod';

import { httpHandler } from './handler.ts';
import { route } from './route.ts';
import { httpRouter } from './router.ts';
import { httpStreamHandler } from './stream.ts';

const build = (options: unknown): unknown => httpHandler(options as object, () => 'ok'); // wrong ones too

describe('A6 options of httpHandler', () => {
  it.each([
    ['service', ''],
    ['logger', true],
    ['logger', {}],
    ['logger', null],
    ['tracer', {}],
    ['tracer', { invocation: true }],
    ['tracer', null],
    ['deadlineMargin', -1],
    ['gatewayTimeout', Infinity],
    ['resources', {}],
    ['resources', null],
    ['use', {}],
    ['use', [undefined]],
    ['use', [() => {}]],
    ['use', [{}]],
    ['use', [null]],
    ['use', [{ befor: () => {} }]],
    ['use', [{ before: 5 }]],
    ['use', [{ before: undefined }]],
    ['use', [{ before: () => {}, onError: 'no' }]],
    ['cors', true],
    ['cors', null],
    ['bodyLimit', 1.5],
    ['bodyLimit', -1],
    ['bodyLimit', '1mb'],
    ['bodyLimit', Infinity],
    ['accessLog', 1],
    ['basePath', ''],
    ['basePath', '/'],
    ['basePath', 'api'],
    ['basePath', '/api/'],
    ['basePath', '//evil'],
    ['basePath', '/a//b'],
    ['basePath', '/a b'],
    ['basePath', 7],
    ['health', '/health'],
    ['health', {}],
    ['health', { path: 'health' }],
    ['health', { path: 7 }],
    ['body', {}],
    ['body', 'string'],
    ['body', null],
    ['query', { type: 'object' }],
    ['path', []],
    ['headers', 7],
    ['cookies', true],
    ['claims', {}],
    ['consumes', 'xml'],
    ['consumes', ['json']],
    ['consumes', { toString: () => 'json' }],
    ['response', z.string()],
    ['response', { 200: {} }],
    ['response', { ok: z.string() }],
    ['response', { '2xx': z.string() }],
    ['response', { 100: z.string() }],
    ['response', { 600: z.string() }],
    ['response', null],
    ['summary', ''],
    ['description', 7],
    ['tags', 'a'],
    ['tags', [7]],
    ['operationId', ''],
    ['deprecated', 'yes'],
  ])('%s cannot be %j, and the message says so', (name, value) => {
    expect(() => build({ [name]: value })).toThrow(TypeError);
    expect(() => build({ [name]: value })).toThrow(new RegExp(`^httpHandler: (?:option )?"?${name}`));
  });

  it.each([
    [
      'health',
      { path: '/health', chek: () => {} },
      'httpHandler: health: unknown option "chek". Did you mean "check"?',
    ],
    ['health', { path: '/health', check: true }, 'httpHandler: health: option "check" must be a function'],
    ['cors', {}, 'httpHandler: cors: option "origins" is missing'],
    ['cors', { origins: ['*'], credentials: true }, 'httpHandler: cors.origins "*"'],
  ])('%s of %j is looked into', (name, value, message) => {
    expect(() => build({ [name]: value })).toThrow(message);
  });

  it.each([
    {},
    { basePath: '/a' },
    { basePath: '/shop/v1' },
    { bodyLimit: 0, deadlineMargin: 0, gatewayTimeout: 0 },
    { health: { path: '/health' } },
    { health: { path: '/', check: () => {} } },
    { use: [] },
    { use: [{ before: () => {}, after: undefined }] },
    { consumes: 'bytes' },
    { response: { 200: z.string(), 404: z.string() } },
    { response: {} },
    { tags: [] },
    { service: undefined, body: undefined },
  ])('are taken: %j', (options) => {
    expect(() => build({ logger: false, ...options })).not.toThrow();
  });

  it.each([[undefined], [null], ['options'], [7], [[]], [[{}]], [() => {}]])(
    'are an object, not %o',
    (options) => {
      expect(() => build(options)).toThrow(/^httpHandler: expected an object of options/);
    },
  );

  it.each([undefined, null, {}, 'run'])('come with a function to run, not %o', (run) => {
    expect(() => httpHandler({ logger: false }, run as () => void)).toThrow(
      /^httpHandler: expected a function to run, got/,
    );
  });
});

describe('A6 options of httpRouter', () => {
  const ok = route(() => 'ok');

  it('take no schema: those are of its routes', () => {
    // @ts-expect-error refused by the compiler as well
    expect(() => httpRouter({ body: z.string() }, { 'GET /': ok })).toThrow(
      'httpRouter: unknown option "body"',
    );
  });

  it.each([
    [
      { 'GET /': route({ boddy: z.string() } as object, () => 'ok') },
      'GET /: unknown option "boddy". Did you mean "body"?',
    ],
    [{ 'GET /': route({ body: {} as never }, () => 'ok') }, 'GET /: option "body" must be a Standard Schema'],
    [
      { 'GET /': route({}, undefined as unknown as () => void) },
      'GET /: expected a function to run, got undefined',
    ],
    [{ 'GET /': () => 'ok' }, 'GET /: expected what route(…) gives, got function'],
    [{ 'GET /': undefined }, 'GET /: expected what route(…) gives, got undefined'],
    [{}, 'httpRouter: expected at least one route'],
    [undefined, 'httpRouter: expected a table of routes, got undefined'],
    [{ 'GET /a': ok, 'GET /a/': ok }, 'Route "GET /a/": segment ""'],
    [{ 'GET /{a}': ok, 'GET /{b}': ok }, 'Route "GET /{b}" takes the same requests as "GET /{a}"'],
  ])('of a route name the route: %#', (routes, message) => {
    expect(() => httpRouter({ logger: false }, routes as unknown as { 'GET /': typeof ok })).toThrow(message);
  });
});

it.each([undefined, null, () => 'ok'])('A6 options of httpStreamHandler are an object, not %o', (options) => {
  expect(() => httpStreamHandler(options as unknown as object, () => 'ok')).toThrow(
    /^httpStreamHandler: expected an object of options/,
  );
});

describe('A6 defaults', () => {
  it.each([httpHandler, httpRouter, httpStreamHandler])('are checked when they are given: %#', (factory) => {
    // @ts-expect-error refused by the compiler as well
    expect(() => factory.extend({ servic: 'x' })).toThrow(
      /\.extend: unknown option "servic". Did you mean "service"\?$/,
    );
    // @ts-expect-error refused by the compiler as well
    expect(() => factory.extend({ body: z.string() })).toThrow('.extend: unknown option "body"');
    expect(() => factory.extend({ service: 'x' }).extend({ bodyLimit: -1 })).toThrow(
      '.extend: option "bodyLimit"',
    );
  });
});
