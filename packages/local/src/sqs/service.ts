/**
 * What every operation works on, and how queues are named.
 *
 * @module
 */
import type { ReceiveAttempts } from './attempts.ts';
import { queueDoesNotExist, SqsError } from './errors.ts';
import { requiredText } from './input.ts';
import type { Input } from './input.ts';
import type { Queue } from './queue.ts';
import type { Store } from './store.ts';
import type { MoveTasks } from './tasks.ts';
import type { LongPolls } from './wait.ts';

export interface SqsService {
  readonly store: Store;
  readonly polls: LongPolls;
  readonly attempts: ReceiveAttempts;
  readonly tasks: MoveTasks;
  readonly region: string;
  /** 12 digits. */
  readonly accountId: string;
  /** Where it listens. */
  endpoint(): string;
  /** Hears of each message that moves to a dead-letter queue. */
  readonly onDeadLetter?: (moved: DeadLetter) => void;
}

/** A message that was received too often. */
export interface DeadLetter {
  readonly messageId: string;
  readonly body: string;
  /** Names of queues. */
  readonly from: string;
  readonly to: string;
  /** The X-Ray header it was sent with. */
  readonly trace: string | undefined;
}

/** Who asks. */
export interface Caller {
  /** The X-Ray header of the request. */
  readonly trace: string | undefined;
  /** Calls back where the client goes away before it has its answer. */
  onGone(callback: () => void): void;
}

/** One operation of the API. */
export interface Operation {
  /** The parameters it knows. Others are refused by name, never ignored. */
  readonly parameters: readonly string[];
  /**
   * @throws SqsError where the request is refused
   */
  readonly run: (service: SqsService, input: Input, caller: Caller) => object | Promise<object>;
}

export type Operations = Readonly<Record<string, Operation>>;

type Naming = Pick<SqsService, 'accountId' | 'region'>;

export function arnOf({ region, accountId }: Naming, name: string): string {
  return `arn:aws:sqs:${region}:${accountId}:${name}`;
}

export function urlOf(
  { endpoint, accountId }: Pick<SqsService, 'endpoint' | 'accountId'>,
  name: string,
): string {
  return `${endpoint()}/${accountId}/${name}`;
}

/** @returns undefined where the ARN is none of a queue here */
export function nameOfArn(naming: Naming, arn: string): string | undefined {
  const start = arnOf(naming, '');
  return arn.startsWith(start) ? arn.slice(start.length) : undefined;
}

/**
 * The queue a request names by its URL. The host in it does not matter: the port may be another since it was made.
 *
 * @throws SqsError where there is none
 */
export function queueOf(service: SqsService, input: Input): Queue {
  const url = requiredText(input, 'QueueUrl');
  const [, accountId, name] = /\/(\d{12})\/([\w.-]+)\/?$/u.exec(url) ?? [];
  if (accountId === undefined || name === undefined) {
    throw new SqsError('InvalidAddress', `The address ${url} is not valid for this endpoint.`);
  }
  if (accountId !== service.accountId) throw queueDoesNotExist();
  return service.store.queue(name);
}
