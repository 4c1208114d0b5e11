/**
 * Realistic Lambda events, a Lambda context with a clock, and one HTTP request as all five sources. Works with any
 * test runner.
 *
 * @module
 */
export { type AnswerContext, readAnswer, type TestResponse } from './answer/read.ts';
export { AnswerRefused } from './answer/refused.ts';
export { type Clock, type ManualClock, manualClock, systemClock } from './clock.ts';
export { lambdaContext, type LambdaContextOptions } from './context.ts';
export { albHealthCheck } from './http/alb.ts';
export { type CognitoEvent, cognitoEvent, type CognitoOccasion } from './cognito/event.ts';
export { type EventBridgeEntry, eventBridgeEvent } from './eventbridge/event.ts';
export { httpEvent } from './http/event.ts';
export type { AuthorizerStatement, Claims, HttpRequest, IamIdentity } from './http/request.ts';
export {
  type FunctionUrlEvent,
  type HttpApiEvent,
  type HttpEvents,
  type HttpSource,
  httpSources,
} from './http/source.ts';
export { type AnyHandler, invoke } from './invoke.ts';
export { type CapturedLogs, captureLogs } from './logs.ts';
export { type BoundRequest, request, requestAs, type RequestOptions } from './request.ts';
export { frozen } from './unchanged.ts';
export type { SqsAttributeValue } from './sqs/attributes.ts';
export { snsEnvelope, type SnsPublication } from './sqs/envelope.ts';
export { sqsEvent, type SqsMessage, type SqsQueue } from './sqs/event.ts';
export { kinesisAggregate, type KinesisUserRecord } from './stream/aggregate.ts';
export { dynamoStreamEvent, type DynamoStreamEventOptions, type ItemChange } from './stream/dynamodb.ts';
export { kinesisEvent, type KinesisEventOptions, type KinesisEventRecord } from './stream/kinesis.ts';
export { decimal, type DecimalText, type ItemValue, type TestItem } from './stream/marshalled.ts';
export type { TestWindow } from './stream/window.ts';
export { scheduledEvent, type ScheduledRule, schedulerEvent, type SchedulerOccasion } from './cron/event.ts';
export { s3BridgeEvent } from './s3/bridge.ts';
export { encodedKey, s3Event, s3TestEvent, type S3TestNotification } from './s3/event.ts';
export type { S3Bucket, S3EventObject } from './s3/object.ts';
export { type Publication, publication, snsEvent } from './sns/event.ts';
