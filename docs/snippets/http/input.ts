import { httpRouter, route } from 'handlersmith/http';

export const handler = httpRouter(
  {},
  {
    'GET /users/{id}/orders': route((request) => ({
      id: request.path.id, // decoded, typed by the pattern
      tags: request.query['tag'], // ?tag=a&tag=b gives ['a', 'b']
      language: request.headers['accept-language'], // names in lower case
      theme: request.cookies['theme'],
      caller: request.identity.kind, // 'none', 'jwt', 'lambda' or 'iam'
      route: request.route, // 'GET /users/{id}/orders'
      source: request.source, // 'httpApi'
      millisecondsLeft: request.remaining(),
    })),
  },
);
