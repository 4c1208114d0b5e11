import { sqsHandler } from 'handlersmith/sqs';
import { lostRecords, parseStreamFailure } from 'handlersmith/stream';

export const handler = sqsHandler({}, async ({ message, logger, signal }) => {
  const { records, complete } = await lostRecords(parseStreamFailure(message), { signal });
  for (const { eventID } of records) logger.warn('given up', { eventID });
  if (!complete) logger.error('the stream has let go of some records');
});
