import { httpHandler } from 'handlersmith/http';
import { createLogger } from 'handlersmith/logging';

export const logger = createLogger({
  service: 'payments',
  level: 'debug',
  persistentKeys: { region: process.env['AWS_REGION'] },
  redact: ['iban', /^x-internal-/],
  sampleRate: 0.01,
});

logger.info('started', { iban: 'DE02 1203 0000 0000 2020 51' }); // outside of requests too

export const handler = httpHandler({ logger }, ({ logger: ofRequest }) => {
  ofRequest.debug('asked', { iban: 'DE02 1203 0000 0000 2020 51' });
  return { ok: true };
});
