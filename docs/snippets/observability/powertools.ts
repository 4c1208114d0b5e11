import { Logger } from '@aws-lambda-powertools/logger';
import { httpHandler } from 'handlersmith/http';

const logger = new Logger({ serviceName: 'legacy', logBufferOptions: { enabled: true } });

export const handler = httpHandler({ logger }, ({ logger: ofRequest }) => {
  ofRequest.info('as before');
  return { ok: true };
});
