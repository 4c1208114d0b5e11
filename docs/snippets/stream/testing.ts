import { dynamoStreamEvent, invoke } from '@handlersmith/testing';
import { expect, it } from 'vitest';

import { handler, mails } from './changes.ts';

it('says welcome, and nothing to those that expire', async () => {
  const event = dynamoStreamEvent([
    { type: 'insert', after: { id: 'u1', email: 'ada@example.com' } },
    { type: 'remove', before: { id: 'u2', email: 'bob@example.com' }, expired: true },
  ]);
  expect(await invoke(handler, event)).toEqual({ batchItemFailures: [] });
  expect(mails).toEqual(['welcome ada@example.com']);
});
