import { streamHandler } from 'handlersmith/stream';

export const handler = streamHandler(
  {},
  {
    insert: ({ after, logger }) => logger.info('new', { id: after['id'] }),
  },
);
