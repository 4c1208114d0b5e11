/**
 * Finds the head of a streamed HTTP answer: JSON, then eight zero bytes, then the body.
 *
 * @module
 */
import type { Events } from '../channel.ts';

const DELIMITER = Buffer.alloc(8);

/** Takes the bytes as they come, and tells of the head and of the body. */
export function preludeReader(events: Pick<Events, 'begin' | 'chunk'>): (bytes: Buffer) => void {
  let held: Buffer | undefined = Buffer.alloc(0);

  return (bytes) => {
    if (held === undefined) {
      events.chunk(bytes);
      return;
    }
    held = Buffer.concat([held, bytes]);
    const end = held.indexOf(DELIMITER);
    if (end === -1) return;
    events.begin(JSON.parse(held.toString('utf8', 0, end)));
    const body = held.subarray(end + DELIMITER.length);
    held = undefined;
    if (body.length > 0) events.chunk(body);
  };
}
