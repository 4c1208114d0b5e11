// A router as a user writes it, with what the types promise: each @ts-expect-error fails where they promise less.
import { requestAs } from '@handlersmith/testing';
import type { APIGatewayProxyEvent, APIGatewayProxyEventV2, ALBEvent, Context } from 'aws-lambda';
import { httpRouter, notFound, route } from 'handlersmith/http';
import * as z from 'zod';

const items = new Map([['itm_1', { name: 'lamp', price: 12 }]]);

export const handler = httpRouter(
  { service: 'items-api' },
  {
    'GET /items': route({ query: z.object({ limit: z.coerce.number().default(10) }) }, ({ query }) => {
      const limit: number = query.limit;
      // @ts-expect-error -- a number by its schema
      const text: string = query.limit;
      void text;
      return [...items.values()].slice(0, limit);
    }),
    'GET /items/{id}': route(({ path }) => {
      const id: string = path.id;
      // @ts-expect-error -- not in the pattern
      void path.name;
      return items.get(id) ?? notFound();
    }),
  },
);

/** Assignable to what a team annotates its handlers with. */
export const restHandler: (event: APIGatewayProxyEvent, context: Context) => Promise<unknown> = handler;
export const httpApiHandler: (event: APIGatewayProxyEventV2, context: Context) => Promise<unknown> = handler;
export const balancerHandler: (event: ALBEvent, context: Context) => Promise<unknown> = handler;

export async function readItem(): Promise<number> {
  const response = await requestAs('alb')(handler, 'GET /items/itm_1');
  const status: number = response.status;
  return status;
}
