import { readFileSync } from 'node:fs';

import { captureLogs, eventBridgeEvent, invoke } from '@handlersmith/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { parse, type ScalarTag } from 'yaml';

import { handler as several, work } from '../snippets/eventbridge/several.ts';
import { handler as smallest } from '../snippets/eventbridge/smallest.ts';
import { events } from '../snippets/eventbridge/team.ts';
await import('../snippets/eventbridge/testing.ts'); // a test of its own

const orders = (detailType: string, detail: object, more: object = {}) =>
  eventBridgeEvent({ source: 'shop.orders', detailType, detail, ...more });

const quiet = (event: ReturnType<typeof eventBridgeEvent>) => captureLogs(() => invoke(several, event));

describe('the smallest handler', () => {
  it('logs the order, and refuses what is none', async () => {
    const { lines } = await captureLogs(() =>
      invoke(smallest, orders('Order Placed', { id: 'o1', total: 25 })),
    );
    expect(lines).toMatchObject([{ message: 'an order', order: 'o1', total: 25, service: 'invoices' }]);
    const { result } = await captureLogs(() =>
      invoke(smallest, orders('Order Placed', { id: 'o1' })).then(
        () => 'done',
        (error: unknown) => String(error),
      ),
    );
    expect(result).toContain('/total');
  });
});

describe('several kinds', () => {
  beforeEach(() => void work.splice(0));
  it('each go to their function', async () => {
    await quiet(orders('Order Placed', { id: 'o1' }));
    await quiet(orders('Order Cancelled', { id: 'o2' }));
    await quiet(
      eventBridgeEvent({
        source: 'aws.s3',
        detailType: 'Object Created',
        detail: { bucket: { name: 'b' }, object: { key: 'k' } },
        time: new Date('2026-01-02T03:04:05Z'),
      }),
    );
    expect(work).toEqual([
      expect.stringMatching(/^ship o1 in /),
      'refund o2',
      'b/k at 2026-01-02T03:04:05.000Z',
    ]);
  });

  it.each([
    ['dropped', orders('Order Placed', { id: 'sold-out' }), 'event failed'],
    ['dropped when it does not match', orders('Order Placed', {}), 'event failed'],
    ['skipped', orders('Order Cancelled', { id: 'o1' }, { replay: 'again' }), 'event skipped'],
    ['ignored', orders('Order Sent', {}), 'event ignored: no function is for it'],
  ])('an event is %s, and one line tells', async (_, event, message) => {
    const { lines } = await quiet(event);
    expect(lines).toMatchObject([{ message, correlation_id: event.id }]);
    expect(work).toEqual([]);
  });
});

it('team defaults are filled in', () => {
  expect(events({}, [{ kind: { source: 'a', detailType: 'b' }, run: () => {} }]).manifest).toMatchObject({
    service: 'shop',
    unknown: 'ignore',
  });
});

describe("the page's template", () => {
  const customTags: ScalarTag[] = ['Ref', 'GetAtt'].map((name) => ({
    tag: `!${name}`,
    resolve: (text: string) => ({ [name]: text }),
  }));
  const text = readFileSync(new URL('../snippets/eventbridge/template.yaml', import.meta.url), 'utf8');

  it('has what the manifest asks for, and lets through what the handler takes', () => {
    const { InvoicesFunction } = (
      parse(text, { customTags }) as { Resources: Record<string, { Properties: object }> }
    ).Resources; // its shape is what is tested
    const [kind] = smallest.manifest.events;
    expect(smallest.manifest.needs).toEqual(['OnFailureDestination']);
    expect(InvoicesFunction?.Properties).toMatchObject({
      EventInvokeConfig: { DestinationConfig: { OnFailure: { Type: 'SQS' } } },
      Events: {
        Orders: { Properties: { Pattern: { source: [kind?.source], 'detail-type': [kind?.detailType] } } },
      },
    });
  });
});
