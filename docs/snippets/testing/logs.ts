import { captureLogs, lambdaContext, manualClock, request } from '@handlersmith/testing';
import { expect, it } from 'vitest';

import { handler } from './handler.ts';

it('logs the request', async () => {
  const clock = manualClock();
  const context = lambdaContext({ timeout: 10_000, clock });
  const { result, lines } = await captureLogs(() => request(handler, 'GET /items', { context }));

  expect(result.status).toBe(200);
  expect(lines).toContainEqual(expect.objectContaining({ level: 'INFO' }));
});
