/**
 * Where it is kept what was done, so that it is done once: beside the records of the store, in the same table.
 *
 * @module
 */
import { dynamoStore } from 'handlersmith/idempotency';

import { setting } from './settings.ts';

export const once = dynamoStore({
  tableName: setting('RECORDS_TABLE'),
  keyAttribute: 'pk',
  sortKeyAttribute: 'sk',
  expirationAttribute: 'expiresAt',
});
