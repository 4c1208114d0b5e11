import { setTimeout as wait } from 'node:timers/promises';

import { lambdaContext } from '@handlersmith/testing';
import { expect, it, vi } from 'vitest';

import { DeadlineReached } from './deadline.ts';
import { buildTrigger } from './trigger.ts';

it.each([
  ['resources', { resources: () => wait(150, 'made late') }],
  ['a middleware', { use: [{ before: () => wait(150) }] }],
])(
  'A3 begins no work after the deadline, where %s took too long: it would run in a later invocation',
  async (_, options) => {
    const serve = vi.fn<() => string>(() => 'done');
    const handler = buildTrigger(
      { logger: false, deadlineMargin: 20, ...options },
      { name: 'test', correlationId: () => undefined, serve },
    );
    await expect(handler({}, lambdaContext({ timeout: 100 }))).rejects.toBeInstanceOf(DeadlineReached);
    await wait(150);
    expect(serve).not.toHaveBeenCalled();
    expect(await handler({}, lambdaContext())).toBe('done');
  },
);
