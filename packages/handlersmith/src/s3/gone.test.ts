import { describe, expect, it } from 'vitest';

import { permanent } from '../records/outcome.ts';
import { ObjectGone, ObjectTooLarge, readError, reasonToSkip } from './gone.ts';

/** As the SDK throws it. */
function sdkError(name: string, httpStatusCode?: number): Error {
  const error = Object.assign(
    new Error('of S3'),
    httpStatusCode === undefined ? {} : { $metadata: { httpStatusCode } },
  );
  error.name = name;
  return error;
}

/** An error in so many others. */
function wrapped(error: unknown, times: number): unknown {
  return times === 0 ? error : new Error('of the team', { cause: wrapped(error, times - 1) });
}

describe('readError', () => {
  it.each([
    ['NoSuchKey', undefined],
    ['NoSuchVersion', 400],
    ['NotFound', undefined],
    ['PreconditionFailed', undefined],
    ['Unknown', 404],
    ['Unknown', 412],
  ])('S8 %s with status %s says that the object is gone, and where it was', (name, status) => {
    const cause = sdkError(name, status);
    const error = readError(cause, 's3://b/k');
    expect(error).toBeInstanceOf(ObjectGone);
    expect(error).toMatchObject({ message: `s3://b/k is gone or was replaced (${name})`, cause });
  });

  it.each<[string, unknown]>([
    ['a bucket that is not there', sdkError('NoSuchBucket', 404)],
    ['no permission', sdkError('AccessDenied', 403)],
    ['a fault without a status', sdkError('TimeoutError')],
    ['what is no error', { name: 'NoSuchKey' }],
    ['nothing', undefined],
  ])('S8 %s stays the failure it is', (_, error) => {
    expect(readError(error, 's3://b/k')).toBe(error);
  });
});

describe('reasonToSkip', () => {
  const gone = new ObjectGone('k is gone');

  it.each([
    [gone, 'k is gone'],
    [new ObjectTooLarge(11, 10), 'The object has 11 bytes or more, maxBytes is 10'],
    [wrapped(gone, 1), 'k is gone'],
    [wrapped(gone, 7), 'k is gone'],
  ])('S8 finds it in %o', (error, reason) => {
    expect(reasonToSkip(error)).toBe(reason);
  });

  it.each([
    ['another failure', new Error('no route')],
    ['what is no error', { cause: gone }],
    ['one that is declared permanent', permanent('no image', { cause: gone })],
    ['one that lies too deep', wrapped(gone, 8)],
  ])('S8 does not find it in %s', (_, error) => {
    expect(reasonToSkip(error)).toBeUndefined();
  });

  it('S8 comes to an end where causes go round', () => {
    const error = new Error('round');
    error.cause = error;
    expect(reasonToSkip(error)).toBeUndefined();
  });
});
