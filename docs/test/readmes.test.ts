/** What the packages' READMEs and the pages on testing and local show, run. */
import { request } from '@handlersmith/testing';
import { describe, expect, it, vi } from 'vitest';

import { status, tables } from '../snippets/local/both.ts';
import { handler } from '../snippets/readmes/handlersmith.ts';

vi.hoisted(() => {
  process.env['POWERTOOLS_LOG_LEVEL'] = 'INFO';
});

// These files are tests themselves: importing them is running them.
await import('../snippets/testing/request.ts');
await import('../snippets/testing/matrix.ts');
await import('../snippets/testing/logs.ts');
await import('../snippets/http/matrix.ts');

describe('the README of handlersmith', () => {
  it('shows a handler that answers 201, and 400 with the wrong fields', async () => {
    expect((await request(handler, 'POST /items', { body: { name: 'lamp', price: 25 } })).status).toBe(201);
    const refused = await request(handler, 'POST /items', { body: { name: 'lamp' } });
    expect(refused.json()).toMatchObject({ status: 400, errors: [{ in: 'body', pointer: '/price' }] });
  });
});

describe('the README of @handlersmith/local', () => {
  it('starts a DynamoDB and an HTTP API that answer', () => {
    expect(tables.TableNames).toEqual([]);
    expect(status).toBe(200);
  });
});
