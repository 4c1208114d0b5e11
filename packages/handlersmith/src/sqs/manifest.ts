/**
 * What an SQS handler says of itself, as plain data: template checks read it.
 *
 * @module
 */
import type { Schema } from '../handler/schema.ts';

/** What an SQS handler is and what it needs around it. */
export interface SqsManifest {
  readonly trigger: 'sqs';
  readonly service: string | undefined;
  /**
   * - `ReportBatchItemFailures`: in the event source mapping, or failed messages count as done
   * - `VisibilityTimeout`: of the queue, six times the function's timeout or more
   * - `DeadLetterQueue`: on the queue, or messages that always fail come for ever
   */
  readonly needs: readonly ('ReportBatchItemFailures' | 'VisibilityTimeout' | 'DeadLetterQueue')[];
  readonly concurrency: number;
  readonly onPermanent: 'retry' | 'drop' | 'quarantine';
  /** URLs of the queues it sends to: it needs `sqs:SendMessage` for each. */
  readonly sendsTo: readonly string[];
  /** Schema of the messages, as given. */
  readonly message: Schema | undefined;
}
