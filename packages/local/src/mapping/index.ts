/**
 * How events come to functions, by Lambda's own rules: queues and streams are polled, the rest is invoked
 * asynchronously.
 *
 * @module
 */
export { asynchronous } from './asynchronous.ts';
export type { Asynchronous } from './asynchronous.ts';
export { serviceCall } from './call.ts';
export type { ServiceCall } from './call.ts';
export { tableReader } from './dynamodb.ts';
export { eventBus } from './eventbridge.ts';
export type { BusEvent, EventBus } from './eventbridge.ts';
export type { Deliver, Invoke, Invoked, Listening, Tell } from './invoke.ts';
export { kinesisReader } from './kinesis.ts';
export { isNotified } from './s3.ts';
export { scheduleMapping } from './schedule.ts';
export type { ScheduleMapping } from './schedule.ts';
export { queueMapping } from './sqs.ts';
export { streamMapping } from './stream.ts';
export type { Checkpoints } from './stream.ts';
