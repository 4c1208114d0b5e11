import type { S3Client } from '@aws-sdk/client-s3';
import type {
  S3Handler as AwsS3Handler,
  S3NotificationEvent,
  SNSHandler,
  SQSBatchResponse,
  SQSEvent,
  SQSHandler,
} from 'aws-lambda';
import { describe, expectTypeOf, it } from 'vitest';

import { type EventPattern, type ObjectKind, type S3ClientLike, s3Handler } from './index.ts';

describe('s3Handler', () => {
  const handler = s3Handler({}, () => {});

  it('A8 fits the handler types of AWS', () => {
    expectTypeOf(handler).toExtend<AwsS3Handler>();
    expectTypeOf(handler).toExtend<SNSHandler>();
    expectTypeOf(handler).toExtend<SQSHandler>();
    expectTypeOf(handler).toExtend<(event: S3NotificationEvent) => Promise<void>>();
    expectTypeOf((event: SQSEvent) => handler(event)).returns.resolves.toEqualTypeOf<SQSBatchResponse>();
  });

  it('types what run gets by its options', () => {
    s3Handler({ resources: async () => ({ table: 'a' }) }, ({ object, resources, signal }) => {
      expectTypeOf(resources).toEqualTypeOf<{ table: string }>();
      expectTypeOf(object.kind).toEqualTypeOf<ObjectKind>();
      expectTypeOf(object.size).toEqualTypeOf<number | undefined>();
      expectTypeOf(object.bytes({ signal })).resolves.toExtend<Uint8Array>();
    });
    s3Handler.extend({ resources: () => 1 })({}, ({ resources }) => {
      expectTypeOf(resources).toEqualTypeOf<number>();
    });
  });

  it('knows event names', () => {
    expectTypeOf<
      'ObjectCreated:*' | 's3:ObjectTagging:Put' | 'LifecycleTransition'
    >().toExtend<EventPattern>();
    expectTypeOf<'ObjectCreate:*'>().not.toExtend<EventPattern>();
    expectTypeOf<'LifecycleTransition:*'>().not.toExtend<EventPattern>();
  });

  it('S3Client of the SDK fits', () => {
    expectTypeOf<S3Client>().toExtend<S3ClientLike>();
  });
});
