import { eventBridgeEvent, invoke } from '@handlersmith/testing';
import { expect, it } from 'vitest';

import { handler, mails } from './once.ts';

it('sends one mail an event, however often it comes', async () => {
  const event = eventBridgeEvent({ source: 'shop.orders', detailType: 'Order Placed', detail: { id: 'o1' } });
  await invoke(handler, event);
  await invoke(handler, event);
  expect(mails).toEqual([event.id]);
});
