import { snsHandler } from 'handlersmith/sns';

export const topic = snsHandler.extend({ service: 'shop', onPermanent: 'drop' });
