/**
 * What Lambda tells an on-failure destination of records it has given up.
 *
 * @module
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 */

/** Which records were given up: they are not in it, only where they lie. */
export interface LostBatch {
  readonly shardId: string;
  /** Sequence number of the first record. */
  readonly startSequenceNumber: string;
  /** Sequence number of the last record. */
  readonly endSequenceNumber: string;
  /** When the first of them came, an ISO date. */
  readonly approximateArrivalOfFirstRecord: string;
  /** When the last of them came, an ISO date. */
  readonly approximateArrivalOfLastRecord: string;
  /** How many they are. */
  readonly batchSize: number;
  readonly streamArn: string;
}

interface FailureBase {
  readonly requestContext: {
    readonly requestId: string;
    readonly functionArn: string;
    /** Why they were given up, such as `RetryAttemptsExhausted` or `RecordAgeExceeded`. */
    readonly condition: string;
    readonly approximateInvokeCount: number;
  };
  /** Absent where the function was not reached. */
  readonly responseContext?: {
    readonly statusCode: number;
    readonly executedVersion: string;
    readonly functionError?: string;
  };
  readonly version: string;
  /** When they were given up, an ISO date. */
  readonly timestamp: string;
  /** The event as JSON; only in S3 destinations. */
  readonly payload?: string;
}

/** Records of a DynamoDB stream were given up. */
export interface DynamoDbStreamFailure extends FailureBase {
  readonly DDBStreamBatchInfo: LostBatch;
}

/** Records of a Kinesis stream were given up. */
export interface KinesisStreamFailure extends FailureBase {
  readonly KinesisBatchInfo: LostBatch;
}

/** What Lambda sends to an on-failure destination of a stream. */
export type StreamFailure = DynamoDbStreamFailure | KinesisStreamFailure;

/**
 * Reads what an on-failure destination was sent: the body of an SQS message, the text of an SNS message or of an S3
 * object, an SNS envelope in SQS, or any of them parsed.
 *
 * @returns what Lambda sent, known to have what {@link LostBatch} promises
 * @throws TypeError where it is something else
 * @example
 * export const handler = sqsHandler({}, async ({ message }) => {
 *   const { records } = await lostRecords(parseStreamFailure(message));
 *   await reports.attach(records);
 * });
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
export function parseStreamFailure(message: unknown): StreamFailure {
  const value = typeof message === 'string' ? jsonOf(message) : message;
  if (isObject(value) && value['Type'] === 'Notification') return parseStreamFailure(value['Message']);
  if (!isObject(value) || !isObject(value['requestContext'])) throw foreign(value);
  const batch: unknown = value['DDBStreamBatchInfo'] ?? value['KinesisBatchInfo'];
  if (!isObject(batch)) throw foreign(value);
  for (const name of ['shardId', 'startSequenceNumber', 'endSequenceNumber', 'streamArn'])
    if (typeof batch[name] !== 'string' || batch[name] === '')
      throw new TypeError(`The record of a failed stream batch has no ${name}`);
  for (const name of ['startSequenceNumber', 'endSequenceNumber'])
    if (!/^\d+$/.test(String(batch[name])))
      throw new TypeError(`The record of a failed stream batch has a ${name} that is no number`);
  return value as unknown as StreamFailure; // looked at above, as far as anything hangs on it
}

/** The batch that a failure is about. */
export function lostBatchOf(failure: StreamFailure): LostBatch {
  return 'DDBStreamBatchInfo' in failure ? failure.DDBStreamBatchInfo : failure.KinesisBatchInfo;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // told as foreign
  }
}

function foreign(value: unknown): TypeError {
  const keys = isObject(value) ? `the keys ${Object.keys(value).join(', ') || '(none)'}` : typeof value;
  return new TypeError(
    `Expected what Lambda sends for a failed stream batch, with requestContext and DDBStreamBatchInfo or KinesisBatchInfo; got ${keys}`,
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
