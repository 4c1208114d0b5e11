/**
 * Which errors pass.
 *
 * @module
 */

/** Names of errors after which the same request may succeed, beside those of throttling and of the network. */
const PASSING = new Set([
  // Two conditional requests for one key at a time. The SDK makes one try of each of these four.
  'ConditionalRequestConflict',
  'TransactionConflictException',
  'TransactionInProgressException',
  'OperationAborted',
  // Bytes that were damaged or cut on their way: the checksum was made where they were whole.
  'BadDigest',
  'IncompleteBody',
  'XAmzContentChecksumMismatch',
  'XAmzContentSHA256Mismatch',
  'RequestTimeout',
  'RequestTimeoutException',
  'TimeoutError',
  'InternalError',
  'InternalServerError',
  'SlowDown',
  'ServiceUnavailable',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingException',
  'Throttling',
  'ThrottledException',
  'LimitExceededException',
  'ReplicatedWriteConflictException',
]);

/** Codes of Node's network errors. */
const NETWORK = /^(?:ECONN|EPIPE|ETIMEDOUT|EAI_AGAIN|ENOTFOUND|EHOSTUNREACH|ENETUNREACH|UND_ERR)/;

/** Reasons for which DynamoDB cancels a transaction that may succeed the next time. */
const PASSING_REASONS = new Set([
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
  'RequestLimitExceeded',
]);

/** Why an item of a transaction was refused, as `TransactWriteItems` tells it. */
export interface CancellationReason {
  readonly Code?: string;
  readonly Item?: object;
}

/** The reasons of a cancelled transaction, one for each item; `undefined` for any other error. */
export function cancellationReasons(error: unknown): readonly CancellationReason[] | undefined {
  if (!isNamed(error) || error.name !== 'TransactionCanceledException') return undefined;
  const reasons: unknown = Reflect.get(error, 'CancellationReasons');
  return Array.isArray(reasons) ? (reasons as readonly CancellationReason[]) : []; // as the API documents them
}

/** Tells whether the same request may succeed later. A condition that did not hold never passes. */
export function isTransient(error: unknown): boolean {
  if (!isNamed(error)) return false;
  const reasons = cancellationReasons(error);
  if (reasons !== undefined) return arePassing(reasons);
  if (PASSING.has(error.name)) return true;
  const code: unknown = Reflect.get(error, 'code');
  if (typeof code === 'string' && NETWORK.test(code)) return true;
  return (statusOf(error) ?? 0) >= 500;
}

/**
 * Reasons stand in the order of the transaction, record first. One that passes says nothing of its item: what is said
 * of those behind it may be different once that item is looked at. A row that stands in the way, say, is no conflict
 * where the record says that this very write has made it.
 */
function arePassing(reasons: readonly CancellationReason[]): boolean {
  const first = reasons.find(({ Code }) => Code !== undefined && Code !== 'None');
  return PASSING_REASONS.has(first?.Code ?? '');
}

/** The HTTP status an SDK error came with. */
export function statusOf(error: unknown): number | undefined {
  return metadataOf(error)?.httpStatusCode;
}

/** How often the SDK sent the request before it gave up. */
export function triesOf(error: unknown): number {
  return metadataOf(error)?.attempts ?? 1;
}

function metadataOf(error: unknown): { httpStatusCode?: number; attempts?: number } | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  return (error as { $metadata?: { httpStatusCode?: number; attempts?: number } }).$metadata; // of every SDK error
}

/** The name of an error, `''` for what is none. */
export function errorName(error: unknown): string {
  return isNamed(error) ? error.name : '';
}

function isNamed(error: unknown): error is Error {
  return error instanceof Error;
}
