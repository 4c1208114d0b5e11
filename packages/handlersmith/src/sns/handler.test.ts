import { captureLogs, frozen, invoke, lambdaContext, publication, snsEvent } from '@handlersmith/testing';
import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';

import { memoryStore } from '../idempotency/index.ts';
import { permanent, RecordsFailed, skipped, snsHandler, type SnsOptions } from './index.ts';

const silent = { logger: false } as const;
const text = { ...silent, format: 'text' } as const;
const Order = z.object({ id: z.string(), total: z.number().default(0) });

const errorOf = (work: Promise<unknown>): Promise<Error> =>
  work.then(
    () => new Error('no error'),
    (thrown: unknown) => thrown as Error, // the expectation tells
  );

/** A message whose id is its text. */
const named = (name: string) => publication({ message: name, messageId: name });

const soldOut = (): never => {
  throw permanent('sold out');
};

describe('failures', () => {
  it('S4 every message runs, then one error gathers what failed', async () => {
    const ran: string[] = [];
    const handler = snsHandler(text, ({ message }) => {
      ran.push(message);
      if (message.startsWith('bad')) throw new Error(`${message} failed`);
    });
    const error = await errorOf(invoke(handler, snsEvent(['bad 1', 'good', 'bad 2', 'good'])));
    expect(ran).toEqual(['bad 1', 'good', 'bad 2', 'good']);
    expect(error).toBeInstanceOf(RecordsFailed);
    expect(error).toMatchObject({
      message: '2 of 4 SNS records failed: Error: bad 1 failed',
      errors: [{ message: 'bad 1 failed' }, { message: 'bad 2 failed' }],
    });
  });

  it.each([
    ['undefined', undefined],
    ['null', null],
    ['a text', 'no'],
  ])('Q7 %s thrown is one failed message', async (_, thrown) => {
    const handler = snsHandler(text, ({ message }) => {
      // oxlint-disable-next-line only-throw-error -- whatever a team's code may throw
      if (message === 'bad') throw thrown;
    });
    expect(await errorOf(invoke(handler, snsEvent(['bad', 'good'])))).toMatchObject({
      message: expect.stringContaining('1 of 2'),
      errors: [thrown],
    });
  });

  it('gives nothing when all is done, or there is nothing', async () => {
    const handler = snsHandler(text, () => 'a result');
    expect(await invoke(handler, snsEvent(['a', 'b']))).toBeUndefined();
    expect(await invoke(handler, { Records: [] })).toBeUndefined();
  });

  it('Q10 each is logged once, with its id; the gathering error adds its message alone', async () => {
    const handler = snsHandler({ format: 'text' }, () => {
      throw new Error('down', { cause: new Error('the cause') });
    });
    const { lines, raw } = await captureLogs(() =>
      errorOf(invoke(handler, snsEvent([named('m1'), named('m2')]))),
    );
    expect(lines).toMatchObject([
      { message: 'record failed', record_id: 'm1', correlation_id: 'm1', error: { message: 'down' } },
      { message: 'record failed', record_id: 'm2', correlation_id: 'm2' },
      { message: 'batch finished with failures', records: 2, failed: 2 },
      { message: 'invocation failed', error: { message: expect.stringContaining('2 of 2') } },
    ]);
    expect(raw.filter((line) => line.includes('the cause'))).toHaveLength(2);
  });

  it("Q3 permanent ones fail too, unless onPermanent is 'drop': then a line tells", async () => {
    await expect(invoke(snsHandler(text, soldOut), snsEvent(['a']))).rejects.toThrow('sold out');
    const dropping = snsHandler({ format: 'text', onPermanent: 'drop' }, soldOut);
    const { lines } = await captureLogs(() => invoke(dropping, snsEvent([named('m1')])));
    expect(lines).toMatchObject([
      { level: 'ERROR', record_id: 'm1', permanent: true, handling: 'dropped' },
      { message: 'batch finished with failures', discarded: 1 },
    ]);
  });

  it('Q3 others are never dropped', async () => {
    const handler = snsHandler({ ...text, onPermanent: 'drop' }, () => {
      throw new Error('down');
    });
    await expect(invoke(handler, snsEvent(['a']))).rejects.toThrow('down');
  });

  it('A5 the deadline ends what hangs; what was not started has failed too', async () => {
    const started: string[] = [];
    const handler = snsHandler({ ...text, concurrency: 1, deadlineMargin: 80 }, ({ message, signal }) => {
      started.push(message);
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true });
      });
    });
    const error = await errorOf(invoke(handler, snsEvent(['a', 'b']), lambdaContext({ timeout: 200 })));
    expect(error).toMatchObject({
      errors: [{ message: 'stopped' }, { message: expect.stringContaining('Not started') }],
    });
    expect(started).toEqual(['a']);
  });

  it('Q5 runs as many at one time as allowed', async () => {
    let now = 0;
    let most = 0;
    const handler = snsHandler({ ...text, concurrency: 2 }, async () => {
      now += 1;
      most = Math.max(most, now);
      await new Promise(setImmediate);
      now -= 1;
    });
    await invoke(handler, snsEvent(['a', 'b', 'c', 'd', 'e']));
    expect(most).toBe(2);
  });
});

describe('foreign events', () => {
  const [record] = snsEvent(['hunter2']).Records;
  it.each([
    ['nothing', undefined],
    ['null', null],
    ['an object', { detail: 'hunter2' }],
    ['Records that are no list', { Records: {} }],
    ['records of SQS', { Records: [{ eventSource: 'aws:sqs', messageId: 'm', body: 'hunter2' }] }],
    ['a record that is none', { Records: [null] }],
    ['a record without a message', { Records: [{ ...record, Sns: undefined }] }],
    ['a message without an id', { Records: [record, { ...record, Sns: { ...record?.Sns, MessageId: '' } }] }],
  ])('A9 are refused whole, and nothing is run: %s', async (_, event) => {
    const run = vi.fn<() => void>();
    const { message } = await errorOf(invoke(snsHandler(text, run), event));
    expect(message).toMatch(/Expected an SNS event.*got /);
    expect(message).not.toContain('hunter2');
    expect(run).not.toHaveBeenCalled();
  });
});

describe('the message', () => {
  it('Q2 that is no JSON, does not match or is missing fails alone, and the log has none of it', async () => {
    const seen: unknown[] = [];
    const handler = snsHandler({ message: Order }, ({ message }) => void seen.push(message));
    const event = snsEvent([
      { id: 'o1' },
      'hunter2 {',
      { id: 'hunter2', total: 'no' },
      { id: 'o2', total: 2 },
    ]);
    const bare = { ...event.Records[0], Sns: { ...event.Records[0]?.Sns, Message: undefined } };
    const { result, raw } = await captureLogs(() =>
      errorOf(invoke(handler, frozen({ Records: [...event.Records, bare] }))),
    );
    expect(seen).toEqual([
      { id: 'o1', total: 0 },
      { id: 'o2', total: 2 },
    ]);
    expect(result).toMatchObject({
      errors: [
        { name: 'PermanentFailure', message: expect.stringContaining('not JSON') },
        { name: 'PermanentFailure', message: expect.stringMatching(/schema: \/total: /) },
        { name: 'PermanentFailure', message: 'The message has no text' },
      ],
    });
    expect(raw.join('')).not.toContain('hunter2');
  });

  it('may be text', async () => {
    const seen: unknown[] = [];
    await invoke(
      snsHandler(text, ({ message }) => void seen.push(message)),
      snsEvent(['plain', '{"a":1}']),
    );
    expect(seen).toEqual(['plain', '{"a":1}']);
  });

  it('takes asynchronous schemas, of attributes too', async () => {
    const seen: unknown[] = [];
    const handler = snsHandler(
      {
        ...silent,
        message: Order.refine(async () => true),
        attributes: z.object({ tenant: z.string() }).refine(async () => true),
      },
      ({ message, attributes }) => void seen.push(message.id, attributes.tenant),
    );
    const good = publication({ message: { id: 'o1' }, attributes: { tenant: 'a' } });
    const error = await errorOf(invoke(handler, snsEvent([good, { id: 'o2' }])));
    expect(seen).toEqual(['o1', 'a']);
    expect(error).toMatchObject({
      errors: [{ message: expect.stringMatching(/attributes did not match.*\/tenant/) }],
    });
  });

  it('Q9 has attributes as values of their types', async () => {
    let seen: unknown;
    const handler = snsHandler(text, ({ attributes }) => void (seen = attributes));
    const attributes = { s: 'x', n: 1.5, b: Uint8Array.of(1, 2), list: ['y', 1, true, null] };
    await invoke(handler, snsEvent([publication({ message: '', attributes })]));
    expect(seen).toEqual({ ...attributes, b: Buffer.of(1, 2) });
  });

  it('comes with what SNS says of it', async () => {
    const seen: unknown[] = [];
    const handler = snsHandler({ ...text, resources: () => 'made' }, (input) => {
      const { messageId, topicArn, subject, timestamp, resources, record } = input;
      seen.push({ messageId, topicArn, subject, timestamp, resources });
      expect(record.EventSource).toBe('aws:sns');
      expect(input.remaining()).toBeGreaterThan(0);
    });
    const timestamp = new Date('2026-01-02T03:04:05.678Z');
    const stated = { message: '', messageId: 'm1', timestamp };
    await invoke(
      handler,
      snsEvent([publication({ ...stated, subject: 'new' }), publication(stated)], 'orders'),
    );
    const expected = {
      messageId: 'm1',
      topicArn: 'arn:aws:sns:eu-west-1:123456789012:orders',
      timestamp,
      resources: 'made',
    };
    expect(seen).toEqual([
      { ...expected, subject: 'new' },
      { ...expected, subject: undefined },
    ]);
  });

  it('O1 its lines have its id and those of no other', async () => {
    const handler = snsHandler({ format: 'text' }, async ({ logger, message }) => {
      await new Promise(setImmediate);
      logger.info(message);
    });
    const { lines } = await captureLogs(() => invoke(handler, snsEvent([named('m1'), named('m2')])));
    expect(lines).toMatchObject([
      { message: 'm1', record_id: 'm1', correlation_id: 'm1' },
      { message: 'm2', record_id: 'm2', correlation_id: 'm2' },
      { message: 'batch finished' },
    ]);
  });

  it('A4 needs no context', async () => {
    expect(await snsHandler(text, () => {})(snsEvent(['a']))).toBeUndefined();
  });
});

const orderOf = ({ attributes }: { attributes: Readonly<Record<string, unknown>> }): string =>
  String(attributes['order']);

const ofOrder = (order: string) => snsEvent([publication({ message: 'x', attributes: { order } })]);

describe('idempotency', () => {
  it('S4 O5 a retry skips what is done and runs what failed', async () => {
    const ran: string[] = [];
    const handler = snsHandler({ ...text, idempotency: { store: memoryStore() } }, ({ message }) => {
      ran.push(message);
      if (message === 'b' && ran.filter((each) => each === 'b').length === 1) throw new Error('down');
    });
    const event = snsEvent(['a', 'b', 'c']);
    await expect(invoke(handler, event)).rejects.toThrow('1 of 3');
    await invoke(handler, event);
    await invoke(handler, event);
    expect(ran).toEqual(['a', 'b', 'c', 'b']);
  });

  it('O5 takes a key of your own', async () => {
    const run = vi.fn<() => void>();
    const handler = snsHandler({ ...text, idempotency: { store: memoryStore(), key: orderOf } }, run);
    await invoke(handler, ofOrder('o1'));
    await invoke(handler, ofOrder('o1'));
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('O5 three at once run it once; the others fail, to come again', async () => {
    const run = vi.fn<() => Promise<void>>(() => new Promise((resolve) => void setTimeout(resolve, 20)));
    const handler = snsHandler({ ...text, idempotency: { store: memoryStore() } }, run);
    const event = snsEvent(['a']);
    const all = await Promise.allSettled([1, 2, 3].map(() => invoke(handler, event)));
    expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('O5 a message that was skipped is not kept as done', async () => {
    const run = vi.fn<() => unknown>(() => skipped('not yet'));
    const handler = snsHandler({ ...text, idempotency: { store: memoryStore() } }, run);
    const event = snsEvent(['a']);
    await invoke(handler, event);
    await invoke(handler, event);
    expect(run).toHaveBeenCalledTimes(2);
  });
});

describe('options', () => {
  it.each([
    [{ mesage: Order }, 'Did you mean "message"'],
    [{ message: {} }, 'option "message" must be'],
    [{ format: 'xml' }, `option "format" must be 'json' or 'text'`],
    [{ concurrency: 0 }, 'option "concurrency"'],
    [{ onPermanent: 'quarantine' }, `option "onPermanent" must be 'retry' or 'drop'`],
    [{ idempotency: {} }, 'option "store" is missing'],
  ])('A6 a wrong one fails when the handler is built: %o', (options, message) => {
    expect(() => snsHandler(options as SnsOptions, () => {})).toThrow(message); // wrong on purpose
    expect(() => snsHandler.extend(options as SnsOptions)).toThrow(message);
  });

  it('A6 so does a missing function', () => {
    expect(() => snsHandler({}, undefined as never)).toThrow('must be a function'); // wrong on purpose
  });

  it('extend fills defaults in, the manifest tells', () => {
    const topic = snsHandler.extend({ service: 'shop', onPermanent: 'drop' });
    expect(topic({ message: Order }, () => {}).manifest).toEqual({
      trigger: 'sns',
      service: 'shop',
      needs: ['OnFailureDestination'],
      concurrency: 10,
      onPermanent: 'drop',
      message: Order,
    });
    expect(topic({ onPermanent: 'retry', concurrency: 2 }, () => {}).manifest).toMatchObject({
      onPermanent: 'retry',
      concurrency: 2,
    });
  });

  it('A8 the handler takes an event and a context, and no callback', () => {
    expect(snsHandler({}, () => {}).length).toBeLessThanOrEqual(2);
  });
});
