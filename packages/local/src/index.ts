/**
 * AWS on this machine: its services on loopback, and a player of the template that is deployed. No Docker, no account.
 *
 * @module
 */
export { startDynamoDb } from './dynamodb/start.ts';
export type { LocalDynamoDb, LocalDynamoDbClientConfig, StartDynamoDbOptions } from './dynamodb/start.ts';
export type { LocalClientConfig } from './service/client.ts';
export { serveHttpApi } from './gateway/handler.ts';
export type { HttpApiHandler, LocalHttpApi, ServeHttpApiOptions } from './gateway/handler.ts';
export { startAws } from './aws/start.ts';
export type { LocalAws, StartAwsOptions } from './aws/start.ts';
export { assertStrict, LaxServer } from './aws/strict.ts';
export type { StrictOptions } from './aws/strict.ts';
export { startS3 } from './s3/start.ts';
export type { LocalS3, LocalS3ClientConfig, StartS3Options } from './s3/start.ts';
export { startSns } from './sns/start.ts';
export type { LocalSns, LocalSnsClientConfig, LocalTopic, StartSnsOptions } from './sns/start.ts';
export type { DeadLetter } from './sqs/service.ts';
export { startSqs } from './sqs/start.ts';
export type { LocalSqs, LocalSqsClientConfig, StartSqsOptions } from './sqs/start.ts';
export type { LocalQueue, MessageToSend, QueuedMessage } from './sqs/view.ts';
export { manualClock, runningClock, systemClock } from './clock/clock.ts';
export type { Clock, MovableClock } from './clock/clock.ts';
export type { LocalS3Record, S3EventName, S3Notification } from './s3/notification.ts';
export type { NotificationTarget } from './s3/notification-targets.ts';
export { readTemplate } from './template/read.ts';
export type { ReadTemplateOptions } from './template/read.ts';
export type * from './template/app.ts';
export type { DynamoDbFront } from './dynamodb/front.ts';
export { bundleSource } from './function/index.ts';
export type {
  Bundle,
  BundleSourceOptions,
  FunctionAnswer,
  FunctionFailure,
  FunctionResult,
  LogLine,
  ReportedError,
  SourceProblem,
} from './function/index.ts';
export { startKinesis } from './kinesis/index.ts';
export type { LocalKinesis, LocalKinesisClientConfig, StartKinesisOptions } from './kinesis/index.ts';
export { servePage } from './page/index.ts';
export type { LocalPage, ServePageOptions } from './page/index.ts';
export { playTemplate, TemplateFault } from './runner/index.ts';
export type {
  InvocationStart,
  Journal,
  JournalChange,
  JournalEntry,
  JournalNote,
  LocalApp,
  PlayOptions,
} from './runner/index.ts';
export { startSes } from './ses/index.ts';
export type {
  LocalSes,
  LocalSesClientConfig,
  MailAttachment,
  SentMail,
  StartSesOptions,
} from './ses/index.ts';
