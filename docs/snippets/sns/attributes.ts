import { permanent, skipped, snsHandler } from 'handlersmith/sns';
import * as z from 'zod';

const Attributes = z.object({ tenant: z.string(), priority: z.number().default(1) });

export const sent: string[] = [];

export const handler = snsHandler(
  { format: 'text', attributes: Attributes, onPermanent: 'drop' },
  ({ message, attributes, subject, topicArn, timestamp }) => {
    if (attributes.priority < 1) return skipped('not worth a mail');
    if (message === '') throw permanent('nothing to send');
    const topic = topicArn.split(':').at(-1) ?? '';
    return sent.push(`${attributes.tenant}: ${subject ?? topic}, ${timestamp.getUTCFullYear()}`);
  },
);
