import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

import { expect, test, vi } from 'vitest';

import { freePort } from './port.ts';
import { startDynamoDb } from './start.ts';

// Whom the port goes to between asking for it and taking it is not ours to decide.
vi.mock(import('./port.ts'), async (importOriginal) => {
  const original = await importOriginal();
  return { freePort: vi.fn<typeof original.freePort>(original.freePort) };
});

test('a free port that somebody else took is given up for another, ten times at most', async () => {
  const winner = createServer().listen(0, '127.0.0.1');
  await once(winner, 'listening');
  const { port } = winner.address() as AddressInfo;

  vi.mocked(freePort).mockResolvedValueOnce(port).mockResolvedValueOnce(port);
  await using local = await startDynamoDb();
  expect(local.endpoint).not.toContain(`:${port}`);
  expect(freePort).toHaveBeenCalledTimes(3);

  vi.mocked(freePort).mockClear().mockResolvedValue(port);
  await expect(startDynamoDb()).rejects.toThrow(/already in use/u);
  expect(freePort).toHaveBeenCalledTimes(10);
  winner.close();
});
