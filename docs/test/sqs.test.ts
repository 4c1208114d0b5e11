import { readFileSync } from 'node:fs';

import { captureLogs, invoke, lambdaContext, snsEnvelope, sqsEvent } from '@handlersmith/testing';
import { quarantine, redriveHandler, sqsHandler } from 'handlersmith/sqs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { handler as consumer } from '../snippets/sqs/consumer.ts';
import { handler as drop } from '../snippets/sqs/drop.ts';
import { handler as once } from '../snippets/sqs/once.ts';
import { orders } from '../snippets/sqs/orders.ts';
import { handler as permanent } from '../snippets/sqs/permanent.ts';
import { handler as producer } from '../snippets/sqs/producer.ts';
import { handler as redrive } from '../snippets/sqs/redrive.ts';
import { handler as smallest } from '../snippets/sqs/smallest.ts';
import { handler as sns, seen } from '../snippets/sqs/sns.ts';

await import('../snippets/sqs/testing.ts'); // a test of its own

const order = { id: 'o1', customer: 'c1', total: 5 };
const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

describe('the handlers on the page', () => {
  it('the smallest logs each message with its id', async () => {
    const { result, lines } = await captureLogs(() =>
      smallest(sqsEvent([{ body: order, messageId: 'm1' }]), lambdaContext()),
    );
    expect(result).toEqual({ batchItemFailures: [] });
    expect(lines).toMatchObject([
      { message: 'received', record_id: 'm1' },
      { message: 'batch finished', done: 1 },
    ]);
  });

  it('transient failures are reported, others are done', async () => {
    const event = sqsEvent([{ body: order }, { body: { ...order, customer: 'busy' }, messageId: 'busy' }]);
    const { result } = await captureLogs(() => permanent(event, lambdaContext()));
    expect(result).toEqual({ batchItemFailures: [{ itemIdentifier: 'busy' }] });
  });

  it('permanent ones are dropped when asked', async () => {
    const { result, lines } = await captureLogs(() => drop(sqsEvent(['no JSON']), lambdaContext()));
    expect(result).toEqual({ batchItemFailures: [] });
    expect(lines[0]).toMatchObject({ permanent: true, handling: 'dropped' });
  });

  it('SNS envelopes come off, and need not be there', async () => {
    const attributes = { tenant: 't1' };
    const enveloped = snsEnvelope({ message: order, attributes, topicArn: 'arn:topic' });
    await captureLogs(() => invoke(sns, sqsEvent([enveloped, { body: order, attributes }])));
    expect(seen).toEqual([
      ['o1', 't1', 'arn:topic'],
      ['o1', 't1', 'delivered raw'],
    ]);
  });

  it('one definition checks what is sent and what is received', async () => {
    await expect(orders.send({ ...order, total: -1 })).rejects.toThrow('option "url" must be given');
    const event = sqsEvent([{ body: order, groupId: 'c1' }], { queue: 'orders.fifo' });
    const { result, lines } = await captureLogs(() => consumer(event, lambdaContext()));
    expect(result).toEqual({ batchItemFailures: [] });
    expect(lines[0]).toMatchObject({ message: 'order', id: 'o1', customer: 'c1' });
    expect(producer.manifest.trigger).toBe('http');
    expect(once.manifest.trigger).toBe('sqs');
  });

  it('redrive keeps and drops as it says', async () => {
    const attributes = {
      QuarantineReason: 'Over the limit',
      QuarantineMessageId: 'm',
      QuarantineAttempts: 1,
    };
    const event = sqsEvent([
      { body: { ...order, total: 0 } },
      { body: order, messageId: 'kept', attributes },
    ]);
    const { result } = await captureLogs(() => redrive(event, lambdaContext()));
    expect(result).toEqual({ batchItemFailures: [{ itemIdentifier: 'kept' }] });
  });
});

describe("the page's tables of options", () => {
  const page = read('guide/sqs.md');
  const named = (heading: string): string[] => {
    const section = page.split(`### ${heading}\n`)[1]?.split('\n#')[0] ?? '';
    return [...section.matchAll(/^\| `(\w+)` +\|/gm)].map(([, name = '']) => name);
  };
  const shared = ['message', 'format', 'attributes', 'envelope', 'concurrency'];
  const ofFunctions = ['service', 'logger', 'tracer', 'deadlineMargin', 'resources', 'use'];

  it.each([
    ['Of a handler', (options: object) => sqsHandler(options, () => {}), []],
    ['Of `quarantine`', (options: object) => quarantine(options as never), []],
    [
      'Of `redriveHandler`',
      (options: object) => redriveHandler(options as never, () => 'keep'),
      [...shared, ...ofFunctions],
    ],
  ])('list every option there is: %s', (heading, build, besides) => {
    const all = known(build);
    expect(all.length).toBeGreaterThan(1);
    expect([...named(heading), ...besides].toSorted()).toEqual(all.toSorted());
  });
});

describe("the page's template", () => {
  interface Properties {
    readonly VisibilityTimeout?: number;
    readonly RedrivePolicy?: { readonly maxReceiveCount: number };
    readonly Timeout?: number;
    readonly Events?: { readonly Messages: { readonly Properties: Record<string, unknown> } };
  }
  const { Resources } = parse(read('snippets/sqs/template.yaml'), { logLevel: 'error' }) as {
    Resources: Record<string, { Properties: Properties }>;
  };

  it('has what the manifest asks for', () => {
    const [queue, ship] = [Resources['Orders']?.Properties, Resources['ShipFunction']?.Properties];
    expect(permanent.manifest.needs).toEqual([
      'ReportBatchItemFailures',
      'VisibilityTimeout',
      'DeadLetterQueue',
    ]);
    expect(ship?.Events?.Messages.Properties).toMatchObject({
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
    expect(queue?.VisibilityTimeout).toBeGreaterThanOrEqual(6 * (ship?.Timeout ?? Infinity));
    expect(queue?.RedrivePolicy?.maxReceiveCount).toBeGreaterThanOrEqual(5);
    expect(permanent.manifest.sendsTo).toHaveLength(1);
  });
});

/** What a factory says it knows: a name that is near to no option makes the message list them all. */
function known(build: (options: object) => unknown): string[] {
  try {
    build({ qqqqqqqqqqqqqqqq: true });
  } catch (error) {
    return (error as Error).message.split('Known options: ')[1]?.split(', ') ?? []; // a TypeError
  }
  return [];
}
