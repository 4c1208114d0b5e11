import middy from '@middy/core';
import sqsPartialBatchFailure from '@middy/sqs-partial-batch-failure';

import { handleText } from '../job/record.ts';

export const handler = middy()
  .use(sqsPartialBatchFailure({ logger: false }))
  .handler(({ Records }) => Promise.allSettled(Records.map(({ body }) => handleText(body))));
