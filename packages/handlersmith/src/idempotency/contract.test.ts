/** What every store promises, asked of each of them: in memory, and in a real DynamoDB table. */
import { setTimeout as wait } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { dynamoStore } from './dynamo.ts';
import { memoryStore } from './memory.ts';
import type { Claim, IdempotencyStore, StoredResult } from './store.ts';
import { type RealTable, startTable } from './table.fixture.ts';

let table: RealTable;
let composite: RealTable;

beforeAll(async () => {
  [table, composite] = await Promise.all([startTable(), startTable('key')]);
}, 60_000);

afterAll(async () => {
  await Promise.all([table[Symbol.asyncDispose](), composite[Symbol.asyncDispose]()]);
});

const request = { fingerprint: undefined, lease: 30_000 };
const value: StoredResult = { kind: 'value', json: '{"paid":true}' };

const tokenOf = (claim: Claim): string =>
  claim.kind === 'claimed' ? claim.token : `not claimed: ${claim.kind}`;

describe.each<[name: string, make: () => IdempotencyStore]>([
  ['memoryStore', () => memoryStore()],
  ['dynamoStore', () => dynamoStore({ tableName: table.tableName, client: table.client })],
  [
    'dynamoStore in a table with a sort key',
    () =>
      dynamoStore({
        tableName: composite.tableName,
        client: composite.client,
        sortKeyAttribute: 'key',
        partition: 'ours',
      }),
  ],
])('%s', (name, make) => {
  let store: IdempotencyStore;
  beforeAll(() => {
    store = make();
  });

  it('O5 gives a key to one of many that want it at once', async () => {
    const claims = await Promise.all(Array.from({ length: 20 }, () => store.claim('race', request)));
    expect(claims.filter(({ kind }) => kind === 'claimed')).toHaveLength(1);
    expect(claims.filter(({ kind }) => kind === 'inProgress')).toHaveLength(19);
  });

  it('O5 tells whoever comes early how long the lease still runs', async () => {
    await store.claim('early', { fingerprint: 'print', lease: 10_000 });
    const claim = await store.claim('early', request);
    expect(claim).toMatchObject({ kind: 'inProgress', fingerprint: 'print' });
    const { retryAfter } = claim as Extract<Claim, { kind: 'inProgress' }>;
    expect(retryAfter).toBeGreaterThan(5_000);
    expect(retryAfter).toBeLessThanOrEqual(10_000);
  });

  it.each<StoredResult>([value, { kind: 'nothing' }, { kind: 'unavailable' }, { kind: 'value', json: '""' }])(
    'O5 gives back what was completed: %j',
    async (result) => {
      const key = `completed-${JSON.stringify(result)}`;
      const token = tokenOf(await store.claim(key, { fingerprint: 'print', lease: 30_000 }));
      expect(await store.complete(key, token, result, 60)).toBe(true);
      expect(await store.claim(key, request)).toEqual({ kind: 'done', result, fingerprint: 'print' });
    },
  );

  it('O5 keeps a result when its claim is completed twice, as after an answer that got lost', async () => {
    const token = tokenOf(await store.claim('twice', request));
    expect(await store.complete('twice', token, value, 60)).toBe(true);
    expect(await store.complete('twice', token, value, 60)).toBe(true);
    expect(await store.claim('twice', request)).toMatchObject({ kind: 'done', result: value });
  });

  it('O5 frees a key that is released', async () => {
    const token = tokenOf(await store.claim('released', request));
    expect(await store.release('released', token)).toBe(true);
    expect(await store.claim('released', request)).toMatchObject({ kind: 'claimed' });
  });

  it('O5 frees a key whose lease has ended', async () => {
    const token = tokenOf(await store.claim('crashed', { fingerprint: undefined, lease: 60 }));
    expect(await store.claim('crashed', request)).toMatchObject({ kind: 'inProgress' });
    await wait(90);
    const next = tokenOf(await store.claim('crashed', request));
    expect(next).not.toBe(token);
    expect(next).toMatch(/^[\w-]{36}$/);
  });

  it('O5 lets a late owner change nothing of its successor: neither complete nor release', async () => {
    const late = tokenOf(await store.claim('late', { fingerprint: 'first', lease: 20 }));
    await wait(40);
    const token = tokenOf(await store.claim('late', { fingerprint: 'second', lease: 30_000 }));
    expect(await store.complete('late', late, { kind: 'value', json: '"late"' }, 60)).toBe(false);
    expect(await store.release('late', late)).toBe(false);
    expect(await store.claim('late', request)).toMatchObject({ kind: 'inProgress', fingerprint: 'second' });
    expect(await store.complete('late', token, value, 60)).toBe(true);
    expect(await store.complete('late', late, { kind: 'value', json: '"late"' }, 60)).toBe(false);
    expect(await store.claim('late', request)).toMatchObject({ kind: 'done', result: value });
  });

  it('O5 lets an owner whose lease has ended complete while nobody has followed', async () => {
    const token = tokenOf(await store.claim('slow', { fingerprint: undefined, lease: 20 }));
    await wait(40);
    expect(await store.complete('slow', token, value, 60)).toBe(true);
    expect(await store.claim('slow', request)).toMatchObject({ kind: 'done' });
  });

  it('O5 deletes no result: release after complete changes nothing', async () => {
    const token = tokenOf(await store.claim('kept', request));
    await store.complete('kept', token, value, 60);
    expect(await store.release('kept', token)).toBe(false);
    expect(await store.claim('kept', request)).toMatchObject({ kind: 'done' });
  });

  it('O5 has nothing to change for a token that was never given', async () => {
    expect(await store.complete('unknown', 'token', value, 60)).toBe(false);
    expect(await store.release('unknown', 'token')).toBe(false);
    expect(await store.claim('unknown', request)).toMatchObject({ kind: 'claimed' });
  });

  it('O5 replays no result that is older than its ttl', { timeout: 10_000 }, async () => {
    const token = tokenOf(await store.claim('old', request));
    await store.complete('old', token, value, 0.5);
    expect(await store.claim('old', request)).toMatchObject({ kind: 'done' });
    await wait(2_100); // DynamoDB counts whole seconds
    expect(await store.claim('old', request)).toMatchObject({ kind: 'claimed' });
  });

  it('O6 takes a result of the size it says, and says less than what does not fit', async () => {
    const limit = store.resultLimit ?? 0;
    expect(limit).toBeGreaterThan(390 * 1024);
    const key = `operation#${'k'.repeat(name === 'memoryStore' ? 1 : 900)}`;
    const token = tokenOf(await store.claim(key, { fingerprint: 'f'.repeat(43), lease: 30_000 }));
    const large: StoredResult = { kind: 'value', json: JSON.stringify('x'.repeat(limit - 2)) };
    expect(await store.complete(key, token, large, 60)).toBe(true);
    expect(await store.claim(key, request)).toMatchObject({ kind: 'done', result: large });
  });
});
