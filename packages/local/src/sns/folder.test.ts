import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { startFixture } from './server.fixture.ts';
import { startSns } from './start.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handlersmith-sns-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('topics, subscriptions and what a FIFO topic has seen are there after a restart', async () => {
  const message = { MessageGroupId: 'A', MessageDeduplicationId: 'once' };
  let first: string;
  {
    await using before = await startFixture({ folder });
    const topic = await before.create('topic.fifo');
    await before.subscribeQueue(topic, 'queue', { RawMessageDelivery: 'true' });
    first = await before.publish(topic, 'x', message);
  }
  await using after = await startFixture({ folder });
  expect(after.sns.topics()).toMatchObject([
    {
      name: 'topic.fifo',
      subscriptions: [{ protocol: 'sqs', attributes: { RawMessageDelivery: 'true' }, confirmed: true }],
    },
  ]);
  const url = await after.queues.create('queue');
  expect(await after.publish(after.sns.topicArn('topic.fifo'), 'x', message)).toBe(first);
  expect(await after.queues.bodies(url)).toEqual([]);
  await after.publish(after.sns.topicArn('topic.fifo'), 'y', { ...message, MessageDeduplicationId: 'other' });
  expect(await after.queues.bodies(url)).toEqual(['y']);
});

test('two servers do not share a folder, and a port in use leaves it free', async () => {
  await using first = await startSns({ folder });
  await expect(startSns({ folder })).rejects.toThrow(`in use by process ${process.pid}`);
  const port = Number(new URL(first.endpoint).port);
  await first.close();
  await using other = await startSns({ port });
  await expect(startSns({ folder, port })).rejects.toThrow(`startSns: cannot listen on 127.0.0.1:${port}`);
  await using again = await startSns({ folder });
  expect([other.topics(), again.topics()]).toEqual([[], []]);
});
