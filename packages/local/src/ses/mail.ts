/**
 * A mail as it was sent, readable for people and for tests.
 *
 * @module
 */

export interface SentMail {
  /** As SES answered. */
  readonly messageId: string;
  /** Milliseconds since 1970. */
  readonly sentAt: number;
  readonly from: string;
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly bcc: readonly string[];
  readonly replyTo: readonly string[];
  readonly subject: string;
  readonly text: string | undefined;
  readonly html: string | undefined;
  readonly attachments: readonly MailAttachment[];
  /** Trace header of the request, which tells the invocation that sent it. */
  readonly trace: string | undefined;
}

export interface MailAttachment {
  readonly name: string;
  readonly contentType: string;
  /** Bytes. */
  readonly size: number;
}
