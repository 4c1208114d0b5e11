/* oxlint-disable no-await-in-loop -- requests one after the other: a failure names the one that failed */
import { createHash } from 'node:crypto';

import { httpEvent, httpSources, invoke, readAnswer, requestAs } from '@handlersmith/testing';
import { httpHandler, httpRouter, route } from 'handlersmith/http';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const Item = z.object({ name: z.string() });
const items = httpRouter(
  { logger: false, bodyLimit: 64 },
  {
    'POST /items': route({ body: Item }, ({ body }) => body),
    'POST /raw': route(({ rawBody }) => createHash('sha256').update(rawBody).digest('hex')),
    'POST /large': route({ body: z.unknown(), bodyLimit: 200 }, ({ rawBody }) => rawBody.length),
    'POST /optional': route({ body: Item.optional() }, ({ body }) => body ?? { name: 'nobody' }),
    'POST /nullable': route({ body: Item.nullable() }, ({ body }) => ({ got: body })),
    'POST /any': route(({ body }) => ({ got: body ?? null })),
    'GET /items': route(({ body }) => ({ items: [], body: typeof body })),
  },
);

/** A JSON body of so many bytes. */
function jsonOf(bytes: number): string {
  return JSON.stringify({ name: 'x'.repeat(bytes - '{"name":""}'.length) });
}

describe.each(httpSources)('%s', (source) => {
  const request = requestAs(source);
  const post = (path: string, body: unknown, contentType?: string, base64?: boolean) =>
    request(items, `POST ${path}`, { body, contentType, base64 });

  it('H3 raw bytes are what the client sent, text or not', async () => {
    const bytes = Uint8Array.from({ length: 64 }, (_, index) => (index * 37 + 128) & 255);
    const hash = createHash('sha256').update(bytes).digest('hex');
    expect((await post('/raw', bytes, 'application/octet-stream')).json()).toBe(hash);

    const text = '{"a": "é \u{1F4A9}\u0000"}';
    const textHash = createHash('sha256').update(text).digest('hex');
    expect((await post('/raw', text, 'application/json', false)).json()).toBe(textHash);
    expect((await post('/raw', text, 'application/json', true)).json()).toBe(textHash);
  });

  it('H3 base64 and text give the same value', async () => {
    for (const base64 of [false, true]) {
      expect((await post('/items', { name: 'Größe' }, undefined, base64)).json()).toEqual({ name: 'Größe' });
    }
  });

  it.each([undefined, null, ''])('H3 H5 the body %j is none', async (body) => {
    const event = { ...httpEvent(source, { method: 'POST', path: '/optional' }), body };
    expect(readAnswer(source, await invoke(items, event)).json()).toEqual({ name: 'nobody' });

    const required = { ...httpEvent(source, { method: 'POST', path: '/items' }), body };
    const refused = readAnswer(source, await invoke(items, required));
    expect(refused.status).toBe(400);
    expect(refused.json()).toMatchObject({ detail: 'The request has no body' });

    const nullable = { ...httpEvent(source, { method: 'POST', path: '/nullable' }), body };
    expect(readAnswer(source, await invoke(items, nullable)).status).toBe(400);

    const unread = { ...httpEvent(source, { method: 'POST', path: '/any' }), body };
    expect(readAnswer(source, await invoke(items, unread)).json()).toEqual({ got: null });
  });

  it('H5 the JSON text null is a body', async () => {
    expect((await post('/nullable', 'null', 'application/json')).json()).toEqual({ got: null });
    expect((await post('/items', 'null', 'application/json')).json()).toMatchObject({
      errors: [{ in: 'body', pointer: '' }],
    });
  });

  it('H4 GET and HEAD with a body do not throw', async () => {
    const body = { any: 'thing' };
    expect((await request(items, 'GET /items', { body })).json()).toEqual({ items: [], body: 'object' });
    expect((await request(items, 'HEAD /items', { body })).status).toBe(200);
    expect((await request(items, 'GET /items', { body: '{', contentType: 'text/plain' })).status).toBe(200);
  });

  it('H4 H13 HEAD is answered by the GET route, without a body', async () => {
    const get = await request(items, 'GET /items');
    const head = await request(items, 'HEAD /items');
    expect(head.status).toBe(get.status);
    expect(head.headers).toEqual(get.headers);
    expect(head.bytes.length).toBe(0);
  });

  it.each(['{', '{"name":}', "{'name':1}", '[1,]', 'undefined', '{"name":"a"} x', '\u0000'])(
    'H5 malformed JSON %j is a 400',
    async (body) => {
      const response = await post('/items', body, 'application/json');
      expect(response.status).toBe(400);
      expect(response.json()).toMatchObject({ detail: 'The body is not valid JSON' });
    },
  );

  it('H5 bytes that are no UTF-8 are a 400', async () => {
    const response = await post('/items', new Uint8Array([0x7b, 0xff, 0x7d]), 'application/json');
    expect(response.status).toBe(400);
    expect(response.json()).toMatchObject({ detail: 'The body is not valid UTF-8' });
  });

  it.each([
    'text/plain',
    'application/xml',
    'application/jsonp',
    'text/json-ish',
    'application/json; charset=utf-16',
    'multipart/form-data; boundary=x',
  ])('H5 the media type %s is a 415', async (contentType) => {
    expect((await post('/items', '{"name":"a"}', contentType)).status).toBe(415);
  });

  it('H5 a body without a media type is a 415', async () => {
    expect((await post('/items', '{"name":"a"}')).status).toBe(415);
  });

  it.each([
    'application/json',
    'APPLICATION/JSON',
    'application/json;charset=UTF-8',
    'application/json ; charset="utf-8"',
    'application/json ;charset',
    'application/vnd.api+json',
    'application/merge-patch+json; charset=utf8',
  ])('H5 the media type %s is JSON', async (contentType) => {
    expect((await post('/items', '{"name":"a"}', contentType)).json()).toEqual({ name: 'a' });
  });

  it.each([false, true])('H5 one byte over the limit is a 413 (base64: %j)', async (base64) => {
    expect((await post('/items', jsonOf(64), 'application/json', base64)).status).toBe(200);
    expect((await post('/items', jsonOf(65), 'application/json', base64)).status).toBe(413);
    // A route's own limit goes before the handler's.
    expect((await post('/large', jsonOf(200), 'application/json', base64)).json()).toBe(200);
    expect((await post('/large', jsonOf(201), 'application/json', base64)).status).toBe(413);
  });

  it('H5 the limit counts bytes, not characters', async () => {
    const body = JSON.stringify({ name: 'é'.repeat(30) });
    expect(body.length).toBeLessThan(64);
    expect((await post('/items', body, 'application/json', false)).status).toBe(413);
  });

  it.each([
    '{"name":"a","__proto__":{"admin":true}}',
    '{"name":"a","\\u005f_proto__":{}}',
    '{"name":"a","constructor":{"prototype":{}}}',
    '{"name":"a","x":[{"__proto__":1}]}',
    '{"c\\u006fnstructor":{"prototype":{"a":1}}}',
  ])('H5 the prototype keys of %s are a 400', async (body) => {
    expect((await post('/items', body, 'application/json')).status).toBe(400);
    expect(Object.hasOwn(Object.prototype, 'admin')).toBe(false);
  });

  it('H5 the word __proto__ in a value, and a field called constructor, harm nobody', async () => {
    expect((await post('/items', { name: '__proto__' })).json()).toEqual({ name: '__proto__' });
    expect((await post('/any', { constructor: 'Bauer AG' })).json()).toEqual({
      got: { constructor: 'Bauer AG' },
    });
  });

  it('H5 forms, text and bytes are taken by routes that ask for them', async () => {
    const handler = httpRouter(
      { logger: false },
      {
        'POST /form': route({ consumes: 'form', body: z.object({ a: z.string() }) }, ({ body }) => body.a),
        'POST /text': route({ consumes: 'text' }, ({ body }) => body),
        'POST /bytes': route({ consumes: 'bytes' }, ({ body }) => body?.length),
      },
    );
    const form = 'application/x-www-form-urlencoded';
    expect((await request(handler, 'POST /form', { body: 'a=x+%C3%A9', contentType: form })).json()).toBe(
      'x é',
    );
    expect((await request(handler, 'POST /form', { body: 'a=%E9', contentType: form })).status).toBe(400);
    expect((await request(handler, 'POST /form', { body: { a: 'x' } })).status).toBe(415);
    expect((await request(handler, 'POST /text', { body: 'é', contentType: 'text/plain' })).json()).toBe('é');
    expect((await request(handler, 'POST /bytes', { body: new Uint8Array(3) })).json()).toBe(3);
  });
});

it('H3 httpHandler reads the body as routes do', async () => {
  const handler = httpHandler({ logger: false, body: Item }, ({ body }) => body.name);
  const event = httpEvent('rest', { method: 'POST', body: { name: 'a' } });
  expect(readAnswer('rest', await invoke(handler, event)).json()).toBe('a');
});
