import { expect, test } from 'vitest';

import { manualClock } from '../clock/clock.ts';
import { ServiceError } from './call.ts';
import type { ServiceCall } from './call.ts';
import { tableReader } from './dynamodb.ts';
import type { StreamReader } from './stream.ts';

const reader = (streams: ServiceCall, ahead = 0): StreamReader =>
  tableReader({
    streams,
    streamArn: 'arn:here',
    sourceArn: 'arn:there',
    region: 'us-east-1',
    startingPosition: 'LATEST',
    clock: manualClock(Date.now() + ahead),
  });

test('a change has the time of the app: its age is not what the clock was moved by', async () => {
  const now = Math.floor(Date.now() / 1000);
  const day = 86_400;
  const streams: ServiceCall = () =>
    Promise.resolve({
      Records: [{ eventName: 'INSERT', dynamodb: { ApproximateCreationDateTime: now, SequenceNumber: '1' } }],
    });
  const { records } = await reader(streams, day * 1000).read('iterator', 10);
  const at = records[0]?.record['dynamodb'];
  expect(Math.abs(Number(records[0]?.arrivedAt) / 1000 - now - day)).toBeLessThan(3);
  expect(
    Math.abs(Number((at as Record<string, unknown>)['ApproximateCreationDateTime']) - now - day),
  ).toBeLessThan(3);
});

test('a place that the stream has forgotten is followed by what it still knows', async () => {
  const asked: unknown[] = [];
  const streams: ServiceCall = async (operation, input) => {
    const { ShardIteratorType: type } = input as { ShardIteratorType: string };
    asked.push(type);
    if (type === 'AFTER_SEQUENCE_NUMBER')
      throw new ServiceError(operation, 'TrimmedDataAccessException', 'gone');
    return { ShardIterator: 'first' };
  };
  expect(await reader(streams).iterator('shard', { after: '1' })).toBe('first');
  expect(asked).toEqual(['AFTER_SEQUENCE_NUMBER', 'TRIM_HORIZON']);
});
