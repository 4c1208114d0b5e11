import { serveHttpApi } from '@handlersmith/local';

import { handler } from './handler.ts';

const api = await serveHttpApi(handler, { port: 3000 });
console.log(api.url);
