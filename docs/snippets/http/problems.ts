import { conflict, HttpProblem, httpRouter, notFound, route, tooManyRequests } from 'handlersmith/http';

export const handler = httpRouter(
  { service: 'orders' },
  {
    'GET /orders/{id}': route(({ path }) => notFound(`No order ${path.id}`)),
    'POST /orders': route(() => {
      throw tooManyRequests('Ten orders a minute', { retryAfter: 30 });
    }),
    'POST /orders/{id}/payment': route(({ path }) =>
      conflict('The order is paid already', {
        type: 'https://example.com/problems/paid',
        title: 'Already paid',
        extensions: { order: path.id },
      }),
    ),
    'GET /prices': route(async () => {
      try {
        return await pricesOfToday();
      } catch (cause) {
        throw new HttpProblem(503, 'Prices are not there yet', { cause }); // the cause is logged, not sent
      }
    }),
    'GET /broken': route(() => {
      throw new Error('password of the database: hunter2'); // logged, and nothing of it sent
    }),
  },
);

async function pricesOfToday(): Promise<number[]> {
  throw new Error('connect ECONNREFUSED 10.0.0.7:5432');
}
