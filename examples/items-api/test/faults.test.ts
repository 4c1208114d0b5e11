/** What happens when DynamoDB's answers are lost, or do not come. A proxy stands between; no real part gives this. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { lambdaContext, request } from '@handlersmith/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { startBackend } from './backend.fixture.ts';
import type { Backend } from './backend.fixture.ts';

const LAMP = { name: 'Lamp', price: 4900, tags: [] };

let backend: Backend;
let proxy: Server;
/** Operations whose next answer is dropped after DynamoDB has done its work. */
const lost = new Set<string>();
/** While set, nothing is answered at all. */
let silent = false;
let abandoned = 0;

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function forward(endpoint: string, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const body = await bytesOf(incoming);
  const headers = ['authorization', 'content-type', 'x-amz-date', 'x-amz-target'].map(
    (name): [string, string] => [name, String(incoming.headers[name])],
  );
  const answer = await fetch(endpoint, { method: 'POST', headers, body });
  const content = Buffer.from(await answer.arrayBuffer());
  if (lost.delete(String(incoming.headers['x-amz-target']).split('.')[1] ?? '')) incoming.socket.destroy();
  else outgoing.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' }).end(content);
}

beforeAll(async () => {
  backend = await startBackend(async (endpoint) => {
    proxy = createServer((incoming, outgoing) => {
      outgoing.once('close', () => {
        if (!outgoing.writableEnded) abandoned++;
      });
      if (!silent) void forward(endpoint, incoming, outgoing);
    }).listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  });
});

afterAll(async () => {
  proxy.closeAllConnections();
  proxy.close();
  await backend.stop();
});

test('an item whose acknowledgement is lost is made once', async () => {
  lost.add('PutItem');
  const response = await request(backend.handler, 'POST /items', { body: LAMP });
  expect(response.status).toBe(201);
  expect(lost.size).toBe(0);
  const item = response.json() as { id: string };
  const { items } = (await request(backend.handler, 'GET /items')).json() as { items: unknown[] };
  expect(items).toEqual([item]);
});

test('a replacement whose acknowledgement is lost is not mistaken for somebody else’s', async () => {
  const { id } = (await request(backend.handler, 'POST /items', { body: LAMP })).json() as { id: string };
  lost.add('UpdateItem');
  const body = { ...LAMP, name: 'Torch' };
  const response = await request(backend.handler, `PUT /items/${id}`, {
    body,
    headers: { 'if-match': '"1"' },
  });
  expect(lost.size).toBe(0);
  expect(response.status).toBe(200);
  expect(response.json()).toMatchObject({ ...body, version: 2 });
  expect((await request(backend.handler, `GET /items/${id}`)).json()).toEqual(response.json());
});

test('a DynamoDB that does not answer is given up before the function times out', async () => {
  silent = true;
  const before = abandoned;
  const response = await request(backend.handler, 'GET /items', { context: lambdaContext({ timeout: 600 }) });
  silent = false;
  expect(response.status).toBe(504);
  expect(response.header('content-type')).toMatch(/^application\/problem\+json/u);
  await expect.poll(() => abandoned).toBe(before + 1);
});
