import { httpHandler } from 'handlersmith/http';

export const handler = httpHandler({}, ({ query }) => ({ hello: query['name'] ?? 'world' }));
