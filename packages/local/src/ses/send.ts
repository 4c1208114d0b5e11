/**
 * `SendEmail` of SES v2: simple and raw content.
 *
 * @module
 * @see https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
 */
import { badRequest, notImplemented, SesError } from './errors.ts';
import type { SentMail } from './mail.ts';

/** Recipients of one mail. */
const RECIPIENTS = 50;

/** Bytes of a raw mail, decoded. */
const RAW_LIMIT = 40 * 1024 * 1024;

/** Parameters that change nothing about what is kept here. */
const QUIET = new Set([
  'ConfigurationSetName',
  'EmailTags',
  'ListManagementOptions',
  'TenantName',
  'EndpointId',
]);
const KNOWN = new Set(['Content', 'Destination', 'FromEmailAddress', 'ReplyToAddresses', ...QUIET]);

type Input = Readonly<Record<string, unknown>>;

/** What a request says of a mail. */
export type MailContent = Omit<SentMail, 'messageId' | 'sentAt' | 'trace'>;

/**
 * Reads and checks a request.
 *
 * @param isVerified - whether an address or its domain may send
 * @throws SesError
 */
export async function readMail(input: Input, isVerified: (address: string) => boolean): Promise<MailContent> {
  for (const name of Object.keys(input)) if (!KNOWN.has(name)) throw notImplemented(`the parameter ${name}`);
  const destination = objectOf(input['Destination'] ?? {}, 'Destination');
  const given = {
    to: addresses(destination['ToAddresses'], 'ToAddresses'),
    cc: addresses(destination['CcAddresses'], 'CcAddresses'),
    bcc: addresses(destination['BccAddresses'], 'BccAddresses'),
    replyTo: addresses(input['ReplyToAddresses'], 'ReplyToAddresses'),
  };
  const content = objectOf(input['Content'], 'Content');
  if (content['Template'] !== undefined) throw notImplemented('mails made from templates');
  const sender = input['FromEmailAddress'];
  if (sender !== undefined && typeof sender !== 'string')
    throw badRequest('FromEmailAddress is not a string');

  const mail =
    content['Raw'] === undefined
      ? simple(objectOf(content['Simple'], 'Content.Simple'), sender, given)
      : await raw(objectOf(content['Raw'], 'Content.Raw'), sender, given);
  const recipients = mail.to.length + mail.cc.length + mail.bcc.length;
  if (recipients === 0) throw badRequest('Missing required header: the mail has no recipient.');
  if (recipients > RECIPIENTS) throw badRequest(`Recipient count exceeds ${RECIPIENTS}.`);
  if (!isVerified(addressOf(mail.from))) {
    throw new SesError(
      'MessageRejected',
      `Email address is not verified. The following identities failed the check: ${addressOf(mail.from)}`,
    );
  }
  return mail;
}

type Given = Pick<MailContent, 'to' | 'cc' | 'bcc' | 'replyTo'>;

function simple(content: Input, sender: string | undefined, given: Given): MailContent {
  for (const name of Object.keys(content))
    if (!['Subject', 'Body', 'Headers', 'Attachments'].includes(name))
      throw notImplemented(`the parameter Content.Simple.${name}`);
  if (sender === undefined) throw badRequest('The FromEmailAddress is missing.');
  const body = objectOf(content['Body'], 'Content.Simple.Body');
  const text = dataOf(body['Text'], 'Content.Simple.Body.Text');
  const html = dataOf(body['Html'], 'Content.Simple.Body.Html');
  const subject = dataOf(content['Subject'], 'Content.Simple.Subject');
  if (subject === undefined) throw badRequest('The subject is missing.');
  if (text === undefined && html === undefined) throw badRequest('The body has neither Text nor Html.');
  const attachments = Array.isArray(content['Attachments']) ? content['Attachments'] : [];
  return {
    ...given,
    from: checkedAddress(sender, 'FromEmailAddress'),
    subject,
    text,
    html,
    attachments: attachments.map((attachment: unknown) => {
      const { FileName, ContentType, RawContent } = objectOf(attachment, 'Content.Simple.Attachments');
      return {
        name: typeof FileName === 'string' ? FileName : 'attachment',
        contentType: typeof ContentType === 'string' ? ContentType : 'application/octet-stream',
        size: Buffer.from(typeof RawContent === 'string' ? RawContent : '', 'base64').length,
      };
    }),
  };
}

async function raw(content: Input, sender: string | undefined, given: Given): Promise<MailContent> {
  if (typeof content['Data'] !== 'string') throw badRequest('Content.Raw.Data is missing.');
  const bytes = Buffer.from(content['Data'], 'base64');
  if (bytes.length > RAW_LIMIT) throw badRequest(`Message length is more than ${RAW_LIMIT} bytes long.`);
  // Most apps send simple mails; they need no parser.
  const { default: PostalMime } = await import('postal-mime');
  const mail = await PostalMime.parse(bytes);
  const listed = (list: typeof mail.to): string[] =>
    (list ?? []).flatMap(({ address }) => (address === undefined ? [] : [address]));
  const from = sender ?? mail.from?.address;
  if (from === undefined) throw badRequest("Missing required header 'From'.");
  // The destination decides who gets it; without one the headers do.
  const isDirected = given.to.length + given.cc.length + given.bcc.length > 0;
  return {
    ...(isDirected
      ? given
      : { to: listed(mail.to), cc: listed(mail.cc), bcc: listed(mail.bcc), replyTo: listed(mail.replyTo) }),
    from: checkedAddress(from, 'From'),
    subject: mail.subject ?? '',
    text: mail.text,
    html: mail.html,
    attachments: mail.attachments.map(({ filename, mimeType, content: data }) => ({
      name: filename ?? 'attachment',
      contentType: mimeType,
      size: typeof data === 'string' ? Buffer.byteLength(data) : data.byteLength,
    })),
  };
}

function addresses(list: unknown, name: string): string[] {
  if (list === undefined || list === null) return [];
  if (!Array.isArray(list)) throw badRequest(`${name} is not a list`);
  return list.map((address: unknown) => checkedAddress(address, name));
}

function checkedAddress(address: unknown, name: string): string {
  if (typeof address !== 'string' || !/^[^\s@<>]+@[^\s@<>]+$/u.test(addressOf(address)))
    throw badRequest(
      `Local address or domain is missing or malformed in ${name}: ${JSON.stringify(address)}`,
    );
  return address;
}

/** The address of `Name <name@example.com>`. */
function addressOf(mailbox: string): string {
  return /<([^<>]*)>\s*$/u.exec(mailbox)?.[1] ?? mailbox.trim();
}

function dataOf(content: unknown, name: string): string | undefined {
  if (content === undefined || content === null) return undefined;
  const { Data } = objectOf(content, name);
  if (typeof Data !== 'string') throw badRequest(`${name}.Data is missing.`);
  return Data;
}

function objectOf(value: unknown, name: string): Input {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Input; // checked just now
  throw badRequest(`${name} is missing or no object.`);
}
