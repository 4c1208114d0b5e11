import { serveHttpApi } from '@handlersmith/local';
import type { LocalHttpApi } from '@handlersmith/local';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { player, Unexpected } from '../local/play.ts';
import { startBackend } from './backend.fixture.ts';
import type { Backend } from './backend.fixture.ts';

let backend: Backend;
let api: LocalHttpApi;

beforeAll(async () => {
  backend = await startBackend();
  api = await serveHttpApi(backend.handler);
});
afterAll(async () => {
  await api.stop();
  await backend.stop();
});

const json = { 'content-type': 'application/json' };
const make = (name: string): Promise<Response> =>
  fetch(`${api.url}/items`, { method: 'POST', headers: json, body: JSON.stringify({ name, price: 1 }) });

test('a round trip through real HTTP: make, read, HEAD, replace, delete', async () => {
  const made = await make('Lämp 🍋');
  expect(made.status).toBe(201);
  const url = `${api.url}${made.headers.get('location')}`;
  const item = await made.json();

  const read = await fetch(url);
  expect(read.headers.get('content-type')).toMatch(/^application\/json/u);
  expect(await read.json()).toEqual(item);
  const head = await fetch(url, { method: 'HEAD' });
  expect([head.status, head.headers.get('etag'), await head.text()]).toEqual([200, '"1"', '']);
  expect((await fetch(url, { headers: { 'if-none-match': '"1"' } })).status).toBe(304);

  const body = JSON.stringify({ name: 'Lamp', price: 2 });
  expect((await fetch(url, { method: 'PUT', headers: { ...json, 'if-match': '"1"' }, body })).status).toBe(
    200,
  );
  expect((await fetch(url, { method: 'PUT', headers: { ...json, 'if-match': '"1"' }, body })).status).toBe(
    412,
  );
  expect((await fetch(url, { method: 'DELETE' })).status).toBe(204);
  expect((await fetch(url)).status).toBe(404);
});

test('of 50 PUTs at once with the same If-Match one wins', async () => {
  const url = `${api.url}${(await make('Race')).headers.get('location')}`;
  const responses = await Promise.all(
    Array.from({ length: 50 }, (_, writer) =>
      fetch(url, {
        method: 'PUT',
        headers: { ...json, 'if-match': '"1"' },
        body: JSON.stringify({ name: `Writer ${writer}`, price: writer }),
      }),
    ),
  );
  expect(responses.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([
    200,
    ...Array.from({ length: 49 }, () => 412),
  ]);
  const winner = responses.find(({ status }) => status === 200);
  expect(await (await fetch(url)).json()).toEqual(await winner?.json());
});

test('a cursor goes through a URL as it is', async () => {
  await Promise.all(['a', 'b', 'c'].map(make));
  const first = (await (await fetch(`${api.url}/items?limit=1`)).json()) as { cursor: string };
  expect(first.cursor).toBe(encodeURIComponent(first.cursor));
  expect((await fetch(`${api.url}/items?limit=1&cursor=${first.cursor}`)).status).toBe(200);
});

test.each([
  '/items/%E0%A4%A',
  '/items/%2e%2e%2f',
  '//items',
  '/items/%00',
  '/items/%25',
  '/items?cursor=%E0%A4%A',
])('a hostile target is an error of the client: %s', async (target) => {
  // `fetch` would tidy the path up.
  const { request } = await import('node:http');
  const { hostname, port } = new URL(api.url);
  const status = await new Promise((done, fail) => {
    request({ hostname, port, path: target, agent: false }, (response) => done(response.resume().statusCode))
      .once('error', fail)
      .end();
  });
  expect([400, 404]).toContain(status);
});

test('the tour stops at an answer that is not as expected, and says which', async () => {
  vi.spyOn(console, 'log').mockReturnValue();
  const play = player(api.url);
  const wrong = { status: 200, headers: { 'x-none': /./u }, body: { items: 'none' } };
  await expect(play('List', 'GET /items', {}, { ...wrong, status: 201 })).rejects.toThrow(
    new Unexpected('Step 1, GET /items: expected status 201, got 200'),
  );
  await expect(play('List', 'GET /items', {}, wrong)).rejects.toThrow(
    'expected header x-none to be /./u, got null',
  );
  await expect(play('List', 'GET /items', {}, { status: 200, body: { items: 'none' } })).rejects.toThrow(
    /Step 3/u,
  );
  await expect(play('List', 'GET /items', {}, { status: 200, body: '' })).rejects.toThrow('expected no body');
});
