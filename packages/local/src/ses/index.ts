/**
 * An SES API on this machine, which sends nothing and keeps what it was given.
 *
 * @module
 */
export type { MailAttachment, SentMail } from './mail.ts';
export { startSes } from './start.ts';
export type { LocalSes, LocalSesClientConfig, StartSesOptions } from './start.ts';
