import { httpRouter, noContent, notFound, route } from 'handlersmith/http';

const files = new Map([['reports/2026/july.csv', 'day,count']]);

export const handler = httpRouter(
  { service: 'files' },
  {
    'GET /files': route(() => [...files.keys()]),
    'GET /files/{path+}': route(({ path }) => files.get(path.path) ?? notFound()),
    'DELETE /files/{path+}': route(({ path }) => (files.delete(path.path) ? noContent() : notFound())),
  },
);
