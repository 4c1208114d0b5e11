import {
  captureLogs,
  lambdaContext,
  manualClock,
  s3BridgeEvent,
  s3Event,
  snsEvent,
  sqsEvent,
} from '@handlersmith/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { memoryStore } from '../idempotency/index.ts';
import { permanent, type RecordsFailed, s3Handler, type S3Options, skipped } from './index.ts';

const silent = { logger: false } as const;

const message = (key: string, groupId: string) => ({ body: s3BridgeEvent(key), groupId });

/** A handler that notes its keys and fails those that begin with `bad`. */
function noting(options: S3Options = silent) {
  const keys: string[] = [];
  const handler = s3Handler(options, ({ object }) => {
    keys.push(object.key);
    if (object.key.startsWith('bad')) throw new Error(`cannot do ${object.key}`);
  });
  return { keys, handler };
}

describe('an event that S3, SNS or EventBridge sent', () => {
  it('S1 has all of its records run', async () => {
    const { keys, handler } = noting();
    expect(await handler(s3Event(['a', 'b c', 'd']))).toBeUndefined();
    expect(keys).toEqual(['a', 'b c', 'd']);
  });

  it.each([
    ['S3', s3Event(['bad 1', 'a', 'bad 2', 'b'])],
    ['SNS', snsEvent([s3Event(['bad 1', 'a']), s3Event(['bad 2', 'b'])])],
  ])('S4 of %s fails with one AggregateError, after all records have run', async (_, event) => {
    const { keys, handler } = noting();
    const error: unknown = await handler(event).catch((thrown: unknown) => thrown);
    expect(keys).toEqual(['bad 1', 'a', 'bad 2', 'b']);
    expect(error).toBeInstanceOf(AggregateError);
    expect((error as RecordsFailed).errors.map(String)).toEqual([
      'Error: cannot do bad 1',
      'Error: cannot do bad 2',
    ]);
    expect((error as RecordsFailed).message).toBe('2 of 4 S3 records failed: Error: cannot do bad 1');
  });

  it('S4 of EventBridge fails in the same way', async () => {
    const { handler } = noting();
    await expect(handler(s3BridgeEvent('bad'))).rejects.toBeInstanceOf(AggregateError);
    await expect(handler(s3BridgeEvent('good'))).resolves.toBeUndefined();
  });

  it('S4 fails for what is permanent too, and for anything that is thrown', async () => {
    const handler = s3Handler(silent, ({ object }) => {
      // oxlint-disable-next-line only-throw-error -- people do
      throw object.key === 'a' ? permanent('no image') : undefined;
    });
    const error: unknown = await handler(s3Event(['a', 'b'])).catch((thrown: unknown) => thrown);
    expect((error as RecordsFailed).errors).toEqual([
      expect.objectContaining({ message: 'no image' }),
      undefined,
    ]);
  });

  it('S4 fails when the time was up before all records had run: Lambda is to try again', async () => {
    const clock = manualClock();
    const handler = s3Handler({ ...silent, concurrency: 1, deadlineMargin: 10 }, ({ signal }) => {
      clock.advance(100);
      return new Promise((resolve) => {
        signal.addEventListener('abort', resolve);
      });
    });
    const answer = handler(s3Event(['a', 'b']), lambdaContext({ timeout: 60, clock }));
    await expect(answer).rejects.toThrow('1 of 2 S3 records failed: Error: Not started: the time was up');
  });

  it('runs as many records at a time as concurrency says', async () => {
    let [running, most] = [0, 0];
    const options = { ...silent, concurrency: 2 };
    const handler = s3Handler(options, async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise(setImmediate);
      running -= 1;
    });
    await handler(s3Event(['a', 'b', 'c', 'd', 'e']));
    expect(most).toBe(2);
  });

  it('has nothing to do without records', async () => {
    const { result, lines } = await captureLogs(() => s3Handler({}, () => {})({ Records: [] }));
    expect([result, lines]).toEqual([undefined, []]);
  });
});

describe('events that came through a queue', () => {
  it('S6 are answered by message: one that has a failed record comes again', async () => {
    const { keys, handler } = noting();
    const event = sqsEvent([
      { body: s3Event(['a', 'b']) },
      { body: s3Event(['c', 'bad', 'd']) },
      { body: s3BridgeEvent('e') },
    ]);
    expect(await handler(event)).toEqual({
      batchItemFailures: [{ itemIdentifier: event.Records[1]?.messageId }],
    });
    expect(keys.toSorted()).toEqual(['a', 'b', 'bad', 'c', 'd', 'e']);
  });

  it('Q4 keep the order of a FIFO group, which EventBridge may feed', async () => {
    const { keys, handler } = noting({ ...silent, concurrency: 4 });
    const event = sqsEvent([message('a', '1'), message('bad', '1'), message('b', '1'), message('c', '2')], {
      queue: 'objects.fifo',
    });
    const { batchItemFailures } = await handler(event);
    expect(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual(
      event.Records.slice(1, 3).map(({ messageId }) => messageId),
    );
    expect(keys).not.toContain('b');
    expect(keys).toContain('c');
  });
});

describe('filters', () => {
  const event = s3Event([
    'in/a.jpg',
    { key: 'in/gone.jpg', event: 'ObjectRemoved:Delete' },
    { key: 'in/tag.jpg', event: 'ObjectTagging:Put' },
    'out/a.jpg',
    'in/a.png',
    { key: 'in/large.jpg', size: 5000 },
  ]);

  it.each<[S3Options, string[]]>([
    [{ on: 'created' }, ['in/a.jpg', 'out/a.jpg', 'in/a.png', 'in/large.jpg']],
    [{ on: 'removed' }, ['in/gone.jpg']],
    [{ on: ['ObjectTagging:*', 's3:ObjectRemoved:Delete'] }, ['in/gone.jpg', 'in/tag.jpg']],
    [{ on: 'created', prefix: 'in/', suffix: ['.jpg', '.jpeg'] }, ['in/a.jpg', 'in/large.jpg']],
    [{ prefix: ['out/', 'elsewhere/'] }, ['out/a.jpg']],
    [{ on: 'created', prefix: 'in/', maxBytes: 4999 }, ['in/a.jpg', 'in/a.png']],
    [{ maxBytes: 5000, suffix: 'large.jpg' }, ['in/large.jpg']],
  ])('%o', async (options, expected) => {
    const { keys, handler } = noting({ ...silent, ...options });
    await handler(event);
    expect(keys).toEqual(expected);
  });

  it('S7 skip what the function itself writes, by the decoded key and whatever came of it', async () => {
    const { keys, handler } = noting({ ...silent, outputPrefix: ['thumbs of/', 'meta/'] });
    await handler(
      s3Event(['thumbs of/a.jpg', 'a.jpg', { key: 'meta/a', event: 'ObjectRemoved:Delete' }, 'in/meta/']),
    );
    expect(keys).toEqual(['a.jpg', 'in/meta/']);
  });

  it('S7 do so before anything is claimed or read', async () => {
    const store = memoryStore();
    const claim = vi.spyOn(store, 'once');
    const { handler } = noting({ ...silent, outputPrefix: 'out/', idempotency: { store } });
    await handler(s3Event(['out/a']));
    expect(claim).not.toHaveBeenCalled();
  });
});

describe('idempotency', () => {
  it('S4 skips the records that are done when Lambda tries the event again', async () => {
    let broken = true;
    const runs: string[] = [];
    const handler = s3Handler({ ...silent, idempotency: { store: memoryStore() } }, ({ object }) => {
      runs.push(object.key);
      if (object.key === 'b' && broken) throw new Error('not yet');
    });
    const event = s3Event(['a', 'b', { key: 'c', versionId: 'v1' }]);
    await expect(handler(event)).rejects.toThrow('1 of 3');
    broken = false;
    await handler(event);
    await handler(event);
    expect(runs).toEqual(['a', 'b', 'c', 'b']);
  });

  const put = { key: 'a', event: 'ObjectCreated:Put' };
  it.each([
    ['another sequencer', { ...put, sequencer: '0A' }, { ...put, sequencer: '0B' }],
    ['another version', { ...put, versionId: 'v1' }, { ...put, versionId: 'v2' }],
    [
      'the version removed',
      { ...put, versionId: 'v1' },
      { ...put, versionId: 'v1', event: 'ObjectRemoved:Delete' },
    ],
    [
      'a delete marker put, and taken away by its version',
      { key: 'a', event: 'ObjectRemoved:DeleteMarkerCreated', versionId: 'v1' },
      { key: 'a', event: 'ObjectRemoved:Delete', versionId: 'v1' },
    ],
    ['the version null taken over', { ...put, versionId: 'null' }, { ...put, versionId: 'null' }],
    ['another key', put, { ...put, key: 'b', sequencer: '0A' }],
    [
      'tagged again',
      { key: 'a', event: 'ObjectTagging:Put', versionId: 'v1', time: new Date(1000) },
      { key: 'a', event: 'ObjectTagging:Put', versionId: 'v1', time: new Date(2000) },
    ],
  ])('S4 tells events apart: %s', async (_, one, other) => {
    const { keys, handler } = noting({ ...silent, idempotency: { store: memoryStore() } });
    const [first, second] = [s3Event([one]), s3Event([other])];
    await handler(first);
    await handler(second);
    await handler(first);
    await handler(second);
    expect(keys).toHaveLength(2);
  });

  it('S4 tells events of other buckets apart, and takes a key of your own', async () => {
    const store = memoryStore();
    const { keys, handler } = noting({ ...silent, idempotency: { store } });
    const same = { key: 'a', sequencer: '0A' };
    await handler(s3Event([same]));
    await handler(s3Event([same], { bucket: 'other' }));
    expect(keys).toHaveLength(2);

    const own = noting({
      ...silent,
      concurrency: 1,
      idempotency: { store: memoryStore(), key: ({ etag }) => etag },
    });
    await own.handler(
      s3Event([
        { key: 'a', body: 'x' },
        { key: 'b', body: 'y' },
        { key: 'c', body: 'x' },
      ]),
    );
    expect(own.keys).toEqual(['a', 'b']);
  });
});

describe('the log', () => {
  it('O1 has bucket, key and the ids of request and record on every line of a record', async () => {
    const handler = s3Handler({ service: 'photos' }, ({ logger }) => logger.info('at work'));
    const event = s3Event([{ key: 'in/a b.jpg', versionId: 'v1' }, 'c.jpg']);
    const { lines } = await captureLogs(() => handler(event, lambdaContext()));
    const [first, second, last] = lines;
    expect(first).toMatchObject({
      message: 'at work',
      service: 'photos',
      record_id: 'test-bucket/in/a b.jpg',
      correlation_id: event.Records[0]?.responseElements['x-amz-request-id'],
      event_name: 'ObjectCreated:Put',
      version_id: 'v1',
    });
    expect(second).toMatchObject({ record_id: 'test-bucket/c.jpg' });
    expect(second).not.toHaveProperty('version_id');
    expect(last).toMatchObject({ message: 'batch finished', records: 2, done: 2 });
    expect(last).not.toHaveProperty('record_id');
  });

  it('O1 names the message of a record that came through a queue', async () => {
    const handler = s3Handler({}, ({ logger }) => logger.info('at work'));
    const event = sqsEvent([{ body: s3Event(['a']) }]);
    const { lines } = await captureLogs(() => handler(event));
    expect(lines[0]).toMatchObject({ record_id: 'test-bucket/a', message_id: event.Records[0]?.messageId });
  });

  it('S4 tells each failure once, with its stack: the one error that Lambda gets is not told again', async () => {
    const { handler } = noting({});
    const { lines } = await captureLogs(() => handler(s3Event(['bad 1', 'a'])).catch(() => {}));
    const stacks = lines.filter((line) => JSON.stringify(line).includes('handler.test.ts'));
    expect(stacks).toHaveLength(1);
    expect(stacks[0]).toMatchObject({ message: 'record failed', record_id: 'test-bucket/bad 1' });
    expect(lines.at(-1)).toMatchObject({
      message: 'invocation failed',
      error: { message: '1 of 2 S3 records failed: Error: cannot do bad 1' },
    });
  });

  it('S7 tells why a record was skipped', async () => {
    const handler = s3Handler({ outputPrefix: 'out/' }, () => skipped('nothing new'));
    const { lines } = await captureLogs(() => handler(s3Event(['out/a', 'b'])));
    expect(lines).toMatchObject([
      {
        message: 'record skipped',
        record_id: 'test-bucket/out/a',
        reason: expect.stringContaining('outputPrefix'),
      },
      { message: 'record skipped', record_id: 'test-bucket/b', reason: 'nothing new' },
      { message: 'batch finished', skipped: 2 },
    ]);
  });
});

/** Wrong on purpose: what is built is not what the types allow. */
function build(options: object, run: unknown = () => {}) {
  return () => s3Handler(options as S3Options, run as () => void);
}

describe('options', () => {
  it.each<[object, string]>([
    [{ outputPrefx: 'out/' }, 'Did you mean "outputPrefix"?'],
    [{ on: 'create' }, 'option "on"'],
    [{ on: ['ObjectCreate:*'] }, 'option "on"'],
    [{ on: [] }, 'option "on"'],
    [{ prefix: '' }, 'option "prefix"'],
    [{ suffix: [] }, 'option "suffix"'],
    [{ outputPrefix: '' }, 'option "outputPrefix"'],
    [{ maxBytes: 1.5 }, 'option "maxBytes"'],
    [{ concurrency: 0 }, 'option "concurrency"'],
    [{ client: {} }, 'option "client" must be a function'],
    [{ idempotency: { key: () => 'a' } }, 'option "store" is missing'],
    [{ prefix: 'out/in/', outputPrefix: 'out/' }, 'nothing would ever run'],
  ])('A6 are refused when the handler is built: %o', (options, told) => {
    expect(build(options)).toThrow(TypeError);
    expect(build(options)).toThrow(told);
  });

  it('A6 a prefix that holds the output prefix is fine, and so are lists of which one is', () => {
    expect(build({ prefix: 'photos/', outputPrefix: 'photos/thumbs/' })).not.toThrow();
    expect(build({ prefix: ['a/', 'b/'], outputPrefix: 'a/' })).not.toThrow();
  });

  it('A6 without a function is refused', () => {
    expect(build({}, 'run')).toThrow('second parameter');
  });

  it('extend fills defaults in, and checks them', async () => {
    const factory = s3Handler.extend({ ...silent, prefix: 'in/', concurrency: 2 });
    const keys: string[] = [];
    const handler = factory({ suffix: '.jpg' }, ({ object }) => keys.push(object.key));
    await handler(s3Event(['in/a.jpg', 'in/a.png', 'a.jpg']));
    expect(keys).toEqual(['in/a.jpg']);
    expect(handler.manifest).toMatchObject({ prefix: ['in/'], suffix: ['.jpg'], concurrency: 2 });
    expect(() => s3Handler.extend({ on: 'no' as never })).toThrow('s3Handler.extend: option "on"');
  });

  it('are told in the manifest, as plain data', () => {
    const { manifest } = s3Handler({ on: 'created', outputPrefix: 'out/', maxBytes: 10 }, () => {});
    expect(JSON.parse(JSON.stringify(manifest))).toEqual({
      trigger: 's3',
      needs: ['OnFailureDestination', 'ReportBatchItemFailures', 'ListBucket'],
      on: 'created',
      prefix: [],
      suffix: [],
      outputPrefix: ['out/'],
      maxBytes: 10,
      concurrency: 4,
    });
  });
});

afterEach(() => {
  vi.restoreAllMocks();
});
