import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';

import { handleText } from '../job/record.ts';

/** One message after the other, failures reported: what the rows of SQS are held against. */
export const handler = async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
  const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
  for (const { body, messageId } of Records) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- one after the other is what it is for
      await handleText(body);
    } catch {
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
};
