import { ownWrites, streamHandler } from 'handlersmith/stream';
import * as z from 'zod';

const Photo = z.object({ id: z.string(), name: z.string() });
const table = new Map<string, object>();

const own = ownWrites('thumbnails');

export const handler = streamHandler(
  { item: Photo, ownWrites: own },
  {
    insert: ({ after }) => {
      table.set(after.id, { ...after, small: `small/${after.name}`, [own.attribute]: own.stamp() });
    },
  },
);
// ---cut-after---
export { table };
