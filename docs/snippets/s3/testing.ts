import { s3BridgeEvent, s3Event, snsEvent, sqsEvent } from '@handlersmith/testing';
import { s3Handler } from 'handlersmith/s3';
import { expect, it } from 'vitest';

const seen: string[] = [];
const handler = s3Handler({ logger: false, outputPrefix: 'thumbs/' }, ({ object }) => {
  seen.push(object.key);
});

it('takes an object, whatever carries its event', async () => {
  const event = s3Event([{ key: 'red flower.jpg', body: 'bytes' }, 'thumbs/red flower.jpg']);
  await handler(event);
  await handler(snsEvent([event]));
  await handler(s3BridgeEvent('red flower.jpg'));
  expect(await handler(sqsEvent([{ body: event }]))).toEqual({ batchItemFailures: [] });
  expect(seen).toEqual(Array.from({ length: 4 }, () => 'red flower.jpg'));
});
