import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { systemClock } from '../clock/clock.ts';
import { startSqs } from '../sqs/start.ts';
import type { LocalSqs } from '../sqs/start.ts';
import type { LocalQueue } from '../sqs/view.ts';
import type { QueueTrigger } from '../template/app.ts';
import { serviceCall } from './call.ts';
import type { ServiceCall } from './call.ts';
import type { Invoked, Listening } from './invoke.ts';
import { queueMapping } from './sqs.ts';

let sqs: LocalSqs;
let call: ServiceCall;
let mapping: Listening | undefined;
/** Events as JSON, in the order of invocations. */
let events: string[];
let told: string[];

beforeEach(async () => {
  sqs = await startSqs();
  call = serviceCall('sqs', { endpoint: sqs.endpoint, region: 'us-east-1' });
  events = [];
  told = [];
});
afterEach(async () => {
  await mapping?.stop();
  await sqs.close();
});

const done: Invoked = { ok: true, payload: 'null', duration: 1, memoryUsed: 1, requestId: 'r' };
const failed: Invoked = {
  ok: false,
  reason: 'error',
  error: { errorType: 'Error', errorMessage: 'boom', trace: [] },
  duration: 1,
  memoryUsed: 1,
  requestId: 'r',
};

/** One batch at a time. */
const one = { maximumConcurrency: 1 } as const;

async function queueOf(name: string, attributes: Record<string, string> = {}): Promise<LocalQueue> {
  await call('CreateQueue', { QueueName: name, Attributes: attributes });
  const queue = sqs.queue(name);
  if (queue === undefined) throw new Error(`No queue ${name}`);
  return queue;
}

function poll(
  queue: LocalQueue,
  change: Partial<QueueTrigger>,
  run: (bodies: readonly string[]) => Invoked | Promise<Invoked> = () => done,
  through: ServiceCall = call,
): void {
  mapping = queueMapping({
    trigger: {
      type: 'sqs',
      function: 'Worker',
      id: 'Queue',
      place: { file: 'template.yaml', line: 1 },
      enabled: true,
      source: queue.arn,
      batchSize: 10,
      window: 0,
      reportFailures: false,
      filters: [],
      ...change,
    },
    queueUrl: queue.url,
    region: 'us-east-1',
    sqs: through,
    invoke: async ({ event }) => {
      events.push(JSON.stringify(event));
      return run((event as { Records: { body: string }[] }).Records.map(({ body }) => body));
    },
    clock: systemClock,
    tell: ({ text }) => void told.push(text),
  });
}

async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + 10_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error('It did not come to that');
    // Looking again is the point.
    // oxlint-disable-next-line no-await-in-loop
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** A view is of the moment it was asked for. */
const count = ({ name }: LocalQueue): LocalQueue['counts'] =>
  sqs.queue(name)?.counts ?? { visible: 0, 'in flight': 0, delayed: 0 };
const left = (queue: LocalQueue): number =>
  Object.values(count(queue)).reduce((sum, number) => sum + number, 0);

describe('an event ends at 6 MB', () => {
  test('what is more than that goes into another invocation', async () => {
    const queue = await queueOf('large');
    // As JSON each of them is nearly twice as long.
    for (let n = 0; n < 6; n += 1) queue.send({ MessageBody: `${n}${'"'.repeat(1_000_000)}` });
    poll(queue, one);
    await until(() => left(queue) === 0);
    expect(Math.max(...events.map((event) => Buffer.byteLength(event)))).toBeLessThanOrEqual(6 * 1024 * 1024);
    expect(events.flatMap((event) => event.match(/"body":"\d/gu) ?? [])).toHaveLength(6);
  });

  test('Q4 of a FIFO queue nothing is run after a part that failed', async () => {
    const queue = await queueOf('large.fifo', { FifoQueue: 'true', VisibilityTimeout: '30' });
    for (let n = 0; n < 6; n += 1)
      queue.send({
        MessageBody: `${n}${'"'.repeat(1_000_000)}`,
        MessageGroupId: 'g',
        MessageDeduplicationId: String(n),
      });
    poll(queue, one, () => failed);
    await until(() => events.length > 0);
    await mapping?.stop();
    expect(events).toHaveLength(1);
    expect(left(queue)).toBe(6);
  });
});

describe('a batch that is gathered in a window', () => {
  test('is run where the mapping is stopped before the window is over', async () => {
    const queue = await queueOf('stopped');
    queue.send({ MessageBody: 'a' });
    poll(queue, { ...one, window: 60 });
    await until(() => count(queue)['in flight'] === 1);
    await mapping?.stop();
    expect(events).toHaveLength(1);
    expect(left(queue)).toBe(0);
  });

  test('is run where the queue does not answer any more', async () => {
    const queue = await queueOf('broken');
    queue.send({ MessageBody: 'a' });
    let receives = 0;
    poll(
      queue,
      { ...one, window: 60 },
      () => done,
      async (operation, input, signal) => {
        if (operation === 'ReceiveMessage' && (receives += 1) === 2) throw new Error('broken off');
        return call(operation, input, signal);
      },
    );
    await until(() => left(queue) === 0);
    expect(events).toHaveLength(1);
    expect(told).toEqual([expect.stringContaining('broken off')]);
  });
});

test('a message that cannot be deleted is told of: it will be run again', async () => {
  const queue = await queueOf('slow.fifo', { FifoQueue: 'true', VisibilityTimeout: '30' });
  queue.send({ MessageBody: 'a', MessageGroupId: 'g', MessageDeduplicationId: 'a' });
  poll(
    queue,
    one,
    () => done,
    async (operation, input, signal) => {
      // The function took longer than the message was its own.
      if (operation === 'DeleteMessageBatch') {
        const [entry] = (input as { Entries: { ReceiptHandle: string }[] }).Entries;
        await call('ChangeMessageVisibility', {
          QueueUrl: queue.url,
          ReceiptHandle: entry?.ReceiptHandle,
          VisibilityTimeout: 0,
        });
      }
      return call(operation, input, signal);
    },
  );
  await until(() => told.length > 0);
  expect(told[0]).toMatch(/Queue: 1 message .*receipt handle has expired/u);
});

/** Runs that wait until so many are there, and how many were there at most. */
function together(wanted: number): { readonly most: () => number; readonly run: () => Promise<Invoked> } {
  let running = 0;
  let most = 0;
  return {
    most: () => most,
    async run() {
      running += 1;
      most = Math.max(most, running);
      const end = Date.now() + 500;
      await until(() => most > wanted || Date.now() > end);
      running -= 1;
      return done;
    },
  };
}

describe('Q5 batches side by side', () => {
  const messages = 12;
  test.each([
    ['3 where the template says so', { maximumConcurrency: 3 }, 3],
    ['12 where the template allows more, and there are no more', { maximumConcurrency: 40 }, messages],
    ['10 where it does not say', {}, 10],
  ])('become %s', async (_, scaling, expected) => {
    const queue = await queueOf('busy');
    for (let n = 0; n < messages; n += 1) queue.send({ MessageBody: String(n) });
    const { most, run } = together(expected);
    poll(queue, { ...scaling, batchSize: 1 }, run);
    await until(() => left(queue) === 0);
    expect(most()).toBe(expected);
  });

  test('take up five polls of an idle queue, also after it was busy', async () => {
    const queue = await queueOf('idle');
    for (let n = 0; n < messages; n += 1) queue.send({ MessageBody: String(n) });
    const { most, run } = together(10);
    let polls = 0;
    let end = Promise.withResolvers<object>();
    poll(queue, { batchSize: 1 }, run, async (operation, input, signal) => {
      if (operation !== 'ReceiveMessage') return call(operation, input, signal);
      const answer = await call(operation, { ...(input as object), WaitTimeSeconds: 0 }, signal);
      if (answer['Messages'] !== undefined) return answer;
      polls += 1;
      // All long polls of an idle queue end at once, when the test says so.
      await end.promise;
      polls -= 1;
      return {};
    });
    await until(() => polls === 10);
    expect(most()).toBe(10);
    for (let round = 0; round < 2; round += 1) {
      const ended = end;
      end = Promise.withResolvers();
      ended.resolve({});
      // One round after the other is the point.
      // oxlint-disable-next-line no-await-in-loop
      await until(() => polls === 5);
    }
    end.resolve({});
  });
});
