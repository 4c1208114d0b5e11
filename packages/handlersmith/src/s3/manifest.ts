/**
 * What an S3 handler says of itself, as plain data: template checks read it.
 *
 * @module
 */
import type { On } from './options.ts';

/** What an S3 handler is and what it needs around it. */
export interface S3Manifest {
  readonly trigger: 's3';
  readonly service: string | undefined;
  /**
   * - `OnFailureDestination`: where S3, SNS or EventBridge invoke the function: an event that fails three times is
   *   lost without one, or a dead-letter queue
   * - `ReportBatchItemFailures`: where the events come through a queue: in the event source mapping, or failed
   *   messages count as done
   * - `ListBucket`: the permission `s3:ListBucket`, or S3 says "access denied" of objects that are gone
   */
  readonly needs: readonly ('OnFailureDestination' | 'ReportBatchItemFailures' | 'ListBucket')[];
  readonly on: On;
  readonly prefix: readonly string[];
  readonly suffix: readonly string[];
  /** Where the function writes in the bucket that triggers it. */
  readonly outputPrefix: readonly string[];
  /** Bytes; `undefined` for no limit. */
  readonly maxBytes: number | undefined;
  readonly concurrency: number;
}
