import { eventBridgeHandler, on } from 'handlersmith/eventbridge';
import { memoryStore } from 'handlersmith/idempotency'; // dynamoStore({ tableName }) when deployed

export const mails: string[] = [];

export const handler = eventBridgeHandler({ idempotency: { store: memoryStore() } }, [
  on({ source: 'shop.orders', detailType: 'Order Placed' }, ({ id }) => void mails.push(id)),
]);
