import { captureLogs, request } from '@handlersmith/testing';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';

import { compiled } from '../../test/compiled.ts';
import { created, ok } from './answer.ts';
import { httpHandler } from './handler.ts';
import { notFound } from './problem.ts';

const logger = false;
const Item = z.object({ id: z.string(), count: z.number().default(1) });

describe('H16 answers that break their own schema', () => {
  it('are a 500 that shows nothing, and the log says where', async () => {
    const handler = httpHandler({ response: { 200: Item } }, () => ({ id: 7 }) as never); // wrong on purpose
    const { result, lines } = await captureLogs(() => request(handler, 'GET /'));
    expect([result.status, result.text()]).toEqual([500, expect.not.stringContaining('id"')]);
    expect(JSON.stringify(lines)).toContain('the 200 answer is not what its schema says: /id');
  });

  it('are a 500 for an asynchronous schema, and for the whole of the answer', async () => {
    const handler = httpHandler(
      { logger, response: { 200: Item.refine(async () => true) } },
      () => 'text' as never,
    ); // wrong on purpose
    expect((await request(handler, 'GET /')).status).toBe(500);
  });
});

describe('answers by schema', () => {
  it('lose what the schema does not know, and get its defaults', async () => {
    const handler = httpHandler(
      { logger, response: { 200: Item, 201: v.object({ id: v.string() }) } },
      ({ method }) => {
        const item = { id: 'a', secret: 'hash' };
        return method === 'POST' ? created(item, { headers: { 'X-A': '1' }, cookies: ['a=1'] }) : ok(item);
      },
    );
    expect((await request(handler, 'GET /')).json()).toEqual({ id: 'a', count: 1 });
    const made = await request(handler, 'POST /');
    expect([made.status, made.json(), made.header('x-a'), made.cookies]).toEqual([
      201,
      { id: 'a' },
      '1',
      ['a=1'],
    ]);
  });

  it('are waited for', async () => {
    const handler = httpHandler({ logger, response: { 200: Item.refine(async () => true) } }, async () => ({
      id: 'a',
    }));
    expect((await request(handler, 'GET /')).json()).toEqual({ id: 'a', count: 1 });
  });

  it('of another status or a problem pass', async () => {
    const handler = httpHandler({ logger, response: { 200: Item } }, ({ query }) =>
      query['made'] === '1' ? (created(7) as never) : notFound('none'),
    );
    expect((await request(handler, 'GET /?made=1')).json()).toBe(7);
    expect((await request(handler, 'GET /')).status).toBe(404);
  });
});

describe('A7 answers that a compiled function looks at', () => {
  it('are not written into: what it fills in is in the copy that is sent', async () => {
    const shared = Object.freeze({ id: 'a' });
    const response = {
      200: compiled({ type: 'object', properties: { count: { default: 1 } } }, { useDefaults: true }),
    };
    const answered = await request(
      httpHandler({ logger, response }, () => shared),
      'GET /',
    );
    expect([answered.status, answered.json(), shared]).toEqual([200, { id: 'a', count: 1 }, { id: 'a' }]);
  });
});
