import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { request } from '@handlersmith/testing';
import type { HttpHandler } from 'handlersmith/http';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { bundle } from '../local/bundle.ts';
import { startBackend } from './backend.fixture.ts';
import type { Backend } from './backend.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'items-api-'));
const template = readFileSync(new URL('../template.yaml', import.meta.url), 'utf8');
let backend: Backend;

const keysIn = (text: string): string[] =>
  [...text.matchAll(/AttributeName: '?(\w+)'?, KeyType: '?(\w+)/gu)].map(([, ...key]) => key.join());

beforeAll(async () => {
  backend = await startBackend();
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await backend.stop();
});

test('the bundle is what the template asks for, and works by itself', { timeout: 30_000 }, async () => {
  expect(template).toContain('Handler: handler.handler');
  await bundle(folder);
  const { handler } = (await import(join(folder, 'handler.mjs'))) as { handler: HttpHandler };
  const made = await request(handler, 'POST /items', { body: { name: 'Lamp', price: 1 } });
  expect(made.status).toBe(201);
  // Read by the sources: both wrote and read the same table.
  expect((await request(backend.handler, `GET ${made.header('location')}`)).json()).toEqual(made.json());
});

test('the role may do what the code does, and no more', () => {
  const code = readFileSync(new URL('../src/items.ts', import.meta.url), 'utf8');
  const commands = [...code.matchAll(/new (\w+)Command\(/gu)].map(([, name]) =>
    name === 'Query' ? name : `${name}Item`,
  );
  const actions = [...template.matchAll(/dynamodb:(\w+)/gu)].map(([, action]) => action);
  expect(new Set(actions)).toEqual(new Set(commands));
  expect(template).not.toMatch(/Resource: '?\*/u);
});

test('the table of the template has the keys of the local one', () => {
  const local = readFileSync(new URL('../local/table.ts', import.meta.url), 'utf8');
  expect(keysIn(template)).toEqual(['pk,HASH', 'sk,RANGE']);
  expect(keysIn(local)).toEqual(keysIn(template));
});
