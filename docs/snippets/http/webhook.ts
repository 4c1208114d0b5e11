import { createHmac, timingSafeEqual } from 'node:crypto';

import { httpHandler, noContent, unauthorized } from 'handlersmith/http';

const secret = process.env['WEBHOOK_SECRET'] ?? 'only for tests';

export const handler = httpHandler({ service: 'webhook' }, ({ rawBody, headers, logger }) => {
  const expected = createHmac('sha256', secret).update(rawBody).digest();
  const given = Buffer.from(headers['x-signature'] ?? '', 'hex');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    return unauthorized('The signature does not fit the body', { challenge: 'Signature' });
  }
  logger.info('webhook taken', { bytes: rawBody.byteLength });
  return noContent();
});
