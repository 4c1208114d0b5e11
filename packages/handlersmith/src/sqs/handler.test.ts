import {
  captureLogs,
  frozen,
  invoke,
  lambdaContext,
  manualClock,
  snsEnvelope,
  sqsEvent,
} from '@handlersmith/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { permanent, skipped, type SqsHandler, sqsHandler, type SqsOptions } from './index.ts';

const Order = z.object({ id: z.string(), total: z.number().default(0) });
const silent = { logger: false } as const;

/** A handler that fails messages whose body says so. */
const byBody = sqsHandler({ ...silent, format: 'text' }, ({ message }) => {
  if (message === 'fails') throw new Error('no');
});

const failures = ({ batchItemFailures }: { batchItemFailures: readonly { itemIdentifier: string }[] }) =>
  batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);

/** A message with this body and an id of the same text. */
const named = (body: string, more: object = {}) => ({ body, messageId: body, ...more });

describe('the answer', () => {
  it('Q1 names the messages that failed, and no others', async () => {
    const event = sqsEvent(['fine', 'fails', 'fine', 'fails']);
    const answer = await invoke(byBody, event);
    expect(answer).toEqual({
      batchItemFailures: [
        { itemIdentifier: event.Records[1]?.messageId },
        { itemIdentifier: event.Records[3]?.messageId },
      ],
    });
  });

  it('Q1 is empty when all is done', async () => {
    expect(await invoke(byBody, sqsEvent(['fine']))).toEqual({ batchItemFailures: [] });
    expect(await invoke(byBody, { Records: [] })).toEqual({ batchItemFailures: [] });
  });

  it('Q1 names all of a batch in which all failed, and throws nothing', async () => {
    const event = sqsEvent(['fails', 'fails']);
    expect(failures(await invoke(byBody, event))).toEqual(event.Records.map(({ messageId }) => messageId));
  });

  it('Q11 is a fresh object each time', async () => {
    const [one, other] = [await byBody(sqsEvent(['fine'])), await byBody(sqsEvent(['fine']))];
    one.batchItemFailures.push({ itemIdentifier: 'mine' });
    expect(other).toEqual({ batchItemFailures: [] });
    expect(await byBody(sqsEvent(['fine']))).toEqual({ batchItemFailures: [] });
  });
});

const records = (change: object): object => ({ Records: [{ ...sqsEvent(['x']).Records[0], ...change }] });

describe('foreign events', () => {
  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'Records'],
    ['an object', { detail: {} }],
    ['Records that are no list', { Records: {} }],
    ['records of S3', { Records: [{ eventSource: 'aws:s3', messageId: 'm' }] }],
    ['records of SNS', { Records: [{ EventSource: 'aws:sns', Sns: {} }] }],
    ['a record that is none', { Records: [null] }],
    ['a record without an id', records({ messageId: undefined })],
    ['a record with an empty id', records({ messageId: '' })],
    ['a record with an id that is no text', records({ messageId: 1 })],
  ])('A9 Q1 are refused whole, and nothing is run: %s', async (_, event) => {
    let ran = 0;
    const handler = sqsHandler(silent, () => (ran += 1));
    await expect(invoke(handler, event)).rejects.toThrow(/Expected an SQS event/);
    expect(ran).toBe(0);
  });

  it.each([
    [null, 'got null'],
    [undefined, 'got undefined'],
    ['Records', 'got string'],
    [{}, 'the keys (none)'],
  ])('A9 are told by what they are: %s', async (event, told) => {
    await expect(invoke(byBody, event)).rejects.toThrow(told);
  });

  it('A9 are told by their keys, never their values', async () => {
    await expect(invoke(byBody, { detail: { password: 'hunter2' } })).rejects.toThrow('the keys detail');
    const good = sqsEvent(['secret body', 'other']);
    const event = { Records: [good.Records[0], { body: 'secret body', eventSource: 'aws:sqs' }] };
    const error: Error = await invoke(byBody, event).then(
      () => new Error('no error'),
      (thrown: unknown) => thrown as Error, // the expectation tells
    );
    expect(error.message).toContain('the keys body, eventSource');
    expect(error.message).not.toContain('secret');
  });
});

const says = (onPermanent: 'retry' | 'drop'): SqsHandler =>
  sqsHandler({ onPermanent, message: Order }, ({ message }) => {
    if (message.id === 'sold out') throw permanent('sold out');
    if (message.id === 'busy') throw new Error('busy');
  });

describe('what is permanent', () => {
  it('Q2 a body that is not JSON fails its message alone', async () => {
    const ran: unknown[] = [];
    const handler = sqsHandler({ ...silent, message: Order }, ({ message }) => ran.push(message.id));
    const event = sqsEvent([{ body: { id: 'a' } }, '{"id":', { body: { id: 1 } }, { body: { id: 'b' } }, '']);
    const [, one, two, , three] = event.Records.map(({ messageId }) => messageId);
    expect(failures(await invoke(handler, frozen(event)))).toEqual([one, two, three]);
    expect(ran).toEqual(['a', 'b']);
  });

  it('Q2 a record without a body fails alone', async () => {
    const [good, bad] = sqsEvent([{ body: {} }, { body: {} }]).Records;
    const answer = await invoke(
      sqsHandler(silent, () => {}),
      { Records: [good, { ...bad, body: undefined }] },
    );
    expect(failures(answer)).toEqual([bad?.messageId]);
  });

  it('Q2 H16 the line tells what is wrong, and nothing of the body', async () => {
    const handler = sqsHandler({ message: Order }, () => {});
    const { lines, raw } = await captureLogs(() =>
      handler(sqsEvent(['hunter2 {', { body: { id: 'hunter2', total: 'no' } }]), lambdaContext()),
    );
    expect(lines).toMatchObject([
      { permanent: true, error: { message: expect.stringMatching(/not JSON/) } },
      { permanent: true, error: { message: expect.stringMatching(/schema: \/total: /) } },
      { message: 'batch finished with failures' },
    ]);
    expect(raw.join('\n')).not.toContain('hunter2');
  });

  it('Q2 Q7 a schema that throws fails its message alone, as any error', async () => {
    const Throws = z.string().refine((text) => {
      if (text === 'bad') throw new Error('the schema broke');
      return true;
    });
    for (const message of [Throws, Throws.transform(async (text) => text)]) {
      const handler = sqsHandler({ message }, () => {});
      // oxlint-disable-next-line no-await-in-loop -- one capture at a time
      const { lines, result } = await captureLogs(() =>
        handler(sqsEvent([named('"bad"', { body: '"bad"' }), { body: '"good"' }]), lambdaContext()),
      );
      expect(failures(result)).toEqual(['"bad"']);
      expect(lines[0]).toMatchObject({ permanent: false, error: { message: 'the schema broke' } });
    }
  });

  it('Q2 a long list of faults is cut', async () => {
    const handler = sqsHandler({ message: z.array(z.number()) }, () => {});
    const { lines } = await captureLogs(() =>
      handler(sqsEvent([{ body: Array.from({ length: 1000 }, () => 'x') }]), lambdaContext()),
    );
    expect(lines[0]).toMatchObject({ error: { message: expect.stringMatching(/and 990 more$/) } });
  });

  const mixed = sqsEvent([
    named('sold', { body: { id: 'sold out' } }),
    named('busy', { body: { id: 'busy' } }),
    named('fine', { body: { id: 'fine' } }),
    named('bad', { body: 'no JSON' }),
  ]);

  it('Q3 is retried by default: the queue’s own dead-letter queue takes it in the end', async () => {
    const { result, lines } = await captureLogs(() => says('retry')(mixed, lambdaContext()));
    expect(failures(result)).toEqual(['sold', 'busy', 'bad']);
    expect(lines.at(-1)).toMatchObject({ done: 1, failed: 3, discarded: 0 });
  });

  it('Q3 is dropped when asked, never silently', async () => {
    const { result, lines } = await captureLogs(() => says('drop')(mixed, lambdaContext()));
    expect(failures(result)).toEqual(['busy']);
    expect(lines).toHaveLength(4);
    expect(lines).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ level: 'ERROR', record_id: 'sold', permanent: true, handling: 'dropped' }),
        expect.objectContaining({ level: 'ERROR', record_id: 'bad', permanent: true, handling: 'dropped' }),
        expect.objectContaining({ level: 'ERROR', record_id: 'busy', permanent: false }),
        expect.objectContaining({ level: 'WARN', done: 1, failed: 1, discarded: 2 }),
      ]),
    );
  });

  it('Q3 is dropped also where it fails later', async () => {
    const handler = sqsHandler({ ...silent, onPermanent: 'drop' }, async () => {
      await new Promise(setImmediate);
      throw permanent('late');
    });
    expect(await handler(sqsEvent([{}]))).toEqual({ batchItemFailures: [] });
  });
});

describe('records', () => {
  it('Q5 run side by side, never more than asked', async () => {
    for (const [options, most] of [
      [{ concurrency: 3 }, 3],
      [{}, 10],
    ] as const) {
      let running = 0;
      let peak = 0;
      const handler = sqsHandler({ ...silent, ...options }, async () => {
        running += 1;
        peak = Math.max(peak, running);
        await new Promise(setImmediate);
        running -= 1;
      });
      // oxlint-disable-next-line no-await-in-loop -- peaks are counted one by one
      await handler(sqsEvent(Array.from({ length: 30 }, () => ({}))));
      expect(peak).toBe(most);
    }
  });

  it('Q6 near the deadline: finished ones stay done, the others are reported failed', async () => {
    const started: string[] = [];
    const handler = sqsHandler({ ...silent, format: 'text', concurrency: 2 }, async ({ message, signal }) => {
      started.push(message);
      if (message === 'quick') return;
      await new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error)); // the reason is an error
      });
    });
    const event = sqsEvent(['quick', 'slow', 'slower', 'waits'].map((body) => named(body)));
    const begun = performance.now();
    const answer = await handler(event, lambdaContext({ timeout: 500 }));
    expect(performance.now() - begun).toBeLessThan(500);
    expect(failures(answer)).toEqual(['slow', 'slower', 'waits']);
    expect(started).toEqual(['quick', 'slow', 'slower']);
  });

  it.each(['orders', 'orders.fifo'])(
    'Q6 in %s: messages that compute and wait for nothing are not started when time is up',
    async (queue) => {
      const clock = manualClock();
      const handler = sqsHandler({ ...silent, format: 'text', concurrency: 1 }, async () => {
        clock.advance(400);
        await Promise.resolve(); // no timer fires for that
      });
      const event = sqsEvent(
        ['a', 'b', 'c', 'd'].map((body) => named(body)),
        { queue },
      );
      const answer = await handler(event, lambdaContext({ timeout: 1000, clock }));
      expect(failures(answer)).toEqual(['c', 'd']);
    },
  );

  it.each<[string, () => unknown]>([
    [
      'throw undefined',
      () => {
        // oxlint-disable-next-line only-throw-error -- people do
        throw undefined;
      },
    ],
    // oxlint-disable-next-line prefer-promise-reject-errors -- people do
    ['a rejected text', () => Promise.reject('no')],
    ['a rejected nothing', () => Promise.reject()],
    [
      'a value without a text',
      () => {
        throw Object.create(null);
      },
    ],
    [
      'a thenable that rejects',
      // oxlint-disable-next-line no-thenable -- other promise libraries give them
      () => ({ then: (_: unknown, reject: (error: Error) => void) => reject(new Error('no')) }),
    ],
  ])('Q7 %s is one failed record', async (_, fail) => {
    const handler = sqsHandler({ format: 'text' }, ({ message }) => (message === 'bad' ? fail() : undefined));
    const { result, lines } = await captureLogs(() =>
      handler(sqsEvent([named('good'), named('bad'), named('fine')]), lambdaContext()),
    );
    expect(failures(result)).toEqual(['bad']);
    expect(lines).toHaveLength(2);
  });

  it('Q8 give the count of receives as `attempt`', async () => {
    const attempts: number[] = [];
    const handler = sqsHandler(silent, ({ attempt }) => attempts.push(attempt));
    const event = sqsEvent([{ attempt: 1 }, { attempt: 7 }]);
    const [, odd] = event.Records;
    await handler({ Records: [...event.Records, { ...odd, attributes: {} } as never] }); // hand-made, as in unit tests
    expect(attempts).toEqual([1, 7, 1]);
  });

  it('gives all it says', async () => {
    const seen: unknown[] = [];
    const handler = sqsHandler(
      { ...silent, message: Order, resources: () => ({ currency: 'EUR' }) },
      ({ message, messageId, groupId, attributes, record, resources, remaining, context, notification }) => {
        seen.push(message, messageId, groupId, attributes, resources, notification, context.functionName);
        seen.push(record.body, remaining() > 0);
      },
    );
    await handler(
      sqsEvent([{ body: { id: 'o1' }, messageId: 'm1', groupId: 'tenant', attributes: { n: 1 } }]),
      lambdaContext({ functionName: 'ship' }),
    );
    expect(seen).toEqual([
      { id: 'o1', total: 0 },
      'm1',
      'tenant',
      { n: 1 },
      { currency: 'EUR' },
      undefined,
      'ship',
      '{"id":"o1"}',
      true,
    ]);
  });

  it('that need no work are done, with a line', async () => {
    const handler = sqsHandler({}, () => skipped('seen'));
    const { result, lines } = await captureLogs(() => handler(sqsEvent([named('{}')]), lambdaContext()));
    expect(result).toEqual({ batchItemFailures: [] });
    expect(lines[0]).toMatchObject({ message: 'record skipped', reason: 'seen', record_id: '{}' });
  });
});

describe('SNS envelopes', () => {
  const seen: unknown[] = [];
  const handler = sqsHandler({ ...silent, envelope: 'sns', message: Order }, (input) => {
    seen.push(input.message.id, input.notification?.topicArn, input.notification?.subject, input.attributes);
  });

  it('Q9 are taken off, with their attributes', async () => {
    seen.length = 0;
    const body = snsEnvelope({
      message: { id: 'o1' },
      subject: 'new',
      topicArn: 'arn:t',
      attributes: { a: 'x', n: 2, b: Uint8Array.of(1, 2), list: ['y', 1, true, null] },
    });
    expect(failures(await handler(sqsEvent([body])))).toEqual([]);
    expect(seen).toEqual([
      'o1',
      'arn:t',
      'new',
      { a: 'x', n: 2, b: Buffer.of(1, 2), list: ['y', 1, true, null] },
    ]);
  });

  it('Q9 may be missing: raw delivery has the attributes on the message', async () => {
    seen.length = 0;
    const message = { body: { id: 'o2' }, attributes: { a: 'x', n: 2, b: Uint8Array.of(1, 2) } };
    expect(failures(await handler(sqsEvent([message])))).toEqual([]);
    expect(seen).toEqual(['o2', undefined, undefined, { a: 'x', n: 2, b: Buffer.of(1, 2) }]);
  });

  it('Q9 Q2 with something else inside fail alone', async () => {
    const answer = await handler(
      sqsEvent([
        named('bad', { body: snsEnvelope({ message: 'no JSON' }) }),
        named('none', { body: 'no JSON' }),
        { body: snsEnvelope({ message: { id: 'o3' } }) },
      ]),
    );
    expect(failures(answer)).toEqual(['bad', 'none']);
  });

  it('Q9 are left on unless asked', async () => {
    const Envelope = z.object({ Type: z.literal('Notification') });
    const asIs = sqsHandler({ ...silent, message: Envelope }, () => {});
    expect(failures(await asIs(sqsEvent([snsEnvelope()])))).toEqual([]);
  });

  it('Q9 may hold text', async () => {
    const texts: string[] = [];
    const text = sqsHandler({ ...silent, envelope: 'sns', format: 'text' }, ({ message }) =>
      texts.push(message),
    );
    await text(sqsEvent([snsEnvelope({ message: 'hello' }), 'raw']));
    expect(texts.toSorted()).toEqual(['hello', 'raw']);
  });
});

describe('attributes', () => {
  it('Q9 are checked by a schema of their own, per message', async () => {
    const seen: unknown[] = [];
    const handler = sqsHandler(
      { ...silent, attributes: z.object({ tenant: z.string(), n: z.number().default(1) }) },
      ({ attributes }) => seen.push(attributes),
    );
    const answer = await handler(
      sqsEvent([
        { attributes: { tenant: 'a' } },
        { messageId: 'bad' },
        { messageId: 'b', attributes: { tenant: 2 } },
      ]),
    );
    expect(failures(answer)).toEqual(['bad', 'b']);
    expect(seen).toEqual([{ tenant: 'a', n: 1 }]);
  });

  it('work beside an asynchronous message schema', async () => {
    const handler = sqsHandler(
      {
        ...silent,
        message: z.unknown().transform(async (value) => value),
        attributes: z.object({ tenant: z.string() }),
      },
      () => {},
    );
    const answer = await handler(sqsEvent([{ attributes: { tenant: 'a' } }, { messageId: 'bad' }]));
    expect(failures(answer)).toEqual(['bad']);
  });
});

describe('the log', () => {
  it('Q10 O1 has one line per failure with id, attempt and error, and a summary', async () => {
    const handler = sqsHandler({ service: 'shop', format: 'text' }, ({ message, logger }) => {
      logger.info('works', { on: message });
      if (message === 'fails') throw new Error('no', { cause: new Error('deeper') });
    });
    const { lines } = await captureLogs(() =>
      handler(
        sqsEvent([named('fine'), named('fails', { attempt: 3, groupId: 'g' })]),
        lambdaContext({ awsRequestId: 'r1' }),
      ),
    );
    expect(lines).toMatchObject([
      { message: 'works', on: 'fine', record_id: 'fine', correlation_id: 'fine', attempt: 1 },
      { message: 'works', on: 'fails', record_id: 'fails', correlation_id: 'fails', group_id: 'g' },
      {
        level: 'ERROR',
        message: 'record failed',
        service: 'shop',
        record_id: 'fails',
        attempt: 3,
        error: { message: 'no', cause: { message: 'deeper' } },
      },
      { level: 'WARN', message: 'batch finished with failures', records: 2, done: 1, failed: 1 },
    ]);
    expect(lines[3]).toMatchObject({ correlation_id: 'r1' });
    expect(lines[3]).not.toHaveProperty('record_id');
  });

  it('O1 ties a batch of one to its message', async () => {
    const { lines } = await captureLogs(() =>
      sqsHandler({}, () => {})(sqsEvent([named('{}')]), lambdaContext()),
    );
    expect(lines).toMatchObject([{ message: 'batch finished', correlation_id: '{}' }]);
  });
});

const build =
  (options: object): (() => unknown) =>
  () =>
    sqsHandler(options as SqsOptions, () => {});

describe('options', () => {
  it.each([
    [{ mesage: Order }, 'Did you mean "message"?'],
    [{ message: 'order' }, 'option "message" must be a Standard Schema'],
    [{ attributes: {} }, 'option "attributes"'],
    [{ format: 'xml' }, "option \"format\" must be 'json' or 'text'"],
    [{ envelope: 'eventbridge' }, 'option "envelope" must be \'sns\''],
    [{ concurrency: 0 }, 'option "concurrency" must be a whole number of 1 or more'],
    [{ concurrency: 1.5 }, 'option "concurrency"'],
    [{ concurrency: '5' }, 'option "concurrency"'],
    [{ onPermanent: 'quarantine' }, 'option "onPermanent" must be'],
    [{ onPermanent: {} }, 'option "onPermanent" must be'],
    [[], 'expected an object of options'],
    [undefined, 'expected an object of options'],
  ])('A6 that are wrong fail when the handler is built: %j', (options, message) => {
    expect(build(options as object)).toThrow(message);
    expect(build(options as object)).toThrow(/^sqsHandler: /);
  });

  it('A6 a missing function fails too', () => {
    expect(() => sqsHandler({}, undefined as never)).toThrow('must be a function, got undefined');
  });

  it('extend fills in defaults, joins middlewares and checks', async () => {
    const order: string[] = [];
    const mark = (name: string) => ({ before: () => void order.push(name) });
    const team = sqsHandler.extend({ ...silent, format: 'text', use: [mark('team')] });
    const handler = team({ use: [mark('own')], concurrency: 2 }, ({ message }) => order.push(message));
    await handler(sqsEvent(['hello']));
    expect(order).toEqual(['team', 'own', 'hello']);
    expect(handler.manifest.concurrency).toBe(2);
    expect(() => sqsHandler.extend({ concurency: 1 } as never)).toThrow('sqsHandler.extend: unknown option');
  });

  it('are told in the manifest, as plain data', () => {
    expect(sqsHandler({ service: 'shop', message: Order, onPermanent: 'drop' }, () => {}).manifest).toEqual({
      trigger: 'sqs',
      service: 'shop',
      needs: ['ReportBatchItemFailures', 'VisibilityTimeout', 'DeadLetterQueue'],
      concurrency: 10,
      onPermanent: 'drop',
      sendsTo: [],
      message: Order,
    });
  });
});
