/**
 * Errors as SQS gives them.
 *
 * @module
 */
import { Refused } from '../service/refused.ts';

/** Error codes that had another name in the older query protocol, which the SDK still shows as `Code`. */
const QUERY_CODES: Readonly<Record<string, string>> = {
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
  QueueNameExists: 'QueueAlreadyExists',
  QueueDeletedRecently: 'AWS.SimpleQueueService.QueueDeletedRecently',
  PurgeQueueInProgress: 'AWS.SimpleQueueService.PurgeQueueInProgress',
  MessageNotInflight: 'AWS.SimpleQueueService.MessageNotInflight',
  BatchEntryIdsNotDistinct: 'AWS.SimpleQueueService.BatchEntryIdsNotDistinct',
  BatchRequestTooLong: 'AWS.SimpleQueueService.BatchRequestTooLong',
  EmptyBatchRequest: 'AWS.SimpleQueueService.EmptyBatchRequest',
  InvalidBatchEntryId: 'AWS.SimpleQueueService.InvalidBatchEntryId',
  TooManyEntriesInBatchRequest: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
  UnsupportedOperation: 'AWS.SimpleQueueService.UnsupportedOperation',
};

/** What a request is refused with. */
export class SqsError extends Refused {
  override readonly name = 'SqsError';

  /** The code in the query protocol. */
  get queryCode(): string {
    return QUERY_CODES[this.code] ?? this.code;
  }
}

export function queueDoesNotExist(): SqsError {
  return new SqsError('QueueDoesNotExist', 'The specified queue does not exist.');
}

/** @param reason - a sentence without its full stop */
export function invalidValue(parameter: string, value: unknown, reason: string): SqsError {
  return invalid(`Value ${String(value)} for parameter ${parameter} is invalid. Reason: ${reason}.`);
}

export function invalid(message: string): SqsError {
  return new SqsError('InvalidParameterValue', message);
}

export function missing(parameter: string): SqsError {
  return new SqsError('MissingParameter', `The request must contain the parameter ${parameter}.`);
}

export function notImplemented(what: string): SqsError {
  return new SqsError('NotImplemented', `The SQS on this machine does not know ${what}.`, 501);
}
