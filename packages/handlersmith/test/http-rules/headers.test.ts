/* oxlint-disable no-await-in-loop -- requests one after the other: a failure names the one that failed */
import { httpEvent, httpSources, invoke, readAnswer, requestAs } from '@handlersmith/testing';
import { httpHandler } from 'handlersmith/http';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const echo = httpHandler({ logger: false }, ({ headers }) => headers);

describe.each(httpSources)('%s', (source) => {
  const request = requestAs(source);

  it('H2 names are lower case, however the client wrote them', async () => {
    const response = await request(echo, 'GET /', { headers: { 'X-Request-KIND': 'a', 'x-other': 'b' } });
    expect(response.json()).toMatchObject({ 'x-request-kind': 'a', 'x-other': 'b' });
  });

  it('H2 a value that is part of another survives', async () => {
    const repeated = { 'x-tag': ['item', 'item-2', 'em'] };
    const received = (await request(echo, 'GET /', { headers: repeated })).json() as Record<string, string>; // JSON of headers
    // A load balancer without multi-value headers sends the last one only.
    expect(received['x-tag']?.split(/, */)).toEqual(source === 'alb' ? ['em'] : ['item', 'item-2', 'em']);
  });

  it('H2 the schema of headers sees the same names', async () => {
    const handler = httpHandler(
      { logger: false, headers: z.object({ 'x-tenant': z.string().min(3) }) },
      ({ headers }) => headers['x-tenant'],
    );
    expect((await request(handler, 'GET /', { headers: { 'X-Tenant': 'acme' } })).json()).toBe('acme');
    const refused = await request(handler, 'GET /', { headers: { 'X-Tenant': 'a' } });
    expect(refused.status).toBe(400);
    expect(refused.json()).toMatchObject({ errors: [{ in: 'headers', pointer: '/x-tenant' }] });
  });

  it('H2 a header that was not sent is not there, whatever it is called', async () => {
    const names = ['constructor', 'toString', 'hasOwnProperty', '__proto__'];
    const handler = httpHandler({ logger: false }, ({ headers }) =>
      names.map((name) => typeof headers[name]),
    );
    expect((await request(handler, 'GET /')).json()).toEqual(names.map(() => 'undefined'));
  });

  it('H2 a header may have the name of a member of every object', async () => {
    const handler = httpHandler({ logger: false }, ({ headers }) => [
      headers['constructor'],
      headers['valueof'],
    ]);
    const headers = { Constructor: 'a', valueOf: 'b' };
    expect((await request(handler, 'GET /', { headers })).json()).toEqual(['a', 'b']);
  });
});

it('H2 rest: headers are found where the event has only one of the two maps', async () => {
  const event = httpEvent('rest', { headers: { 'X-Tag': ['a', 'b'] } });
  for (const half of [
    { ...event, headers: null },
    { ...event, multiValueHeaders: null },
  ]) {
    const { headers } = readAnswer('rest', await invoke(echo, half));
    expect(headers['content-type']).toBe('application/json');
    const received = readAnswer('rest', await invoke(echo, half)).json() as Record<string, string>; // JSON of headers
    expect(received['x-tag']).toBe(half.headers === null ? 'a, b' : 'b');
  }
});
