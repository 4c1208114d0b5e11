import { httpHandler, httpRouter } from 'handlersmith/http';

const shared = {
  cors: { origins: ['https://shop.example.com'] },
  bodyLimit: 128 * 1024,
} as const;

export const shopHandler = httpHandler.extend(shared);
export const shopRouter = httpRouter.extend(shared);
