import type { Place } from './place.ts';

/** What every trigger of a function has. */
interface Trigger {
  /** Logical id of the function it invokes. */
  readonly function: string;
  /** Logical id of the event in the template; after its function's where another function has one of that name. */
  readonly id: string;
  readonly place: Place;
  readonly enabled: boolean;
}

export type AppTrigger =
  | BucketTrigger
  | QueueTrigger
  | TableTrigger
  | StreamTrigger
  | TopicTrigger
  | ScheduleTrigger
  | EventTrigger;

export interface BucketTrigger extends Trigger {
  readonly type: 's3';
  /** Logical id of the bucket. */
  readonly bucket: string;
  readonly events: readonly string[];
  readonly prefix?: string;
  readonly suffix?: string;
}

export interface QueueTrigger extends Trigger {
  readonly type: 'sqs';
  /** ARN of the queue. */
  readonly source: string;
  readonly batchSize: number;
  /** Seconds. */
  readonly window: number;
  readonly reportFailures: boolean;
  readonly maximumConcurrency?: number;
  readonly filters: readonly string[];
}

interface PolledShards extends Trigger {
  readonly source: string;
  readonly startingPosition: 'LATEST' | 'TRIM_HORIZON' | 'AT_TIMESTAMP';
  readonly batchSize: number;
  /** Seconds. */
  readonly window: number;
  readonly parallelization: number;
  readonly bisect: boolean;
  /** -1 for as long as the record lives. */
  readonly maximumRetries: number;
  /** Seconds; -1 for as long as the record lives. */
  readonly maximumAge: number;
  readonly reportFailures: boolean;
  /** Seconds of a tumbling window, 0 for none. */
  readonly tumblingWindow: number;
  readonly onFailure?: string;
  readonly filters: readonly string[];
}

export interface TableTrigger extends PolledShards {
  readonly type: 'dynamodb';
}

export interface StreamTrigger extends PolledShards {
  readonly type: 'kinesis';
}

export interface TopicTrigger extends Trigger {
  readonly type: 'sns';
  readonly source: string;
  /** As JSON. */
  readonly filterPolicy?: string;
  readonly filterScope: 'MessageAttributes' | 'MessageBody';
}

/** What a rule hands on instead of the event: nothing, or one of these. */
export interface RuleInput {
  /** As JSON; Scheduler's has its placeholders still in it. */
  readonly input?: string;
  /** Such as `$.detail`. */
  readonly inputPath?: string;
  readonly inputTransformer?: InputTransformer;
}

/** What a rule makes of an event before it hands it on. */
export interface InputTransformer {
  /** Paths into the event, by the names of variables. */
  readonly paths: Readonly<Record<string, string>>;
  /** JSON with `<variable>` in it. */
  readonly template: string;
}

export interface ScheduleTrigger extends Trigger, RuleInput {
  readonly type: 'schedule';
  /** A rule sends its own event; EventBridge Scheduler sends the input alone. */
  readonly by: 'rule' | 'scheduler';
  readonly name: string;
  readonly arn: string;
  /** `cron(…)`, `rate(…)` or `at(…)`. */
  readonly expression: string;
  /** IANA name, Scheduler only. */
  readonly timezone: string;
  /** Tries after the first, Scheduler only. */
  readonly retries: number;
  readonly deadLetterArn?: string;
}

export interface EventTrigger extends Trigger, RuleInput {
  readonly type: 'eventbridge';
  readonly bus: string;
  readonly name: string;
  readonly arn: string;
  /** The pattern, as parsed JSON. */
  readonly pattern: unknown;
  readonly retries: number;
  readonly deadLetterArn?: string;
}
