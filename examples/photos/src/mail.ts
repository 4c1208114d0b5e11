/**
 * Mails, through SES.
 *
 * @module
 */
import { SendEmailCommand, SESv2Client } from '@aws-sdk/client-sesv2';

import type { Photo } from './schemas.ts';
import { setting } from './settings.ts';

export interface Mail {
  /** Tells the owner of the album about a new photo. */
  uploaded(photo: Photo, options: { readonly signal: AbortSignal }): Promise<void>;
}

/** Make one per environment. */
export function mail(): Mail {
  const client = new SESv2Client();
  const [from, to] = [setting('MAIL_FROM'), setting('MAIL_TO')];
  return {
    async uploaded({ id, name, size, contentType, uploadedAt }, { signal }) {
      const lines = [
        `${name} was uploaded at ${uploadedAt}.`,
        '',
        `${size} bytes, ${contentType}`,
        `/photos/${id}`,
      ];
      await client.send(
        new SendEmailCommand({
          FromEmailAddress: from,
          Destination: { ToAddresses: [to] },
          Content: {
            Simple: {
              Subject: { Data: `New photo: ${name}`, Charset: 'UTF-8' },
              Body: { Text: { Data: lines.join('\n'), Charset: 'UTF-8' } },
            },
          },
        }),
        { abortSignal: signal },
      );
    },
  };
}
