/** ListObjectsV2 against a model of it. */
import {
  DeleteObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import type { ListObjectsV2CommandOutput } from '@aws-sdk/client-s3';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { Bucket, refusal, serve } from './client.fixture.ts';
import type { Served } from './client.fixture.ts';
import { compareKeys, orderedMap } from './keys.ts';
import { list } from './listing.ts';
import type { Listing, ListingRequest } from './listing.ts';

/** All names at once, the slow way; then a page of them. */
function model(keys: readonly string[], { prefix, delimiter, after, limit }: ListingRequest): Listing {
  const names = new Map<string, boolean>();
  for (const key of keys.filter((one) => one.startsWith(prefix))) {
    const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    names.set(end === -1 ? key : key.slice(0, end + delimiter.length), end !== -1);
  }
  const all = [...names]
    .filter(([name]) => after === '' || Buffer.compare(Buffer.from(name), Buffer.from(after)) > 0)
    .toSorted(([one], [other]) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
  const page = all.slice(0, limit);
  return {
    keys: page.filter(([, common]) => !common).map(([name]) => name),
    prefixes: page.filter(([, common]) => common).map(([name]) => name),
    next: page.length < all.length ? page.at(-1)?.[0] : undefined,
  };
}

// Few characters, so that keys share prefixes; the last ones sort otherwise in UTF-16 than in UTF-8.
const text = (maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom('a', 'b', '/', '-', '\uD7FF', '\uFFFD', '😀', '\u{10FFFF}'), maxLength });

test('pages of keys are those of the model, for any keys and any question', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(
        text(6).filter((key) => key !== ''),
        { maxLength: 30 },
      ),
      text(2),
      fc.constantFrom('', '/', 'a', '//', '\u{10FFFF}'),
      text(3),
      fc.integer({ min: 1, max: 8 }),
      (keys, prefix, delimiter, after, limit) => {
        const map = orderedMap<true>();
        for (const key of keys) map.set(key, true);
        const asked = { prefix, delimiter, after, limit };
        expect(list((from) => map.from(from), asked)).toEqual(model(keys, asked));
      },
    ),
    { numRuns: 2_000 },
  );
});

test('keys are ordered by the bytes of their UTF-8', () => {
  fc.assert(
    fc.property(text(5), text(5), (one, other) => {
      expect(Math.sign(compareKeys(one, other))).toBe(Buffer.compare(Buffer.from(one), Buffer.from(other)));
    }),
  );
});

const namesOf = ({ Contents = [], CommonPrefixes = [] }: ListObjectsV2CommandOutput): string[] => [
  ...Contents.map(({ Key = '' }) => Key),
  ...CommonPrefixes.map(({ Prefix = '' }) => Prefix),
];

describe('over HTTP', () => {
  let served: Served;
  const keys = ['a b', 'a&<>"', 'a+b', 'dir/one', 'dir/two', 'dir/sub/three', 'ünï', '😀', 'z'];

  beforeAll(async () => {
    served = await serve();
    await Promise.all(
      keys.map((Key) => served.client.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }))),
    );
  });
  afterAll(() => served[Symbol.asyncDispose]());

  const page = (extra: object): Promise<ListObjectsV2CommandOutput> =>
    served.client.send(new ListObjectsV2Command({ Bucket, ...extra }));

  test('a token or an encoding that is none is refused', async () => {
    expect(await refusal(page({ ContinuationToken: 'dir/one' }))).toBe('400 InvalidArgument');
    expect(await refusal(page({ EncodingType: 'xml' }))).toBe('400 InvalidArgument');
    expect(await refusal(page({ MaxKeys: -1 }))).toBe('400 InvalidArgument');
  });

  test('every key comes once over pages of any size, in order', async () => {
    const pagesFrom = async (extra: object, ContinuationToken?: string): Promise<string[]> => {
      const answer = await page({ ...extra, ...(ContinuationToken !== undefined && { ContinuationToken }) });
      const rest = answer.NextContinuationToken;
      return [...namesOf(answer), ...(rest === undefined ? [] : await pagesFrom(extra, rest))];
    };
    const sorted = keys.toSorted((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
    expect(await pagesFrom({ MaxKeys: 2 })).toEqual(sorted);
    expect(await pagesFrom({ MaxKeys: 1000 })).toEqual(sorted);
    expect(await pagesFrom({ MaxKeys: 1, Prefix: 'dir/', Delimiter: '/' })).toEqual([
      'dir/one',
      'dir/sub/',
      'dir/two',
    ]);
    expect(await pagesFrom({ StartAfter: 'dir/two' })).toEqual(['z', 'ünï', '😀']);
  });

  test('what a page says of itself', async () => {
    expect(await page({ Prefix: 'dir/', Delimiter: '/', MaxKeys: 2, FetchOwner: true })).toMatchObject({
      KeyCount: 2,
      MaxKeys: 2,
      IsTruncated: true,
      Prefix: 'dir/',
      Delimiter: '/',
      CommonPrefixes: [{ Prefix: 'dir/sub/' }],
      Contents: [{ Key: 'dir/one', Size: 1, StorageClass: 'STANDARD', Owner: { ID: '000000000000' } }],
    });
    expect(await page({ MaxKeys: 0 })).toMatchObject({ KeyCount: 0, IsTruncated: false });
    expect(namesOf(await page({ EncodingType: 'url', Prefix: 'a' }))).toEqual([
      'a+b',
      'a%26%3C%3E%22',
      'a%2Bb',
    ]);
  });

  test('all versions, page by page', async () => {
    await served.client.send(
      new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }),
    );
    await served.client.send(new PutObjectCommand({ Bucket, Key: 'z', Body: 'y' }));
    await served.client.send(new DeleteObjectCommand({ Bucket, Key: 'z' }));
    const one = await served.client.send(new ListObjectVersionsCommand({ Bucket, Prefix: 'z', MaxKeys: 2 }));
    expect(one.DeleteMarkers).toMatchObject([{ Key: 'z', IsLatest: true }]);
    expect(one.Versions).toMatchObject([{ Key: 'z', IsLatest: false, Size: 1 }]);
    const two = await served.client.send(
      new ListObjectVersionsCommand({
        Bucket,
        Prefix: 'z',
        KeyMarker: one.NextKeyMarker,
        VersionIdMarker: one.NextVersionIdMarker,
      }),
    );
    expect(two).toMatchObject({ IsTruncated: false, Versions: [{ VersionId: 'null' }] });
    expect(namesOf(await page({ Prefix: 'z' }))).toEqual([]);
  });
});
