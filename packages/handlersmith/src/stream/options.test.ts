import { dynamoStreamEvent, type ItemChange, invoke } from '@handlersmith/testing';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';

import { ownWrites, streamHandler } from './index.ts';

const quiet = { logger: false } as const;
const inserts = (...ids: string[]): ItemChange[] => ids.map((id) => ({ type: 'insert', after: { id } }));
const none = { batchItemFailures: [] };
const build =
  (options: object, handlers: unknown = () => {}) =>
  () =>
    streamHandler(options, handlers as () => void);

describe('options', () => {
  it.each([
    ['itm', { itm: z.object({}) }, 'Did you mean "item"?'],
    ['item', { item: {} }, 'option "item"'],
    ['view', { view: 'BOTH' }, 'option "view"'],
    ['numbers', { numbers: 'float' }, 'option "numbers"'],
    ['concurrency', { concurrency: 0 }, 'option "concurrency"'],
    ['onPermanent', { onPermanent: 'quarantine' }, 'option "onPermanent"'],
    ['window', { window: {} }, 'option "window"'],
    [
      'window beside concurrency',
      { window: { initial: () => ({}) }, concurrency: 2 },
      '"concurrency" must be 1',
    ],
    ['ownWrites', { ownWrites: 'me' }, 'option "ownWrites"'],
    ['ownWrites without both images', { ownWrites: ownWrites('me'), view: 'NEW_IMAGE' }, 'needs both images'],
  ])('A6 a wrong %s fails when the handler is built', (_, options, message) => {
    expect(build(options)).toThrow(message);
    expect(() => streamHandler.extend(options as object)).toThrow('streamHandler.extend: ');
  });

  it.each([
    ['no functions', {}, 'it has none'],
    ['nothing', null, 'got null'],
    ['a misspelt one', { inserted: () => {} }, 'unknown function "inserted"'],
    ['one that is none', { insert: 'welcome' }, '"insert" must be a function'],
    ['close without a window', { insert: () => {}, close: () => {} }, '"close" needs the option "window"'],
  ])('A6 %s fail when the handler is built', (_, handlers, message) => {
    expect(build({}, handlers)).toThrow(message);
  });

  it('D8 a writer without a name of its own fails when it is made', () => {
    expect(() => ownWrites('')).toThrow('the writer');
    expect(() => ownWrites('a#b')).toThrow('the writer');
    expect(() => ownWrites('a', '')).toThrow('the attribute');
  });

  it('extend fills in defaults, and the manifest tells', () => {
    const ours = streamHandler.extend({ ...quiet, service: 'shop', onPermanent: 'drop' });
    expect(ours({ view: 'NEW_IMAGE', concurrency: 4 }, { insert: () => {} }).manifest).toEqual({
      trigger: 'dynamodb',
      service: 'shop',
      needs: ['ReportBatchItemFailures', 'MaximumRetryAttempts', 'OnFailure'],
      concurrency: 4,
      onPermanent: 'drop',
      window: false,
      view: 'NEW_IMAGE',
      item: undefined,
    });
    expect(streamHandler({ window: { initial: () => ({}) } }, () => ({})).manifest.needs).toContain(
      'TumblingWindowInSeconds',
    );
  });
});

describe('foreign events', () => {
  const handler = streamHandler(quiet, () => {});

  it.each([
    ['of HTTP', { version: '2.0', rawPath: '/secret' }, 'version, rawPath'],
    ['of Kinesis', { Records: [{ eventSource: 'aws:kinesis', kinesis: {} }] }, 'eventSource, kinesis'],
    ['undefined', undefined, 'undefined'],
    ['with Records that are no list', { Records: 'all' }, 'Records'],
  ])('A9 %s are refused by their keys', async (_, event, told) => {
    await expect(invoke(handler, event)).rejects.toThrow(/Expected a DynamoDB stream event/);
    await expect(invoke(handler, event)).rejects.toThrow(told);
    await expect(invoke(handler, event)).rejects.not.toThrow(/secret/);
  });
});

describe('resources and middlewares', () => {
  it('reach the function', async () => {
    const handler = streamHandler(
      {
        ...quiet,
        resources: () => ({ greeting: 'hello' }),
        use: [
          { before: (request: { context: { tenant?: string } }) => void (request.context.tenant = 't1') },
        ],
      },
      ({ resources, context, remaining, signal, tracer }) => {
        expect(resources.greeting).toBe('hello');
        expect(context.tenant).toBe('t1');
        expect(remaining()).toBeGreaterThan(0);
        expect(signal.aborted).toBe(false);
        expect(tracer).toBeDefined();
      },
    );
    expect(await invoke(handler, dynamoStreamEvent(inserts('a')))).toEqual(none);
  });
});
