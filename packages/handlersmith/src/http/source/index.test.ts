import { albHealthCheck, httpEvent, httpSources } from '@handlersmith/testing';
import { describe, expect, it } from 'vitest';

import { sourceOf } from './index.ts';

describe('H1 sourceOf', () => {
  it.each(httpSources)('tells an event of %s', (source) => {
    expect(sourceOf(httpEvent(source)).name).toBe(source);
    expect(
      sourceOf(
        httpEvent(source, { method: 'POST', path: '/x', query: 'a=1', body: { a: 1 }, cookies: { a: 'b' } }),
      ).name,
    ).toBe(source);
  });

  it("tells a load balancer's health check, which has no host", () => {
    expect(sourceOf(albHealthCheck()).name).toMatch(/^alb/);
  });

  it('is not misled by what other sources have', () => {
    const rest = httpEvent('rest');
    expect(sourceOf({ ...rest, rawPath: '/v1/items' }).name).toBe('rest');
    expect(sourceOf({ ...rest, version: '1.0' }).name).toBe('rest');
    expect(sourceOf({ ...rest, version: '2.0' }).name).toBe('rest');
    expect(sourceOf({ ...httpEvent('httpApi'), httpMethod: 'GET', path: '/' }).name).toBe('httpApi');
    expect(sourceOf({ ...httpEvent('alb'), version: '2.0' }).name).toBe('alb');
  });

  it('tells a function URL by its domain only', () => {
    const event = httpEvent('httpApi');
    const at = (domainName: unknown): unknown => ({
      ...event,
      requestContext: { ...event.requestContext, domainName },
    });
    expect(sourceOf(at('abc.lambda-url.eu-west-1.on.aws')).name).toBe('functionUrl');
    expect(sourceOf(at('lambda-url.example.com')).name).toBe('httpApi');
    expect(sourceOf(at(undefined)).name).toBe('httpApi');
    expect(sourceOf(at(7)).name).toBe('httpApi');
  });

  it('takes a hand-written event with a method and a path for one of REST', () => {
    expect(sourceOf({ httpMethod: 'GET', path: '/' }).name).toBe('rest');
    expect(sourceOf({ httpMethod: 'GET', path: '/', requestContext: null }).name).toBe('rest');
  });
});

describe('A9 refuses what is no HTTP event', () => {
  it.each([
    [undefined, 'undefined'],
    [null, 'null'],
    ['secret', 'string'],
    [7, 'number'],
    [true, 'boolean'],
    [() => {}, 'function'],
  ])('%o by its type', (event, type) => {
    expect(() => sourceOf(event)).toThrow(TypeError);
    expect(() => sourceOf(event)).toThrow(new RegExp(`^Expected an HTTP event of .* got ${type}$`));
  });

  it.each([
    [{}, '(none)'],
    [[], '(none)'],
    [['secret'], '0'],
    [{ Records: [{ secret: 'secret' }] }, 'Records'],
    [{ version: '2.0', requestContext: {} }, 'version, requestContext'],
    [{ version: '1.0', requestContext: { http: {} } }, 'version, requestContext'],
    [{ version: '2.0', requestContext: null }, 'version, requestContext'],
    [{ version: '2.0', requestContext: 'secret' }, 'version, requestContext'],
    [{ version: '2.0', requestContext: { http: { method: 'GET' } } }, 'version, requestContext'],
    [{ requestContext: { elb: {} }, httpMethod: 'GET' }, 'requestContext, httpMethod'],
    [{ httpMethod: 'secret' }, 'httpMethod'],
    [{ httpMethod: 7, path: '/' }, 'httpMethod, path'],
    [{ httpMethod: 'GET', path: null }, 'httpMethod, path'],
    [{ 'detail-type': 'Scheduled Event', detail: {} }, 'detail-type, detail'],
  ])('%j by its keys, never its values', (event, keys) => {
    expect(() => sourceOf(event)).toThrow(TypeError);
    expect(() => sourceOf(event)).toThrow(
      `Expected an HTTP event of API Gateway (payload 1.0 or 2.0), a Function URL or a load balancer, got an object with the keys ${keys}`,
    );
    expect(() => sourceOf(event)).not.toThrow('secret');
  });
});
