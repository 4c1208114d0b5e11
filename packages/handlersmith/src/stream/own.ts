/**
 * A function that writes to the table it listens to, and must not answer itself.
 *
 * @module
 */
import type { RawChange } from './change.ts';

/** Marks one writer's writes, and tells them from all others. Make it with {@link ownWrites}. */
export interface OwnWrites {
  /** The attribute that carries the mark. */
  readonly attribute: string;
  /** A mark for one write, another each time: put it into {@link OwnWrites.attribute} with everything you write. */
  readonly stamp: () => string;
  /** Whether a change is a write that carries a mark of this writer. */
  readonly wrote: (change: RawChange) => boolean;
}

const SEPARATOR = '#';

/**
 * Lets a stream handler skip the changes that it made itself.
 *
 * The mark is another with each write. An attribute that always held the same name would stay on the item when
 * somebody else changes it, and their change would be taken for yours.
 *
 * Deletes carry no mark: one of your own comes like any other.
 *
 * @param writer - name of the writer; without `#`
 * @param attribute - name of the attribute on your items
 * @throws TypeError when a name is empty, or the writer's has a `#`
 * @example
 * const own = ownWrites('thumbnails');
 *
 * export const handler = streamHandler({ ownWrites: own }, {
 *   insert: async ({ after }) => photos.put({ ...after, size: 'small', [own.attribute]: own.stamp() }),
 * });
 */
export function ownWrites(writer: string, attribute = 'lastWrite'): OwnWrites {
  if (typeof writer !== 'string' || writer === '' || writer.includes(SEPARATOR))
    throw new TypeError(`ownWrites: the writer must be a name without "${SEPARATOR}"`);
  if (typeof attribute !== 'string' || attribute === '')
    throw new TypeError('ownWrites: the attribute must be a non-empty string');
  const mark = writer + SEPARATOR;
  return {
    attribute,
    stamp: () => mark + crypto.randomUUID(),
    wrote: ({ before, after }) => {
      const found = after?.[attribute];
      return typeof found === 'string' && found.startsWith(mark) && found !== before?.[attribute];
    },
  };
}
