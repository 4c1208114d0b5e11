import { describe, expect, it } from 'vitest';

import { parseStreamFailure } from './index.ts';

const batch = {
  shardId: 'shardId-00000001573689847184-864758bb',
  startSequenceNumber: '800000000003126276362',
  endSequenceNumber: '800000000003126276370',
  approximateArrivalOfFirstRecord: '2026-05-01T10:00:00Z',
  approximateArrivalOfLastRecord: '2026-05-01T10:00:01Z',
  batchSize: 2,
  streamArn: 'arn:aws:dynamodb:eu-west-1:123456789012:table/items/stream/2026-01-01T00:00:00.000',
};
const failure = {
  requestContext: {
    requestId: '316aa6d0-8154-4f3b-9af7-85d5f4a6bc81',
    functionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:photos',
    condition: 'RetryAttemptsExhausted',
    approximateInvokeCount: 3,
  },
  responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
  version: '1.0',
  timestamp: '2026-05-01T10:05:00.000Z',
  DDBStreamBatchInfo: batch,
};
const { DDBStreamBatchInfo: _, ...rest } = failure;

describe('parseStreamFailure', () => {
  it.each([
    ['no JSON', 'oops', 'got undefined'],
    ['nothing', undefined, 'got undefined'],
    ['null', 'null', 'got object'],
    ['a list', '[]', '(none)'],
    [
      'the record of an asynchronous invocation',
      { version: '1.0', requestContext: {}, requestPayload: {} },
      'requestPayload',
    ],
    [
      'a batch without a shard',
      { ...failure, DDBStreamBatchInfo: { ...batch, shardId: undefined } },
      'no shardId',
    ],
    [
      'a batch without an end',
      { ...failure, DDBStreamBatchInfo: { ...batch, endSequenceNumber: '' } },
      'no endSequenceNumber',
    ],
    [
      'a number that is none',
      { ...failure, DDBStreamBatchInfo: { ...batch, startSequenceNumber: '12x' } },
      'startSequenceNumber that is no number',
    ],
  ])('A9 refuses %s', (_name, message, told) => {
    expect(() => parseStreamFailure(message)).toThrow(TypeError);
    expect(() => parseStreamFailure(message)).toThrow(told);
  });

  it('reads the body of an SQS message, an SNS envelope and what is parsed already', () => {
    const text = JSON.stringify(failure);
    expect(parseStreamFailure(text)).toEqual(failure);
    expect(parseStreamFailure(failure)).toEqual(failure);
    expect(parseStreamFailure(JSON.stringify({ Type: 'Notification', Message: text }))).toEqual(failure);
  });

  it('reads what Lambda sends for Kinesis', () => {
    const kinesis = {
      ...rest,
      KinesisBatchInfo: { ...batch, streamArn: 'arn:aws:kinesis:eu-west-1:1:stream/s' },
    };
    expect(parseStreamFailure(JSON.stringify(kinesis))).toEqual(kinesis);
  });
});
