import { streamHandler } from 'handlersmith/stream';
import * as z from 'zod';

const User = z.object({ id: z.string(), email: z.string() });
const mails: string[] = [];

export const handler = streamHandler(
  { item: User },
  {
    insert: ({ after }) => {
      mails.push(`welcome ${after.email}`);
    },
    modify: ({ before, after }) => {
      if (before.email !== after.email) mails.push(`confirm ${after.email}`);
    },
    remove: ({ before, expired }) => {
      if (!expired) mails.push(`goodbye ${before.email}`);
    },
  },
);
// ---cut-after---
export { mails };
