import { setTimeout as wait } from 'node:timers/promises';

import {
  captureLogs,
  lambdaContext,
  manualClock,
  s3BridgeEvent,
  s3Event,
  sqsEvent,
} from '@handlersmith/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { dynamoStore, memoryStore, type OrderedStore } from '../idempotency/index.ts';
import { type RealTable, startTable } from '../idempotency/table.fixture.ts';
import { ObjectBusy, type RecordsFailed, s3Handler, type S3Options, skipped } from './index.ts';

let table: RealTable;

beforeAll(async () => {
  table = await startTable();
}, 60_000);
afterAll(() => table[Symbol.asyncDispose]());

const silent = { logger: false } as const;
const put = (sequencer: string, more: object = {}) => ({ key: 'a', sequencer, ...more });

/** A handler that notes what it handled, and fails or lingers as its function says. */
function noting(
  options: S3Options,
  run: (sequencer: string | undefined) => unknown = () => undefined,
): { handled: (string | undefined)[]; handler: ReturnType<typeof s3Handler> } {
  const handled: (string | undefined)[] = [];
  const handler = s3Handler({ ...silent, ...options }, async ({ object }) => {
    const returned = await run(object.sequencer);
    handled.push(object.sequencer);
    return returned;
  });
  return { handled, handler };
}

describe.each([
  ['memoryStore', () => memoryStore()],
  ['dynamoStore', () => dynamoStore({ tableName: table.tableName, client: table.client })],
])('events of one object, with %s', (name, make) => {
  /** One for each test, in the one table there is. */
  let operations = 0;
  const ordered = () => ({ store: make(), operation: `${name}-${(operations += 1)}`, wait: 0 });

  it('S3 are skipped when a newer one has been handled, in whatever event that came', async () => {
    const { handled, handler } = noting({ ordered: ordered() });
    await handler(s3Event([put('0B')]));
    await handler(s3Event([put('0A')]));
    await handler(s3BridgeEvent(put('0A99')));
    await handler(sqsEvent([{ body: s3Event([put('0AFF')]) }]));
    await handler(s3Event([put('0C')]));
    expect(handled).toEqual(['0B', '0C']);
  });

  it('S3 are compared with zeros at the right: 0B is newer than 0A99, and the same as 0b00', async () => {
    const { handled, handler } = noting({ ordered: ordered() });
    await handler(s3Event([put('0A99')]));
    await handler(s3Event([put('0B')]));
    await handler(s3Event([put('0b00')]));
    expect(handled).toEqual(['0A99', '0B']);
  });

  it('S3 that remove it have their place among those that create it', async () => {
    const { handled, handler } = noting({ ordered: ordered() });
    await handler(s3Event([put('02', { event: 'ObjectRemoved:Delete' })]));
    await handler(s3Event([put('01')]));
    await handler(s3Event([put('03')]));
    await handler(s3Event([put('02', { event: 'LifecycleExpiration:Delete' })]));
    expect(handled).toEqual(['02', '03']);
  });

  it('S3 run again when Lambda tries again what failed, and then nothing older does', async () => {
    let broken = true;
    const { handled, handler } = noting({ ordered: ordered() }, (sequencer) => {
      if (sequencer === '02' && broken) throw new Error('not yet');
    });
    await expect(handler(s3Event([put('02')]))).rejects.toThrow('not yet');
    await handler(s3Event([put('01')])); // nothing newer has been handled
    broken = false;
    await handler(s3Event([put('02')]));
    await handler(s3Event([put('01')]));
    await handler(s3Event([put('02')]));
    expect(handled).toEqual(['01', '02']);
  });

  it('S3 that another invocation is at work on are tried again', async () => {
    const { promise: held, resolve: finish } = Promise.withResolvers<void>();
    const options = { ordered: ordered() };
    const { handled, handler } = noting(options, () => held);
    const first = handler(s3Event([put('01')]), lambdaContext({ timeout: 60_000 }));
    await wait(30);
    const other = noting(options).handler;
    for (const sequencer of ['00', '02']) {
      // oxlint-disable-next-line no-await-in-loop -- one delivery after the other
      const error: unknown = await other(s3Event([put(sequencer)])).catch((thrown: unknown) => thrown);
      const [busy] = (error as RecordsFailed).errors as unknown[];
      expect(busy).toBeInstanceOf(ObjectBusy);
      expect((busy as ObjectBusy).retryAfter).toBeGreaterThan(30_000);
    }
    finish();
    await first;
    expect(handled).toEqual(['01']);
  });

  it('S3 of one batch wait for each other, whichever comes first', async () => {
    let running = 0;
    const { handled, handler } = noting({ concurrency: 4, ordered: ordered() }, async (sequencer) => {
      running += 1;
      expect(running).toBe(1);
      await wait(5);
      running -= 1;
      if (sequencer === '02') throw new Error('not this one');
    });
    const failed = await handler(s3Event([put('01'), put('03'), put('02'), put('0201'), put('04')])).catch(
      (error: unknown) => error,
    );
    expect(failed).toBeUndefined(); // 02 is older than 03: it never ran
    expect(handled).toEqual(['01', '03', '04']);
  });

  it('S3 of one batch go on after one that failed', async () => {
    const { handled, handler } = noting({ concurrency: 4, ordered: ordered() }, (sequencer) => {
      if (sequencer === '01') throw new Error('broken');
    });
    await expect(handler(s3Event([put('01'), put('02')]))).rejects.toThrow('1 of 2');
    expect(handled).toEqual(['02']);
    await handler(s3Event([put('01'), put('02')]));
    expect(handled).toEqual(['02']);
  });

  it('S3 without a sequencer run as they come, and so do removals of one version', async () => {
    const { handled, handler } = noting({ ordered: ordered() });
    await handler(s3Event([put('05', { versionId: 'v5' })]));
    await handler(s3Event([{ key: 'a', event: 'ObjectTagging:Put' }]));
    await handler(s3Event([put('04', { event: 'ObjectRemoved:Delete', versionId: 'v1' })]));
    await handler(s3Event([put('07', { event: 'ObjectRemoved:Delete', versionId: 'v2' })]));
    await handler(s3Event([put('06', { event: 'ObjectRemoved:DeleteMarkerCreated', versionId: 'v6' })]));
    await handler(s3Event([put('0501', { versionId: 'v5a' })]));
    expect(handled).toEqual(['05', undefined, '04', '07', '06']);
  });

  it('S3 of other objects do not count: other keys, other buckets, another split of the same text', async () => {
    const { handled, handler } = noting({ ordered: ordered() });
    await handler(s3Event([put('09')]));
    await handler(s3Event([put('08', { key: 'a/b' })]));
    await handler(s3Event([put('07', { key: 'b' })], { bucket: 'test-bucket/a' }));
    await handler(s3Event([put('06')], { bucket: 'other' }));
    expect(handled).toEqual(['09', '08', '07', '06']);
  });

  it('S3 that the handler leaves out are not handled: they keep nothing older from running', async () => {
    const { handled, handler } = noting({ on: 'created', outputPrefix: 'out/', ordered: ordered() });
    await handler(s3Event([put('02', { event: 'ObjectRemoved:Delete' })]));
    await handler(s3Event([put('01')]));
    expect(handled).toEqual(['01']);
  });

  it('S3 that needed no work are handled: nothing older runs after them', async () => {
    const { handled, handler } = noting({ ordered: ordered() }, () => skipped('no image'));
    await handler(s3Event([put('02')]));
    await handler(s3Event([put('01')]));
    expect(handled).toEqual(['02']);
  });

  it('S3 handlers that do other work have an order of their own', async () => {
    const [one, other] = [noting({ ordered: ordered() }), noting({ ordered: ordered() })];
    await one.handler(s3Event([put('02')]));
    await other.handler(s3Event([put('01')]));
    expect(other.handled).toEqual(['01']);
  });

  it('S3 S4 with idempotency too, an event whose mark was lost runs again, and nothing older after it', async () => {
    const options = ordered();
    const { store } = options;
    let lost = true;
    const lossy: OrderedStore = {
      ...store,
      inOrder: async (call) => {
        const outcome = await store.inOrder(call);
        if (!lost) return outcome;
        throw new Error('the mark was lost');
      },
    };
    const { handled, handler } = noting({
      ordered: { ...options, store: lossy },
      idempotency: { store: memoryStore() },
    });
    await expect(handler(s3Event([put('02')]))).rejects.toThrow('the mark was lost');
    lost = false;
    await handler(s3Event([put('02')]));
    await handler(s3Event([put('01')]));
    await handler(s3Event([put('02')]));
    expect(handled[0]).toBe('02');
    expect(handled).not.toContain('01');
  });
});

describe('the order', () => {
  it('S3 is told in the log: why an event was skipped', async () => {
    const handler = s3Handler({ ordered: { store: memoryStore() } }, () => {});
    const { lines } = await captureLogs(async () => {
      await handler(s3Event([put('02')]));
      await handler(s3Event([put('01')]));
    });
    expect(lines).toContainEqual(
      expect.objectContaining({
        message: 'record skipped',
        record_id: 'test-bucket/a',
        reason: 'older than what has been handled',
      }),
    );
  });

  it('S3 holds between functions of one name only, unless the operation is named', async () => {
    const store = memoryStore();
    const { handled, handler } = noting({ ordered: { store } });
    await handler(s3Event([put('02')]), lambdaContext({ functionName: 'one' }));
    await handler(s3Event([put('01')]), lambdaContext({ functionName: 'other' }));
    await handler(s3Event([put('01')]), lambdaContext({ functionName: 'one' }));
    expect(handled).toEqual(['02', '01']);
  });

  it('A3 starts no record once the time is up, also one that waits for its turn', async () => {
    const clock = manualClock();
    const { handled, handler } = noting(
      { concurrency: 2, deadlineMargin: 10, ordered: { store: memoryStore() } },
      () => {
        clock.advance(100);
        return wait(80);
      },
    );
    const event = s3Event([put('01'), put('02')]);
    await expect(handler(event, lambdaContext({ timeout: 60, clock }))).rejects.toThrow(/of 2|deadline/);
    await wait(150);
    expect(handled).toEqual(['01']);
  });

  it('O5 nothing runs when the store does not answer', async () => {
    const store = { ...memoryStore(), inOrder: () => Promise.reject(new Error('no route')) };
    const { handled, handler } = noting({ ordered: { store } });
    await expect(handler(s3Event([put('01')]))).rejects.toThrow('no route');
    expect(handled).toEqual([]);
  });

  it.each<[object, string]>([
    [{ ordered: {} }, 'ordered: option "store" must be dynamoStore'],
    [{ ordered: [] }, 'option "ordered" must be an object'],
    [{ ordered: { store: {} } }, 'option "store" must be dynamoStore'],
    [{ ordered: { store: memoryStore(), wiat: 1 } }, 'Did you mean "wait"?'],
    [{ ordered: { store: memoryStore(), wait: -1 } }, 'option "wait" must be a number of milliseconds'],
    [{ ordered: { store: memoryStore(), ttl: 0 } }, 'option "ttl" must be a number of seconds'],
    [{ ordered: { store: memoryStore(), operation: '' } }, 'option "operation" must be a name'],
  ])('A6 wrong options are refused when the handler is built: %o', (options, told) => {
    expect(() => s3Handler(options as S3Options, () => {})).toThrow(told);
  });
});
