import { shopHandler } from './team.ts';

export const handler = shopHandler({ service: 'prices', bodyLimit: 1024 }, () => ({ price: 25 }));
