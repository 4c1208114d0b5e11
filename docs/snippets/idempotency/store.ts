import { dynamoStore } from 'handlersmith/idempotency';

export const store = dynamoStore({ tableName: process.env['IDEMPOTENCY_TABLE'] ?? 'idempotency' });
