import { createHash } from 'node:crypto';

import { s3Handler } from 'handlersmith/s3';

export const handler = s3Handler(
  { on: ['ObjectCreated:*'], prefix: 'backups/', maxBytes: 5 * 1024 ** 3, concurrency: 2 },
  async ({ object, logger }) => {
    const hash = createHash('sha256');
    for await (const chunk of object.stream()) hash.update(chunk);
    logger.info('checked', { sha256: hash.digest('hex') });
  },
);
