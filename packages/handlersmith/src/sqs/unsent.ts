/**
 * What is thrown when messages are not sent.
 *
 * @module
 */
import type { Issue } from '../handler/schema.ts';
import type { Receipt, Sent } from './send.ts';

/** A message that whoever receives it would refuse. Nothing was sent. */
export class InvalidMessage extends TypeError {
  override readonly name = 'InvalidMessage';
  /** What is wrong with it, and where; empty when it is not the schema that refuses it. */
  readonly issues: readonly Issue[];

  constructor(message: string, issues: readonly Issue[]) {
    super(message);
    this.issues = issues;
  }
}

/** Some messages of a batch were not taken in the end. */
export class MessagesNotSent extends AggregateError {
  override readonly name = 'MessagesNotSent';
  /** What SQS says of those it took, at their place in the batch. */
  readonly receipts: readonly (Receipt | undefined)[];
  /** Those it did not take: their place in the batch, and why. */
  readonly failed: readonly { readonly index: number; readonly error: unknown }[];

  constructor(sent: readonly Sent[]) {
    const failed = sent.flatMap((outcome, index) =>
      'error' in outcome ? [{ index, error: outcome.error }] : [],
    );
    super(
      failed.map(({ error }) => error),
      `${failed.length} of ${sent.length} messages were not sent`,
    );
    this.failed = failed;
    this.receipts = sent.map((outcome) => ('receipt' in outcome ? outcome.receipt : undefined));
  }
}
