import { request } from '@handlersmith/testing';
import type { RequestOptions } from '@handlersmith/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { startBackend } from './backend.fixture.ts';
import type { Backend } from './backend.fixture.ts';

let backend: Backend;

beforeAll(async () => {
  backend = await startBackend();
});
afterAll(() => backend.stop());

interface Item {
  id: string;
  name: string;
  price: number;
  tags: string[];
  version: number;
  createdAt: string;
  updatedAt: string;
}

const LAMP = { name: 'Lamp', price: 4900, tags: ['light'] };
const UNKNOWN = `itm_${'0'.repeat(44)}`;

const send = (line: string, options?: RequestOptions) => request(backend.handler, line, options);
const make = async (body: object = LAMP): Promise<Item> =>
  (await send('POST /items', { body })).json() as Item;
const put = (id: string, ifMatch: string | undefined, body: object = LAMP) =>
  send(`PUT /items/${id}`, { body, ...(ifMatch !== undefined && { headers: { 'if-match': ifMatch } }) });
const byId = (one: Item, other: Item): number => (one.id < other.id ? -1 : 1);

const encode = (text: string): string => Buffer.from(text).toString('base64url');

describe('POST /items', () => {
  test('makes an item, says where it is and which version', async () => {
    const before = Date.now();
    const response = await send('POST /items', { body: { ...LAMP, name: '  Lamp ' } });
    const item = response.json() as Item;
    expect(response.status).toBe(201);
    expect(item).toEqual({
      ...LAMP,
      id: item.id,
      version: 1,
      createdAt: item.createdAt,
      updatedAt: item.createdAt,
    });
    expect(item.id).toMatch(/^itm_[0-9a-f]{44}$/u);
    expect(Date.parse(item.createdAt)).toBeGreaterThanOrEqual(before);
    expect(response.header('location')).toBe(`/items/${item.id}`);
    expect(response.header('etag')).toBe('"1"');
    expect((await send(`GET /items/${item.id}`)).json()).toEqual(item);
  });

  test('ids differ in more than their time', async () => {
    const items = await Promise.all(Array.from({ length: 50 }, () => make()));
    const random = items.map(({ id }) => id.slice(-32));
    expect(new Set(random).size).toBe(50);
  });

  test.each([
    ['an unknown field', { ...LAMP, colour: 'red' }, 'colour'],
    ['a field of ours', { ...LAMP, version: 7 }, 'version'],
    ['a price that is text', { ...LAMP, price: '4900' }, '/price'],
    ['a price in fractions', { ...LAMP, price: 49.5 }, '/price'],
    ['a price below nothing', { ...LAMP, price: -1 }, '/price'],
    ['no name', { price: 1 }, '/name'],
    ['a name of blanks', { ...LAMP, name: '   ' }, '/name'],
    ['a name that is too long', { ...LAMP, name: 'x'.repeat(101) }, '/name'],
    ['half of a character in a name', { ...LAMP, name: 'Lamp \ud83d' }, '/name'],
    ['half of a character in a tag', { ...LAMP, tags: ['\ude00'] }, '/tags/0'],
    ['a tag that is a number', { ...LAMP, tags: ['a', 1] }, '/tags/1'],
    ['too many tags', { ...LAMP, tags: Array.from({ length: 11 }, String) }, '/tags'],
    ['a list', [LAMP], ''],
  ])('refuses %s and says where', async (_what, body, where) => {
    const response = await send('POST /items', { body });
    expect(response.status).toBe(400);
    expect(response.header('content-type')).toMatch(/^application\/problem\+json/u);
    expect(response.text()).toContain(where);
  });

  test.each([
    ['malformed JSON', '{"name":', 'application/json', 400],
    ['a prototype key', '{"name":"a","price":1,"__proto__":{"x":1}}', 'application/json', 400],
    ['nothing', '', 'application/json', 400],
    ['another media type', 'name=Lamp', 'application/x-www-form-urlencoded', 415],
    ['more than 16 KB', JSON.stringify({ ...LAMP, name: 'x'.repeat(17_000) }), 'application/json', 413],
  ])('refuses %s', async (_what, body, contentType, status) => {
    const response = await send('POST /items', { body, headers: { 'content-type': contentType } });
    expect(response.status).toBe(status);
    expect(response.json()).toMatchObject({ status });
  });
});

describe('GET /items/{id}', () => {
  test.each([
    UNKNOWN,
    'nope',
    '..',
    '%2e%2e%2fsecrets',
    'ITEMS',
    `itm_${'0'.repeat(43)}A`,
    `itm_${'0'.repeat(44)}%0a`,
    'x'.repeat(3000),
    '%00',
    '%F0%9F%8D%8B',
    "'%20OR%201=1",
  ])('an id that is none is not found: %s', async (id) => {
    const response = await send(`GET /items/${id}`);
    expect(response.status).toBe(404);
    expect(response.json()).toMatchObject({ status: 404 });
  });

  test.each([['"1"'], ['W/"1"'], ['"7", "1"'], ['*']])(
    'If-None-Match: %s spares the body',
    async (ifNoneMatch) => {
      const { id } = await make();
      const response = await send(`GET /items/${id}`, { headers: { 'if-none-match': ifNoneMatch } });
      expect(response.status).toBe(304);
      expect(response.header('etag')).toBe('"1"');
      expect(response.text()).toBe('');
    },
  );

  test.each([['"2"'], ['1'], ['""'], ['"11"']])('If-None-Match: %s does not', async (ifNoneMatch) => {
    const { id } = await make();
    const response = await send(`GET /items/${id}`, { headers: { 'if-none-match': ifNoneMatch } });
    expect(response.status).toBe(200);
  });
});

describe('PUT /items/{id}', () => {
  test('replaces all of it and counts the version up', async () => {
    const item = await make();
    const response = await put(item.id, '"1"', { name: 'Torch', price: 900 });
    const replaced = response.json() as Item;
    expect(response.status).toBe(200);
    expect(response.header('etag')).toBe('"2"');
    expect(replaced).toEqual({
      ...item,
      name: 'Torch',
      price: 900,
      tags: [],
      version: 2,
      updatedAt: replaced.updatedAt,
    });
    expect(Date.parse(replaced.updatedAt)).toBeGreaterThanOrEqual(Date.parse(item.updatedAt));
    expect((await send(`GET /items/${item.id}`)).json()).toEqual(replaced);
  });

  test('without If-Match it is asked for: 428', async () => {
    const { id } = await make();
    expect((await put(id, undefined)).status).toBe(428);
    expect((await send(`GET /items/${id}`)).json()).toMatchObject({ version: 1 });
  });

  test.each([['*'], ['"1"'], ['"4", "1"'], ['W/"9","1"']])(
    'If-Match: %s lets version 1 through',
    async (ifMatch) => {
      const { id } = await make();
      expect((await put(id, ifMatch)).status).toBe(200);
    },
  );

  test.each([['"2"'], ['"0"'], ['W/"1"'], ['"one"'], ['"01"'], ['"1e0"'], ['""'], [`"${'9'.repeat(30)}"`]])(
    'If-Match: %s does not: 412, and nothing is written',
    async (ifMatch) => {
      const item = await make();
      const response = await put(item.id, ifMatch, { name: 'Other', price: 1 });
      expect(response.status).toBe(412);
      expect(response.text()).toContain('version 1');
      expect((await send(`GET /items/${item.id}`)).json()).toEqual(item);
    },
  );

  test.each([['1'], ['"1'], ['"1" "2"'], [','], [Array.from({ length: 11 }, (_, tag) => `"${tag}"`).join()]])(
    'If-Match: %s is no condition: 400',
    async (ifMatch) => {
      const { id } = await make();
      expect((await put(id, ifMatch)).status).toBe(400);
    },
  );

  test.each([['*'], ['"1"']])('what is not there is not made, If-Match: %s', async (ifMatch) => {
    expect((await put(UNKNOWN, ifMatch)).status).toBe(404);
    expect((await put('nope', ifMatch)).status).toBe(404);
    expect((await send(`GET /items/${UNKNOWN}`)).status).toBe(404);
  });

  test('of 50 at once with the same If-Match one wins', async () => {
    const { id } = await make();
    const responses = await Promise.all(
      Array.from({ length: 50 }, (_, writer) => put(id, '"1"', { name: `Writer ${writer}`, price: writer })),
    );
    const winners = responses.filter(({ status }) => status === 200);
    expect(winners).toHaveLength(1);
    expect(responses.filter(({ status }) => status === 412)).toHaveLength(49);
    expect((await send(`GET /items/${id}`)).json()).toEqual(winners[0]?.json());
  });

  test('of 50 at once that take any version none is lost', async () => {
    const { id } = await make();
    const responses = await Promise.all(Array.from({ length: 50 }, () => put(id, '*')));
    const versions = responses.map((response) => (response.json() as Item).version);
    expect(versions.toSorted((one, other) => one - other)).toEqual(
      Array.from({ length: 50 }, (_, index) => index + 2),
    );
  });
});

describe('DELETE /items/{id}', () => {
  test('deletes once', async () => {
    const { id } = await make();
    const response = await send(`DELETE /items/${id}`);
    expect([response.status, response.text()]).toEqual([204, '']);
    expect((await send(`DELETE /items/${id}`)).status).toBe(404);
    expect((await send(`GET /items/${id}`)).status).toBe(404);
    expect((await put(id, '*')).status).toBe(404);
  });

  test('with If-Match only the version that was read', async () => {
    const { id } = await make();
    await put(id, '"1"');
    expect((await send(`DELETE /items/${id}`, { headers: { 'if-match': '"1"' } })).status).toBe(412);
    expect((await send(`DELETE /items/${id}`, { headers: { 'if-match': 'x' } })).status).toBe(400);
    expect((await send(`DELETE /items/${id}`, { headers: { 'if-match': '"2"' } })).status).toBe(204);
  });

  test.each([UNKNOWN, 'nope', 'x'.repeat(3000)])('what is not there: 404', async (id) => {
    expect((await send(`DELETE /items/${id}`)).status).toBe(404);
  });

  test('of 20 at once one deletes', async () => {
    const { id } = await make();
    const responses = await Promise.all(Array.from({ length: 20 }, () => send(`DELETE /items/${id}`)));
    expect(responses.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([
      204,
      ...Array.from({ length: 19 }, () => 404),
    ]);
  });
});

describe('GET /items', () => {
  interface Page {
    items: Item[];
    cursor?: string;
  }
  const page = async (query: string): Promise<Page> => (await send(`GET /items?${query}`)).json() as Page;
  const pagesFrom = async (cursor?: string): Promise<Page[]> => {
    const found = await page(`limit=7${cursor === undefined ? '' : `&cursor=${cursor}`}`);
    return [found, ...(found.cursor === undefined ? [] : await pagesFrom(found.cursor))];
  };
  let made: Item[];

  beforeAll(async () => {
    const all = await pagesFrom();
    await Promise.all(all.flatMap(({ items }) => items).map(({ id }) => send(`DELETE /items/${id}`)));
    made = await Promise.all(
      Array.from({ length: 28 }, (_, index) => make({ name: `Item ${index}`, price: index })),
    );
    made.sort(byId);
  });

  test('gives each item once, in the order they were made, and no cursor after the last', async () => {
    const pages = await pagesFrom();
    expect(pages.map(({ items }) => items.length)).toEqual([7, 7, 7, 7]);
    expect(pages.flatMap(({ items }) => items)).toEqual(made);
    const times = pages.flatMap(({ items }) => items.map(({ createdAt }) => createdAt));
    expect(times).toEqual(times.toSorted());
  });

  test('20 unless told otherwise, up to 100', async () => {
    expect((await page('')).items).toHaveLength(20);
    expect((await page('limit=100')).items).toHaveLength(28);
    expect((await page('limit=1')).items).toEqual(made.slice(0, 1));
  });

  test('an item that goes between two pages takes nobody with it', async () => {
    const extra = await make();
    const first = await page('limit=29');
    expect(first.cursor).toBeUndefined();
    const { items, cursor } = await page('limit=28');
    await send(`DELETE /items/${items.at(-1)?.id}`);
    expect((await page(`limit=28&cursor=${cursor}`)).items).toEqual([extra]);
    await send(`DELETE /items/${extra.id}`);
    made = made.filter(({ id }) => id !== items.at(-1)?.id);
  });

  test.each([
    'limit=0',
    'limit=101',
    'limit=-1',
    'limit=1.5',
    'limit=ten',
    'limit=1&limit=2',
    'size=5',
    'cursor=',
    '__proto__=1',
  ])('%s is refused', async (query) => {
    expect((await send(`GET /items?${query}`)).status).toBe(400);
  });

  test.each([
    ['nonsense', 'b29wcw'],
    ['not base64', '%00%C3%BF'],
    ['an id as it is', UNKNOWN],
    ['stray characters', `${encode(UNKNOWN)}!`],
    ['padding', `${encode(UNKNOWN)}==`],
    ['a key of another partition', encode('{"pk":"USERS","sk":"1"}')],
    ['a wrong id', encode('itm_1')],
    ['an id with more to it', encode(`${UNKNOWN}0`)],
    ['a long one', 'a'.repeat(5000)],
    ['two', `${encode(UNKNOWN)}&cursor=${encode(UNKNOWN)}`],
  ])('a cursor nobody gave is refused: %s', async (_what, cursor) => {
    const response = await send(`GET /items?cursor=${cursor}`);
    expect(response.status).toBe(400);
    expect(response.text()).toContain('cursor');
  });

  test('a forged cursor moves about in the same list and nowhere else', async () => {
    expect((await page(`limit=100&cursor=${encode(UNKNOWN)}`)).items).toEqual(made);
    expect(await page(`cursor=${encode(`itm_${'f'.repeat(44)}`)}`)).toEqual({ items: [] });
  });
});

describe('around the routes', () => {
  const headers = { origin: 'https://app.example.com' };

  test.each([
    ['GET /items', 200],
    ['GET /items/nope', 404],
    ['GET /nowhere', 404],
    ['PATCH /items', 405],
    ['POST /items', 400],
  ])('%s: a page of ours may read the answer', async (line, status) => {
    const response = await send(line, { headers });
    expect(response.status).toBe(status);
    expect(response.header('access-control-allow-origin')).toBe(headers.origin);
    expect(response.header('vary')).toMatch(/origin/iu);
  });

  test('another page may not', async () => {
    const response = await send('GET /items', { headers: { origin: 'https://evil.example' } });
    expect(response.header('access-control-allow-origin')).toBeUndefined();
  });

  test('a table that is not there is our fault, and stays our secret', async () => {
    const { TABLE_NAME } = process.env;
    process.env['TABLE_NAME'] = 'no-such-table';
    try {
      const response = await send('GET /items');
      expect(response.status).toBe(500);
      expect(response.text()).not.toMatch(/table|ResourceNotFound|dynamo/iu);
    } finally {
      process.env['TABLE_NAME'] = TABLE_NAME;
    }
  });
});
