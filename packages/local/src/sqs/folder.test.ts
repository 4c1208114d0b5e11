/** What a data folder keeps, however the process ends. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { startFixture } from './server.fixture.ts';
import { startSqs } from './start.ts';

/** A server in a process of its own, to be killed. */
const program = `
  import { startSqs } from ${JSON.stringify(new URL('start.ts', import.meta.url).href)};
  const { endpoint } = await startSqs({ folder: process.argv[1] });
  console.log(endpoint);
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handlersmith-sqs-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('everything about a queue is there after a restart', async () => {
  {
    await using before = await startFixture({ folder });
    const dead = await before.create('dead.fifo');
    const url = await before.create('jobs.fifo', {
      VisibilityTimeout: '30',
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: before.sqs.queueArn('dead.fifo'),
        maxReceiveCount: 2,
      }),
    });
    for (const body of ['A1', 'A2', 'B1', 'B2']) {
      // oxlint-disable-next-line no-await-in-loop -- in this order
      await before.send(url, body, { MessageGroupId: body.slice(0, 1), MessageDeduplicationId: body });
    }
    const [first] = await before.receive(url, { MaxNumberOfMessages: 1 });
    const [third] = await before.receive(url, { MaxNumberOfMessages: 1 });
    expect([first?.Body, third?.Body]).toEqual(['A1', 'B1']);
    await before.client.send(
      new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: third?.ReceiptHandle }),
    );
    const purged = await before.create('purged');
    await before.send(purged, 'x');
    await before.client.send(new PurgeQueueCommand({ QueueUrl: purged }));
    await before.client.send(new DeleteQueueCommand({ QueueUrl: await before.create('deleted') }));
    expect(before.sqs.queue('dead.fifo')?.url).toBe(dead);
  }
  await using after = await startFixture({ folder });
  const url = after.sqs.queueUrl('jobs.fifo');
  expect(after.sqs.queues()).toEqual(['dead.fifo', 'jobs.fifo', 'purged']);
  expect(after.sqs.queue('purged')?.messages()).toEqual([]);
  // A1 is still in flight and locks its group; B1 is gone and known.
  expect(await after.bodies(url, { VisibilityTimeout: 0 })).toEqual(['B2']);
  await after.send(url, 'again', { MessageGroupId: 'B', MessageDeduplicationId: 'B1' });
  after.clock.advance(30_000);
  const later = await after.receive(url);
  expect(new Map(later.map(({ Body, Attributes }) => [Body, Attributes?.ApproximateReceiveCount]))).toEqual(
    new Map([
      ['A1', '2'],
      ['A2', '1'],
      ['B2', '2'],
    ]),
  );
  await after.send(url, 'A3', { MessageGroupId: 'A', MessageDeduplicationId: 'A3' });
  const sequences = after.sqs
    .queue('jobs.fifo')
    ?.messages()
    .map(({ attributes }) => attributes['SequenceNumber'] ?? '');
  expect(sequences).toEqual([...(sequences ?? [])].toSorted((a, b) => (a < b ? -1 : 1)));
  after.clock.advance(30_000);
  expect(await after.bodies(url)).toEqual(['A2', 'A3']);
  expect(new Set(await after.bodies(after.sqs.queueUrl('dead.fifo')))).toEqual(new Set(['A1', 'B2']));
});

test('two servers do not share a folder', async () => {
  await using first = await startSqs({ folder });
  await expect(startSqs({ folder })).rejects.toThrow(`in use by process ${process.pid}`);
  expect(first.queues()).toEqual([]);
});

test('a port in use is told of, and the folder is free for the next try', async () => {
  await using first = await startSqs();
  const port = Number(new URL(first.endpoint).port);
  await expect(startSqs({ folder, port })).rejects.toThrow(`startSqs: cannot listen on 127.0.0.1:${port}`);
  await using second = await startSqs({ folder });
  expect(second.queues()).toEqual([]);
});

test(
  'nothing acknowledged is lost when the process is killed, and nothing deleted comes back',
  { timeout: 60_000 },
  async () => {
    const child = spawn(
      process.execPath,
      ['--conditions=@handlersmith/source', '--input-type=module', '--eval', program, folder],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const ended = once(child, 'exit');
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const endpoint = line.toString().trim();
    const client = new SQSClient({
      endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      maxAttempts: 1,
    });
    const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: 'jobs' }));

    const sent = new Set<string>();
    const deleted = new Set<string>();
    const produce = async (producer: number, index = 0): Promise<void> => {
      const body = `${producer}-${index}`;
      await client.send(new SendMessageCommand({ QueueUrl, MessageBody: body }));
      sent.add(body);
      return produce(producer, index + 1);
    };
    /** Bodies whose deletion was asked for and not answered: they may be there or not. */
    const deleting = new Set<string>();
    const consume = async (): Promise<void> => {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 0 }),
      );
      const [{ Body = '', ReceiptHandle } = {}] = Messages;
      if (Body !== '') {
        deleting.add(Body);
        await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
        deleted.add(Body);
      }
      return consume();
    };
    const work = Promise.allSettled([produce(1), produce(2), produce(3), consume()]);
    setTimeout(() => child.kill('SIGKILL'), 1_000);
    await Promise.all([work, ended]);
    client.destroy();

    await using after = await startSqs({ folder });
    const left = new Set(
      after
        .queue('jobs')
        ?.messages()
        .map(({ body }) => body),
    );
    expect(sent.size).toBeGreaterThan(20);
    expect(deleted.size).toBeGreaterThan(10);
    expect([...sent].filter((body) => !left.has(body) && !deleting.has(body))).toEqual([]);
    expect([...deleted].filter((body) => left.has(body))).toEqual([]);
  },
);
