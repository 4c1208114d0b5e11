/**
 * What an SNS handler says of itself, as plain data: template checks read it.
 *
 * @module
 */
import type { Schema } from '../handler/schema.ts';

/** What an SNS handler is and what it needs around it. */
export interface SnsManifest {
  readonly trigger: 'sns';
  readonly service: string | undefined;
  /** `OnFailureDestination`: of the function's asynchronous invocations, or a message that fails three times is lost. */
  readonly needs: readonly 'OnFailureDestination'[];
  readonly concurrency: number;
  readonly onPermanent: 'retry' | 'drop';
  /** Schema of the messages, as given. */
  readonly message: Schema | undefined;
}
