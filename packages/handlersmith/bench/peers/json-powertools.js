import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { parser } from '@aws-lambda-powertools/batch/parser';

import { handleItem } from '../job/record.ts';
import { NewItem } from './schema.js';

const processor = new BatchProcessor(EventType.SQS, { parser, innerSchema: NewItem, transformer: 'json' });

export const handler = (event, context) =>
  processPartialResponse(event, ({ body }) => handleItem(body), processor, {
    context,
    throwOnFullBatchFailure: false,
  });
