import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';

import type { NewItem } from '../job/item.ts';
import { handleItem } from '../job/record.ts';

/** Parses and validates nothing: what the rows with a schema are held against. */
export const handler = async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
  const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
  for (const { body, messageId } of Records) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- one after the other is what it is for
      await handleItem(JSON.parse(body) as NewItem);
    } catch {
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
};
