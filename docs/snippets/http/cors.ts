import { httpHandler } from 'handlersmith/http';

export const handler = httpHandler(
  {
    cors: {
      origins: ['https://app.example.com', 'https://*.preview.example.com'],
      credentials: true,
      exposeHeaders: ['etag'],
      maxAge: 600,
    },
  },
  () => ({ hello: 'browser' }),
);
