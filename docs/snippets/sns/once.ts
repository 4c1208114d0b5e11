import { memoryStore } from 'handlersmith/idempotency'; // dynamoStore({ tableName }) when deployed
import { snsHandler } from 'handlersmith/sns';
import * as z from 'zod';

const Order = z.object({ id: z.string() });

export const shipped: string[] = [];

export const handler = snsHandler(
  { message: Order, logger: false, idempotency: { store: memoryStore() } },
  ({ message }) => void shipped.push(message.id),
);
