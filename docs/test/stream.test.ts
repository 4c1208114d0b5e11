import { readFileSync } from 'node:fs';

import { captureLogs, dynamoStreamEvent, invoke, kinesisEvent, lambdaContext } from '@handlersmith/testing';
import { kinesisHandler, streamHandler } from 'handlersmith/stream';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { handler as changes, mails } from '../snippets/stream/changes.ts';
import { handler as keys } from '../snippets/stream/keys.ts';
import { handler as kinesis } from '../snippets/stream/kinesis.ts';
import { handler as lost } from '../snippets/stream/lost.ts';
import { handler as once } from '../snippets/stream/once.ts';
import { handler as own, table } from '../snippets/stream/own.ts';
import { handler as permanent } from '../snippets/stream/permanent.ts';
import { handler as smallest } from '../snippets/stream/smallest.ts';
import { handler as window } from '../snippets/stream/window.ts';

await import('../snippets/stream/testing.ts'); // a test of its own

const none = { batchItemFailures: [] };
const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

describe('the handlers on the page', () => {
  it('the smallest logs what is new', async () => {
    const event = dynamoStreamEvent([{ type: 'insert', after: { id: 'u1' } }]);
    const { result, lines } = await captureLogs(() => smallest(event, lambdaContext()));
    expect(result).toEqual(none);
    expect(lines[0]).toMatchObject({ message: 'new', id: 'u1', correlation_id: event.Records[0]?.eventID });
  });

  it('changes have their images', async () => {
    mails.length = 0;
    const [before, after] = [
      { id: 'u1', email: 'a@example.com' },
      { id: 'u1', email: 'b@example.com' },
    ];
    await captureLogs(() =>
      invoke(
        changes,
        dynamoStreamEvent([
          { type: 'modify', before, after },
          { type: 'remove', before: after },
        ]),
      ),
    );
    expect(mails).toEqual(['confirm b@example.com', 'goodbye b@example.com']);
  });

  it('keys are enough where the stream shows no more', async () => {
    const event = dynamoStreamEvent([{ type: 'insert', after: { id: 'u1' } }], { view: 'KEYS_ONLY' });
    const { lines } = await captureLogs(() => invoke(keys, event));
    expect(lines[0]).toMatchObject({ message: 'changed', type: 'insert', id: 'u1' });
  });

  it('permanent failures are dropped when asked', async () => {
    const event = dynamoStreamEvent([
      { type: 'insert', after: { id: 'o1', total: -1 } },
      { type: 'insert', after: { id: 'o2', total: 1 } },
    ]);
    const { result, lines } = await captureLogs(() => invoke(permanent, event));
    expect(result).toEqual(none);
    expect(lines).toMatchObject([{ handling: 'dropped' }, { message: 'billed', id: 'o2' }, {}]);
  });

  it('own writes are skipped', async () => {
    await captureLogs(() =>
      invoke(own, dynamoStreamEvent([{ type: 'insert', after: { id: 'p1', name: 'cat.jpg' } }])),
    );
    const written = table.get('p1') as { id: string; lastWrite: string }; // what the snippet put there
    expect(written.lastWrite).toMatch(/^thumbnails#/);
    table.clear();
    await captureLogs(() => invoke(own, dynamoStreamEvent([{ type: 'insert', after: { ...written } }])));
    expect(table.size).toBe(0);
  });

  it('windows add up', async () => {
    const event = dynamoStreamEvent([{ type: 'insert', after: { id: 'o1', total: 5 } }], {
      window: { state: { orders: 1, total: 1 }, final: true },
    });
    const { result, lines } = await captureLogs(() => invoke(window, event));
    expect(result).toEqual({ state: { orders: 2, total: 6 }, batchItemFailures: [] });
    expect(lines).toContainEqual(expect.objectContaining({ message: 'window', orders: 2, total: 6 }));
  });

  it('Kinesis gives data, key and time', async () => {
    const arrivedAt = new Date('2026-05-01T10:00:00.250Z');
    const event = kinesisEvent([{ data: { page: '/' }, partitionKey: 'u1', arrivedAt }]);
    const { lines } = await captureLogs(() => invoke(kinesis, event));
    expect(lines[0]).toMatchObject({ page: '/', user: 'u1', at: '2026-05-01T10:00:00.250Z' });
  });

  it('the others are built', () => {
    expect(once.manifest.concurrency).toBe(8);
    expect(lost.manifest.trigger).toBe('sqs');
  });
});

describe("the page's tables of options", () => {
  const page = read('guide/stream.md');
  const named = (heading: string): string[] => {
    const section = page.split(`### ${heading}\n`)[1]?.split('\n#')[0] ?? '';
    return [...section.matchAll(/^\| `(\w+)` +\|/gm)].map(([, name = '']) => name);
  };
  const all = named('Of a handler');
  const shared = [
    'concurrency',
    'onPermanent',
    'idempotency',
    'window',
    ...all.slice(all.indexOf('service')),
  ];

  it.each([
    ['Of a handler', (options: object) => streamHandler(options, () => {}), []],
    ['Of `kinesisHandler`', (options: object) => kinesisHandler(options, () => {}), shared],
  ])('list every option there is: %s', (heading, build, besides) => {
    const known = knownTo(build);
    expect(known.length).toBeGreaterThan(1);
    expect([...named(heading), ...besides].toSorted()).toEqual(known.toSorted());
  });
});

describe("the page's template", () => {
  interface Properties {
    readonly StreamSpecification?: { readonly StreamViewType: string };
    readonly Events?: { readonly Changes: { readonly Properties: Record<string, unknown> } };
  }
  const { Resources } = parse(read('snippets/stream/template.yaml'), { logLevel: 'error' }) as {
    Resources: Record<string, { Properties: Properties }>;
  };

  it('has what the manifest asks for', () => {
    const { needs, view } = changes.manifest;
    const mapping = Resources['ChangesFunction']?.Properties.Events?.Changes.Properties;
    expect(needs).toEqual(['ReportBatchItemFailures', 'MaximumRetryAttempts', 'OnFailure']);
    expect(mapping).toMatchObject({
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRetryAttempts: expect.any(Number),
      DestinationConfig: { OnFailure: { Type: 'SQS' } },
    });
    expect(Resources['Users']?.Properties.StreamSpecification?.StreamViewType).toBe(view);
  });
});

/** What a factory says it knows: a name that is near to no option makes the message list them all. */
function knownTo(build: (options: object) => unknown): string[] {
  try {
    build({ qqqqqqqqqqqqqqqq: true });
  } catch (error) {
    return (error as Error).message.split('Known options: ')[1]?.split(', ') ?? []; // a TypeError
  }
  return [];
}
