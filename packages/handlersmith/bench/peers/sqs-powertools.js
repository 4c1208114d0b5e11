import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';

import { handleText } from '../job/record.ts';

const processor = new BatchProcessor(EventType.SQS);

export const handler = (event, context) =>
  processPartialResponse(event, ({ body }) => handleText(body), processor, {
    context,
    throwOnFullBatchFailure: false,
  });
