import { sqsHandler } from 'handlersmith/sqs';

export const handler = sqsHandler({}, async ({ message, logger }) => {
  logger.info('received', { message });
});
