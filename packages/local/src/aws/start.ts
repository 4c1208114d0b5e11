/**
 * All of AWS that is here, started together.
 *
 * @module
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { systemClock } from '../clock/clock.ts';
import type { Clock } from '../clock/clock.ts';
import { hiddenAddress } from '../dynamodb/address.ts';
import { dynamoDbFront } from '../dynamodb/front.ts';
import type { DynamoDbFront } from '../dynamodb/front.ts';
import { startDynamoDb } from '../dynamodb/start.ts';
import { startKinesis } from '../kinesis/index.ts';
import type { LocalKinesis } from '../kinesis/index.ts';
import type { S3Notification } from '../s3/notification.ts';
import { startS3 } from '../s3/start.ts';
import type { LocalS3 } from '../s3/start.ts';
import { startSes } from '../ses/index.ts';
import type { LocalSes, SentMail } from '../ses/index.ts';
import { startSns } from '../sns/start.ts';
import type { LocalSns } from '../sns/start.ts';
import type { DeadLetter } from '../sqs/service.ts';
import { startSqs } from '../sqs/start.ts';
import type { LocalSqs } from '../sqs/start.ts';
import { closeAll } from './close.ts';

/** The account that everything here belongs to. */
const LOCAL_ACCOUNT = '000000000000';

const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };

export interface StartAwsOptions {
  /** Folder that keeps everything between runs; made where it is not there. Default: memory. */
  folder?: string;
  /** The time by which delays, schedules and expiry run out. Default: the real one. */
  clock?: Clock;
  /** Default: `us-east-1`. */
  region?: string;
  /** Buckets to make, as far as they are not there. */
  buckets?: readonly string[];
  /** Told of each change to an object. */
  onObject?: (notification: S3Notification) => void;
  /** Told of each message that was received too often. */
  onDeadLetter?: (moved: DeadLetter) => void;
  /** Told of each mail. */
  onMail?: (mail: SentMail) => void;
  /** Invokes the function that a topic is subscribed with. */
  onLambda?: (arn: string, event: object, trace: string | undefined) => Promise<void> | void;
  /** Told what no client is told. Default: a warning of the process. */
  onProblem?: (problem: string) => void;
}

/** Endpoints, and what clients need to reach them and nothing else. */
export interface LocalAws extends AsyncDisposable {
  readonly region: string;
  readonly accountId: string;
  readonly dynamodb: DynamoDbFront;
  readonly s3: LocalS3;
  readonly sqs: LocalSqs;
  readonly sns: LocalSns;
  readonly ses: LocalSes;
  readonly kinesis: LocalKinesis;
  /** Region and credentials, for `new XClient({ ...clientConfig, endpoint })`. */
  readonly clientConfig: {
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  /**
   * Environment variables that send every SDK client here: credentials, region and `AWS_ENDPOINT_URL_…`. SQS clients
   * go where the queue's URL says, which is here for queues made here.
   */
  readonly environment: Readonly<Record<string, string>>;
  /** Ends all of it. May be called more than once. */
  close(): Promise<void>;
}

/**
 * Starts DynamoDB, S3, SQS, SNS, SES and Kinesis on loopback, each on a free port.
 *
 * @returns endpoints and SDK configuration, looks into queues and mails, and the way to end it
 * @throws Error where one does not start; what had started is ended then
 * @example
 * await using aws = await startAws({ buckets: ['photos'] });
 * const s3 = new S3Client(aws.s3.clientConfig);
 * const dynamodb = new DynamoDBClient({ ...aws.clientConfig, endpoint: aws.dynamodb.endpoint });
 */
export async function startAws(options: StartAwsOptions = {}): Promise<LocalAws> {
  const { region = 'us-east-1', clock = systemClock, folder } = options;
  const onProblem = options.onProblem ?? ((problem: string) => process.emitWarning(problem));
  if (folder !== undefined) mkdirSync(folder, { recursive: true });
  const common = { region, clock, ...(folder !== undefined && { folder }) };
  const account = { accountId: LOCAL_ACCOUNT };

  const database = startDynamoDb({
    host: hiddenAddress(),
    ...(folder !== undefined && { dataFile: join(folder, 'dynamodb.db') }),
  });
  const sqsStarting = startSqs({
    ...common,
    ...account,
    ...(options.onDeadLetter !== undefined && { onDeadLetter: options.onDeadLetter }),
  });
  const fronting = database.then((server) =>
    dynamoDbFront({ server: server.endpoint, region, clock, onProblem }),
  );
  const s3Starting = startS3({
    region,
    now: () => clock.now(),
    ...(folder !== undefined && { folder: join(folder, 's3') }),
    ...(options.buckets !== undefined && { buckets: options.buckets }),
    ...(options.onObject !== undefined && { onEvent: options.onObject }),
  });
  const snsStarting = sqsStarting.then((sqs) =>
    startSns({
      ...common,
      ...account,
      sqs,
      ...(options.onLambda !== undefined && { onLambda: options.onLambda }),
    }),
  );
  const sesStarting = startSes({
    region,
    clock,
    ...(options.onMail !== undefined && { onMail: options.onMail }),
  });
  const kinesisStarting = startKinesis({ ...common, ...account });
  await allOrNone([
    snsStarting,
    sqsStarting,
    s3Starting,
    sesStarting,
    kinesisStarting,
    fronting,
    database.then((server) => ({ close: () => server.stop() })),
  ]);
  const [server, dynamodb, s3, sqs, sns, ses, kinesis] = await Promise.all([
    database,
    fronting,
    s3Starting,
    sqsStarting,
    snsStarting,
    sesStarting,
    kinesisStarting,
  ]);
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> =>
    (closed ??= closeAll([sns, sqs, s3, ses, kinesis, dynamodb, { close: () => server.stop() }]));
  return {
    region,
    accountId: LOCAL_ACCOUNT,
    dynamodb,
    s3,
    sqs,
    sns,
    ses,
    kinesis,
    clientConfig: { region, credentials: CREDENTIALS },
    environment: {
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
      AWS_ENDPOINT_URL_DYNAMODB: dynamodb.endpoint,
      AWS_ENDPOINT_URL_DYNAMODB_STREAMS: dynamodb.endpoint,
      AWS_ENDPOINT_URL_S3: s3.endpoint,
      AWS_ENDPOINT_URL_SQS: sqs.endpoint,
      AWS_ENDPOINT_URL_SNS: sns.endpoint,
      AWS_ENDPOINT_URL_SESV2: ses.endpoint,
      AWS_ENDPOINT_URL_KINESIS: kinesis.endpoint,
      // Whatever is not here must not reach AWS with a developer's own credentials, nor wait for a metadata service.
      AWS_EC2_METADATA_DISABLED: 'true',
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Waits for all; where one fails, ends those that started. */
async function allOrNone(starting: readonly Promise<{ close(): Promise<void> }>[]): Promise<void> {
  const settled = await Promise.allSettled(starting);
  const failed = settled.find((one) => one.status === 'rejected');
  if (failed === undefined) return;
  await closeAll(settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])));
  throw failed.reason;
}
