/** Faults of Middy's packages for requests that a user of our factories must not meet, each shown on the bare package too. */
import { captureLogs, httpEvent, httpSources, requestAs } from '@handlersmith/testing';
import httpJsonBodyParser from '@middy/http-json-body-parser';
import validator from '@middy/validator';
import { httpHandler, httpRouter, route } from 'handlersmith/http';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { bare } from './bare.ts';

const request = requestAs('httpApi');

const Item = z.object({ name: z.string().nullable() });
const items = httpRouter(
  { logger: false },
  {
    'POST /items': route({ body: Item }, ({ body }) => body),
    'GET /items': route(({ body }) => ({ body: body ?? null })),
  },
);

/** Milliseconds of the fastest of five rounds. */
async function time(work: () => unknown): Promise<number> {
  const rounds: number[] = [];
  for (let round = 0; round < 5; round++) {
    const startedAt = performance.now();
    await work(); // oxlint-disable-line no-await-in-loop -- rounds must not share the processor
    rounds.push(performance.now() - startedAt);
  }
  return Math.min(...rounds);
}

describe('http-json-body-parser', () => {
  const parser = httpJsonBodyParser();

  it('bare: 415 on ALB multi-value events, on a GET without a body, and on odd casing', () => {
    const json = { body: '{}', isBase64Encoded: false };
    const balancer = { multiValueHeaders: { 'content-type': ['application/json'] }, ...json };
    expect(() => bare(parser, 'before', { event: balancer })).toThrow('Unsupported Media Type');
    expect(() => bare(parser, 'before', { event: { headers: {} } })).toThrow('Unsupported Media Type');
    const shouting = { headers: { 'CONTENT-TYPE': 'application/json' }, ...json };
    expect(() => bare(parser, 'before', { event: shouting })).toThrow('Unsupported Media Type');
  });

  it.each(httpSources)('ours: %s reads JSON whatever the casing, and a GET needs none', async (source) => {
    const send = requestAs(source);
    const headers = { 'CONTENT-TYPE': 'application/json ;charset=utf-8' };
    expect((await send(items, 'POST /items', { body: '{"name":"a"}', headers })).json()).toEqual({
      name: 'a',
    });
    expect((await send(items, 'GET /items')).json()).toEqual({ body: null });
  });

  it('bare: 422 on an empty body', () => {
    const event = { headers: { 'content-type': 'application/json' }, body: '' };
    expect(() => bare(parser, 'before', { event })).toThrow('Invalid or malformed JSON');
  });

  it('ours: an empty body is none', async () => {
    const response = await request(items, 'GET /items', { body: '', contentType: 'application/json' });
    expect(response.json()).toEqual({ body: null });
    const required = await request(items, 'POST /items', { body: '', contentType: 'application/json' });
    expect(required.json()).toMatchObject({ status: 400, detail: 'The request has no body' });
  });

  it('bare: writes into the event, and puts the raw body into the error', () => {
    const event = { headers: { 'content-type': 'application/json' }, body: '{"a":1}' as unknown };
    bare(parser, 'before', { event });
    expect(event.body).toEqual({ a: 1 });
    const broken = { headers: { 'content-type': 'application/json' }, body: '{"password":"hunter2' };
    expect(() => bare(parser, 'before', { event: broken })).toThrow(
      expect.objectContaining({ cause: expect.objectContaining({ data: broken.body }) }),
    );
  });

  it('ours: the event stays, the raw bytes stay, and no body reaches the log', async () => {
    const body = '{ "name" : "a" }';
    const raw = httpHandler({ logger: false, body: Item }, ({ rawBody }) => Buffer.from(rawBody).toString());
    expect((await request(raw, 'POST /', { body, contentType: 'application/json' })).json()).toBe(body); // fails if written to
    const logged = httpHandler({ body: Item }, () => ({}));
    const options = { body: '{"password":"hunter2', contentType: 'application/json' };
    const { raw: lines } = await captureLogs(() => request(logged, 'POST /', options));
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain('hunter2');
  });

  it('bare: parses through a reviver, several times slower than JSON.parse; ours: as fast as JSON.parse', async () => {
    const body = JSON.stringify(
      Array.from({ length: 40_000 }, (_, index) => ({ id: index, name: `item ${index}` })),
    );
    const event = httpEvent('httpApi', { method: 'POST', body, contentType: 'application/json' });
    const handler = httpHandler({ logger: false, bodyLimit: 10_000_000, body: z.unknown() }, () => undefined);
    const reviver = await time(() => bare(parser, 'before', { event: { ...event } }));
    const ours = await time(() => handler(event));
    expect(ours).toBeLessThan(reviver / 2);
  });
});

describe('validator', () => {
  const failing = Object.assign((): boolean => false, {
    errors: [{ instancePath: '/name', message: 'must be string' }],
  });

  it('bare: clients see one sentence; ours: each wrong field', async () => {
    const handler = httpHandler({ logger: false, body: failing as never }, () => ({}));
    const response = await request(handler, 'POST /', { body: { name: 1 } });
    expect(response.json()).toMatchObject({
      status: 400,
      errors: [{ in: 'body', pointer: '/name', message: 'must be string' }],
    });
    expect(() =>
      bare(validator({ eventSchema: failing as never }), 'before', { event: {}, context: {} }),
    ).toThrow('Event object failed validation');
  });

  it('ours: JSON bodies are not coerced, as strings of the query are', async () => {
    const handler = httpHandler(
      { logger: false, body: z.object({ n: z.number() }), query: z.object({ n: z.number() }) },
      ({ body, query }) => [body.n, query.n],
    );
    expect((await request(handler, 'POST /?n=1', { body: { n: 1 } })).json()).toEqual([1, 1]);
    for (const n of ['1', null, true]) {
      // oxlint-disable-next-line no-await-in-loop -- a failure names the value
      expect((await request(handler, 'POST /?n=1', { body: { n } })).status).toBe(400);
    }
    expect((await request(items, 'POST /items', { body: { name: null } })).json()).toEqual({ name: null });
  });

  it('bare: fails open on an asynchronous function; ours: closed', async () => {
    const asynchronous = Object.assign(() => Promise.resolve(false), { errors: null });
    const seen = { event: {}, context: {} };
    expect(() => bare(validator({ eventSchema: asynchronous as never }), 'before', seen)).not.toThrow();
    let ran = false;
    const handler = httpHandler({ logger: false, body: asynchronous as never }, () => void (ran = true));
    const response = await request(handler, 'POST /', { body: {} });
    expect([response.status, ran]).toEqual([500, false]);
    for (const marked of [Object.assign(() => false, { errors: null, $async: true }), async () => false]) {
      expect(() => httpHandler({ body: marked as never }, () => ({}))).toThrow(/asynchronous Ajv function/);
    }
  });

  it('ours: overlapping requests keep their own errors', async () => {
    const shared = Object.assign(
      (value: unknown): boolean => {
        shared.errors = [{ instancePath: `/${(value as { at: string }).at}`, message: 'is wrong' }];
        return false;
      },
      { errors: [{ instancePath: '', message: '' }] },
    );
    const handler = httpHandler({ logger: false, body: shared as never }, () => ({}));
    const answers = await Promise.all(
      ['a', 'b', 'c'].map((at) => request(handler, 'POST /', { body: { at } })),
    );
    expect(
      answers.map((answer) => (answer.json() as { errors: { pointer: string }[] }).errors[0]?.pointer),
    ).toEqual(['/a', '/b', '/c']);
  });
});
