import { SendEmailCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import type { SendEmailCommandInput } from '@aws-sdk/client-sesv2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { SentMail } from './mail.ts';
import { startSes } from './start.ts';
import type { LocalSes } from './start.ts';

let ses: LocalSes;
let client: SESv2Client;
const told: SentMail[] = [];

beforeAll(async () => {
  ses = await startSes({ verified: ['shop.example'], onMail: (mail) => told.push(mail) });
  client = new SESv2Client(ses.clientConfig);
});
afterAll(async () => {
  client.destroy();
  await ses.close();
});

const mail = (change: Partial<SendEmailCommandInput> = {}): SendEmailCommandInput => ({
  FromEmailAddress: 'Shop <orders@shop.example>',
  Destination: { ToAddresses: ['ann@example.com'], CcAddresses: ['bob@example.com'] },
  Content: {
    Simple: { Subject: { Data: 'Größe' }, Body: { Text: { Data: 'Hello' }, Html: { Data: '<p>Hello' } } },
  },
  ...change,
});
const raw = (text: string): SendEmailCommandInput['Content'] => ({ Raw: { Data: Buffer.from(text) } });

describe('a mail that SES would not take', () => {
  test.each<[string, Partial<SendEmailCommandInput>, string, RegExp]>([
    ['no recipient', { Destination: {} }, 'BadRequestException', /no recipient/u],
    ['a malformed address', { Destination: { ToAddresses: ['ann'] } }, 'BadRequestException', /malformed/u],
    ['an unverified sender', { FromEmailAddress: 'a@other.example' }, 'MessageRejected', /a@other\.example/u],
    ['no content', { Content: {} }, 'BadRequestException', /Content\.Simple/u],
    [
      'an empty body',
      { Content: { Simple: { Subject: { Data: 's' }, Body: {} } } },
      'BadRequestException',
      /neither/u,
    ],
    ['a template', { Content: { Template: { TemplateName: 't' } } }, 'NotImplemented', /templates/u],
    [
      'too many recipients',
      { Destination: { ToAddresses: Array.from({ length: 51 }, () => 'a@b.c') } },
      'BadRequestException',
      /50/u,
    ],
  ])('%s', async (_, change, name, message) => {
    const before = ses.mails().length;
    await expect(client.send(new SendEmailCommand(mail(change)))).rejects.toMatchObject({
      name,
      message: expect.stringMatching(message),
    });
    expect(ses.mails()).toHaveLength(before);
  });

  test('an operation it does not know is named', async () => {
    const answer = await fetch(`${ses.endpoint}/v2/email/identities`, {
      headers: { authorization: 'AWS4-HMAC-SHA256' },
    });
    expect(answer.status).toBe(501);
    expect(await answer.json()).toEqual({ message: expect.stringContaining('GET /v2/email/identities') });
  });

  test('a web page cannot send one', async () => {
    const answer = await fetch(`${ses.endpoint}/v2/email/outbound-emails`, { method: 'POST', body: '{}' });
    expect(answer.status).toBe(403);
  });
});

test('a simple mail is kept as it was sent, and told', async () => {
  const { MessageId } = await client.send(new SendEmailCommand(mail()));
  const sent = ses.mails().at(-1);
  expect(sent).toMatchObject({
    messageId: MessageId,
    from: 'Shop <orders@shop.example>',
    to: ['ann@example.com'],
    cc: ['bob@example.com'],
    subject: 'Größe',
    text: 'Hello',
    html: '<p>Hello',
  });
  expect(told.at(-1)).toEqual(sent);
});

test('a raw mail is taken apart: encoded words, parts, attachments', async () => {
  const message = [
    'From: orders@shop.example',
    'To: Ann <ann@example.com>',
    'Subject: =?utf-8?B?R3LDtsOfZQ==?=',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    'caf=C3=A9',
    '--b',
    'Content-Type: image/png; name=dot.png',
    'Content-Disposition: attachment; filename=dot.png',
    'Content-Transfer-Encoding: base64',
    '',
    'AP/+',
    '--b--',
    '',
  ].join('\r\n');
  await client.send(new SendEmailCommand({ Content: raw(message) }));
  const sent = ses.mails().at(-1);
  expect(sent).toMatchObject({
    from: 'orders@shop.example',
    to: ['ann@example.com'],
    subject: 'Größe',
    attachments: [{ name: 'dot.png', contentType: 'image/png', size: 3 }],
  });
  expect(sent?.text?.trim()).toBe('café');
});
