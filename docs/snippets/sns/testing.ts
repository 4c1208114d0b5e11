import { invoke, publication, snsEvent } from '@handlersmith/testing';
import { expect, it } from 'vitest';

import { handler, shipped } from './once.ts';

it('ships each order once, also when Lambda tries again', async () => {
  const event = snsEvent([
    { id: 'o1' },
    publication({ message: { id: 'o2' }, subject: 'Order' }),
    'not JSON',
  ]);
  await expect(invoke(handler, event)).rejects.toThrow('1 of 3 SNS records failed');
  await expect(invoke(handler, event)).rejects.toThrow('1 of 3 SNS records failed');
  expect(shipped).toEqual(['o1', 'o2']);
});
