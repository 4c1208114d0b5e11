import { invoke, sqsEvent } from '@handlersmith/testing';
import { expect, it } from 'vitest';

import { handler } from './drop.ts';

it('reports what failed, and nothing else', async () => {
  const event = sqsEvent([
    { body: { id: 'o1', customer: 'c1', total: 5 } },
    { body: { id: 'stuck', customer: 'c1', total: 5 }, messageId: 'm2', attempt: 3 },
    'no JSON', // dropped
  ]);
  expect(await invoke(handler, event)).toEqual({ batchItemFailures: [{ itemIdentifier: 'm2' }] });
});
