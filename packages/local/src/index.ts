/**
 * AWS on this machine: a DynamoDB API, and an HTTP API in front of a Lambda handler. No Docker, no account.
 *
 * @module
 */
export { startDynamoDb } from './dynamodb/start.ts';
export type { LocalDynamoDb, LocalDynamoDbClientConfig, StartDynamoDbOptions } from './dynamodb/start.ts';
export { serveHttpApi } from './gateway/handler.ts';
export type { HttpApiHandler, LocalHttpApi, ServeHttpApiOptions } from './gateway/handler.ts';
export { assertStrict, LaxServer } from './aws/strict.ts';
export type { StrictOptions } from './aws/strict.ts';
export { startS3 } from './s3/start.ts';
export type { LocalS3, LocalS3ClientConfig, StartS3Options } from './s3/start.ts';
export { startSns } from './sns/start.ts';
export type { LocalSns, LocalSnsClientConfig, LocalTopic, StartSnsOptions } from './sns/start.ts';
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
