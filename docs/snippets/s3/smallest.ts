import { s3Handler } from 'handlersmith/s3';

export const handler = s3Handler({ on: 'created', suffix: '.csv' }, async ({ object, logger }) => {
  const text = new TextDecoder().decode(await object.bytes());
  logger.info('read', { rows: text.split('\n').length });
});
