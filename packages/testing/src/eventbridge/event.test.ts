import { describe, expect, it } from 'vitest';

import { eventBridgeEvent } from './event.ts';

describe('eventBridgeEvent', () => {
  it('has every member a real event has, and an id of its own', () => {
    const event = eventBridgeEvent();
    expect(event).toEqual({
      version: '0',
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      'detail-type': 'Test Event',
      source: 'test.source',
      account: '123456789012',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      region: 'eu-west-1',
      resources: [],
      detail: {},
    });
    expect(eventBridgeEvent().id).not.toBe(event.id);
  });

  it('says what it is told, the detail as JSON', () => {
    const detail = { at: new Date(0), nothing: undefined, list: [1] };
    const event = eventBridgeEvent({
      source: 'shop.orders',
      detailType: 'Order Placed',
      detail,
      id: 'e1',
      time: new Date('2026-01-02T03:04:05.678Z'),
      resources: ['arn:aws:s3:::b'],
      replay: 'again',
    });
    expect(event).toMatchObject({
      source: 'shop.orders',
      'detail-type': 'Order Placed',
      id: 'e1',
      time: '2026-01-02T03:04:05Z',
      resources: ['arn:aws:s3:::b'],
      'replay-name': 'again',
    });
    expect(event.detail).toStrictEqual({ at: '1970-01-01T00:00:00.000Z', list: [1] });
  });
});
