import { httpHandler } from 'handlersmith/http';
import * as v from 'valibot';

const Greeting = v.object({ name: v.pipe(v.string(), v.minLength(1)) });

export const handler = httpHandler({ body: Greeting }, ({ body }) => ({ hello: body.name }));
