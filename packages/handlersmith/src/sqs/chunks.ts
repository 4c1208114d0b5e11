/**
 * Which messages go into one request.
 *
 * @module
 */
import { bytesOf, MOST_BYTES, type OutgoingMessage } from './outgoing.ts';

/** Messages that one request may have. */
const MOST_ENTRIES = 10;

/**
 * Parts messages into requests of at most ten messages and 1 MiB, in their order.
 *
 * @returns indexes; those of messages that no request can take are in none
 */
export function chunksOf(messages: readonly OutgoingMessage[]): readonly (readonly number[])[] {
  const chunks: number[][] = [];
  let open: number[] = [];
  let bytes = 0;
  for (const [index, message] of messages.entries()) {
    const size = bytesOf(message);
    if (size > MOST_BYTES) continue;
    if (open.length === 0 || open.length === MOST_ENTRIES || bytes + size > MOST_BYTES) {
      open = [];
      bytes = 0;
      chunks.push(open);
    }
    open.push(index);
    bytes += size;
  }
  return chunks;
}
