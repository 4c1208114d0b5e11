/**
 * What is read of bytes and cursors that anybody may send.
 */
import { describe, expect, test } from 'vitest';

import { hills, rings } from '../local/pictures.ts';
import { cursorAfter, placeIn } from '../src/cursor.ts';
import { pictureTypeOf } from '../src/kind.ts';

describe('the type of a file', () => {
  test.each([
    ['image/jpeg', hills, 3],
    ['image/png', rings, 8],
  ])('is %s by its first bytes, all of them', async (type, draw, length) => {
    const { bytes } = await draw();
    expect(pictureTypeOf(bytes)).toBe(type);
    for (let index = 0; index < length; index++) {
      const other = bytes.slice();
      other[index] = (other[index] ?? 0) ^ 1;
      expect([index, pictureTypeOf(other)]).toEqual([index, undefined]);
      expect(pictureTypeOf(bytes.slice(0, index))).toBeUndefined();
    }
  });
});

describe('a cursor', () => {
  const place = { uploadedAt: '2026-03-01T02:00:00.000Z', id: '577a10571ef6a00b' };

  test('names the place it was made of', () => {
    expect(placeIn(cursorAfter(place))).toEqual(place);
  });

  test.each([
    ['nothing', ''],
    ['another alphabet', Buffer.from(`${place.uploadedAt} ${place.id}`).toString('base64')],
    ['a stray character', `${cursorAfter(place)}!`],
    ['no id', Buffer.from(`${place.uploadedAt} `).toString('base64url')],
    ['another key', Buffer.from(`${place.uploadedAt} a b`).toString('base64url')],
    ['no time', Buffer.from(`yesterday ${place.id}`).toString('base64url')],
  ])('that it never gave is none: %s', (_, cursor) => {
    expect(placeIn(cursor)).toBeUndefined();
  });
});
