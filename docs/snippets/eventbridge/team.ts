import { eventBridgeHandler } from 'handlersmith/eventbridge';

export const events = eventBridgeHandler.extend({ service: 'shop', unknown: 'ignore' });
