import { httpHandler } from 'handlersmith/http';

// @ts-expect-error -- the misspelt option is the point
export const handler = httpHandler({ serivce: 'items' }, () => 'never');
