/**
 * What a stream handler says of itself, as plain data: template checks read it.
 *
 * @module
 */
import type { Schema } from '../handler/schema.ts';
import type { StreamView } from './change.ts';
import type { BatchOptions } from './options.ts';

/** What the handlers of both streams say of themselves. */
export interface BatchManifest {
  readonly service: string | undefined;
  /**
   * All in the event source mapping:
   * - `ReportBatchItemFailures`: or failed records count as done
   * - `MaximumRetryAttempts`: or a record that always fails holds up its shard until it is too old
   * - `OnFailure`: or records that are given up are gone
   * - `TumblingWindowInSeconds`: for a handler with a window
   */
  readonly needs: readonly (
    | 'ReportBatchItemFailures'
    | 'MaximumRetryAttempts'
    | 'OnFailure'
    | 'TumblingWindowInSeconds'
  )[];
  readonly concurrency: number;
  readonly onPermanent: 'retry' | 'drop';
  readonly window: boolean;
}

/** What a handler of DynamoDB streams is and what it needs around it. */
export interface StreamManifest extends BatchManifest {
  readonly trigger: 'dynamodb';
  /** What the table's `StreamViewType` must be. */
  readonly view: StreamView;
  /** Schema of the items, as given. */
  readonly item: Schema | undefined;
}

/** What a handler of Kinesis streams is and what it needs around it. */
export interface KinesisManifest extends BatchManifest {
  readonly trigger: 'kinesis';
  /** Schema of the data, as given. */
  readonly data: Schema | undefined;
}

/** What both say alike. */
export function batchManifest({
  service,
  concurrency = 1,
  onPermanent = 'retry',
  window,
}: BatchOptions): BatchManifest {
  return {
    service,
    needs: [
      'ReportBatchItemFailures',
      'MaximumRetryAttempts',
      'OnFailure',
      ...(window === undefined ? [] : (['TumblingWindowInSeconds'] as const)),
    ],
    concurrency,
    onPermanent,
    window: window !== undefined,
  };
}
