import type { Finding, Place } from './place.ts';
import type { AppTrigger } from './trigger.ts';

export type * from './place.ts';
export type * from './trigger.ts';

/**
 * An application as its template declares it: plain data, references resolved, nothing started.
 * The reader of templates makes it, the runner plays it, the page draws it.
 */
export interface App {
  /** The stack's name. */
  readonly name: string;
  /** Absolute path of the template. */
  readonly file: string;
  readonly region: string;
  readonly accountId: string;
  readonly functions: readonly AppFunction[];
  readonly tables: readonly AppTable[];
  readonly buckets: readonly AppBucket[];
  readonly queues: readonly AppQueue[];
  readonly topics: readonly AppTopic[];
  /** Kinesis data streams. */
  readonly streams: readonly AppStream[];
  readonly gateways: readonly AppGateway[];
  readonly triggers: readonly AppTrigger[];
  readonly outputs: Readonly<Record<string, string>>;
  /** What the reader does not know or had to leave out, in the order of the file. */
  readonly findings: readonly Finding[];
}

/** What everything declared has. */
export interface Declared {
  /** Logical id in the template. */
  readonly id: string;
  /** Physical name on the embedded AWS. */
  readonly name: string;
  readonly arn: string;
  readonly place: Place;
}

/** A function, and where its source is. */
export interface AppFunction extends Declared {
  /** Absolute folder of the code. */
  readonly folder: string;
  /** Absolute file of the source that holds the handler, TypeScript where there is one. */
  readonly source: string;
  /** Name of the export that is the handler. */
  readonly exported: string;
  readonly runtime: string;
  /** Seconds. */
  readonly timeout: number;
  /** MB. */
  readonly memory: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Its versions and aliases: all of them are the function as it is. */
  readonly qualifiers?: readonly string[];
  readonly reservedConcurrency?: number;
  /** What happens to asynchronous invocations that fail for good, and how often they are tried again. */
  readonly asynchronous: {
    /** 0 to 2. */
    readonly retries: number;
    /** Seconds. */
    readonly maximumAge: number;
    readonly onSuccess?: string;
    readonly onFailure?: string;
    readonly deadLetterArn?: string;
  };
}

export interface AppTable extends Declared {
  /** What CreateTable takes: keys, attributes, indexes, billing, stream. */
  readonly create: Readonly<Record<string, unknown>>;
  /** Name of the attribute that holds the second an item expires at. */
  readonly expiresBy?: string;
  /** Set where the table has a stream. Its last part stands in for the label that DynamoDB makes of the time. */
  readonly streamArn?: string;
}

export interface AppBucket extends Declared {
  readonly versioned: boolean;
  /** Notifications to queues, topics and the event bus; those to functions are triggers. */
  readonly notifications: readonly BucketNotification[];
  /** Whether events go to EventBridge too. */
  readonly eventBridge: boolean;
  /** What PutBucketPolicy, PutBucketCors and PutBucketLifecycleConfiguration take, as declared. */
  readonly policy?: unknown;
  readonly cors?: unknown;
  readonly lifecycle?: unknown;
}

export interface BucketNotification {
  /** Such as `s3:ObjectCreated:*`. */
  readonly events: readonly string[];
  readonly prefix?: string;
  readonly suffix?: string;
  /** ARN of a queue, a topic or a function. */
  readonly target: string;
}

export interface AppQueue extends Declared {
  readonly url: string;
  /** What CreateQueue takes as attributes, `RedrivePolicy` among them. */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface AppTopic extends Declared {
  readonly attributes: Readonly<Record<string, string>>;
  readonly subscriptions: readonly {
    readonly protocol: string;
    readonly endpoint: string;
    readonly attributes: Readonly<Record<string, string>>;
    readonly place: Place;
  }[];
}

export interface AppStream extends Declared {
  readonly shards: number;
}

/** A front door for HTTP. Its routes are in the order in which the template has them. */
export interface AppGateway extends Declared {
  readonly kind: 'http-api' | 'rest-api' | 'function-url' | 'alb';
  readonly stage: string;
  readonly routes: readonly AppRoute[];
  /** CORS configured on the gateway itself. */
  readonly cors?: GatewayCors;
  readonly binaryMediaTypes: readonly string[];
  /** Multi-value headers of an ALB target group. */
  readonly multiValueHeaders?: boolean;
  /** `RESPONSE_STREAM` of a Function URL or REST API. */
  readonly streams?: boolean;
}

export interface AppRoute {
  /** `ANY` for every method; `$default` for what no route takes. */
  readonly method: string;
  /** With `{name}` and `{name+}`; of a load balancer a pattern with `*` and `?`. */
  readonly path: string;
  /** Logical id of the function. */
  readonly function: string;
  readonly payloadVersion: '1.0' | '2.0';
  readonly authorizer?: RouteAuthorizer;
  /** Of a REST API: whether a request needs an API key. */
  readonly needsKey?: true;
  /** Milliseconds the gateway waits. */
  readonly timeout: number;
  readonly place: Place;
}

export interface RouteAuthorizer {
  readonly name: string;
  readonly kind: 'jwt' | 'iam' | 'lambda' | 'cognito';
  readonly scopes?: readonly string[];
  /** Logical id of the function of a Lambda authorizer. */
  readonly function?: string;
  /** A Lambda authorizer gets one token, or the whole request. */
  readonly gets?: 'token' | 'request';
  /** Of the event a Lambda authorizer of an HTTP API gets, and with 2.0 of its simple answer. */
  readonly payloadVersion?: '1.0' | '2.0';
  /** Names of the headers that must be there, lower-case; `authorization` if nothing is declared. */
  readonly identityHeaders?: readonly string[];
}

export interface GatewayCors {
  readonly origins: readonly string[];
  readonly methods: readonly string[];
  readonly headers: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly credentials: boolean;
  /** Seconds. */
  readonly maxAge?: number;
}
