/** T7: what the smoke script asks of a real account, asked of the servers on this machine: the script itself is right. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type Servers, startServers } from '../../src/store/servers.fixture.ts';
import { blobStore } from '../../src/store/store.ts';
import { type Smoked, smoke } from './smoke/steps.ts';

let servers: Servers;
beforeAll(async () => {
  servers = await startServers();
});
afterAll(() => servers[Symbol.asyncDispose]());

describe('T7', () => {
  it('each step of the smoke script passes here', async () => {
    const written: Smoked[] = [];
    const store = blobStore({ ...servers.options, limits: { readerGrace: 0 } });
    for (const { run } of smoke(store, written)) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await run();
    }
    expect(written.map(({ key }) => key)).toEqual([
      'one',
      'many',
      'parts',
      'upload',
      'row',
      'replaced',
      'removed',
    ]);
  });
});
