import { created, httpRouter, route } from 'handlersmith/http';

import { createItem } from '../job/item.ts';
import { NewItem } from './schema-mini.ts';

const post = route({ body: NewItem }, ({ body }) => created(createItem(body)));
const get = route(({ path }) => ({ path }));

/** 33 resources of three routes each: a collection, a member and a member's part. */
const others = Object.fromEntries(
  Array.from({ length: 33 }, (_, number) => number).flatMap((number) => [
    [`POST /resource-${number}`, post],
    [`GET /resource-${number}/{id}`, get],
    [`GET /resource-${number}/{id}/part/{part}`, get],
  ]),
);

/** The route that is asked for comes last, in case the order matters. */
export const handler = httpRouter(
  { service: 'items', cors: { origins: ['*'] }, accessLog: false, logger: false },
  { ...others, 'POST /items': post },
);
