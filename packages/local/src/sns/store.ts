/**
 * All topics and subscriptions. What is acknowledged is on disk first.
 *
 * @module
 */
import type { Clock } from '../clock/clock.ts';
import { openLedger } from '../service/ledger.ts';
import { notFound } from './errors.ts';

/** Milliseconds for which a FIFO topic knows a message again. */
const DEDUPLICATION_MS = 300_000;

const FIRST_SEQUENCE = 10_000_000_000_000_000_000n;
const SEQUENCE_STEP = 1_000n;

export interface Topic {
  readonly name: string;
  readonly arn: string;
  /** What was set; what was not has its default. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

export type Protocol = 'sqs' | 'lambda' | 'http' | 'https';

export interface Subscription {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: Protocol;
  /** ARN of a queue or a function, or a URL. */
  readonly endpoint: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Set until an HTTP endpoint has confirmed it. */
  readonly token?: string;
}

/** A message that was taken before, and what was said about it then. */
export interface Remembered {
  readonly key: string;
  readonly id: string;
  readonly sequence: string;
  readonly at: number;
}

export type Change =
  | { readonly did: 'topic'; readonly topic: Topic }
  | { readonly did: 'delete topic'; readonly arn: string }
  | { readonly did: 'subscription'; readonly subscription: Subscription }
  | { readonly did: 'unsubscribe'; readonly arn: string }
  | { readonly did: 'remember'; readonly seen: Remembered };

export interface Store {
  readonly clock: Clock;
  /** In the order in which they were made. */
  readonly topics: ReadonlyMap<string, Topic>;
  readonly subscriptions: ReadonlyMap<string, Subscription>;
  /** @throws SnsError where there is none */
  topic(arn: string): Topic;
  /** @throws SnsError where there is none */
  subscription(arn: string): Subscription;
  of(topicArn: string): readonly Subscription[];
  remembered(key: string): Remembered | undefined;
  /** Sequence numbers grow, over all topics and restarts. */
  nextSequence(): string;
  /** Keeps changes and makes them, all or none. */
  commit(changes: readonly Change[]): void;
  close(): void;
}

export function openStore(clock: Clock, folder: string | undefined): Store {
  const topics = new Map<string, Topic>();
  const subscriptions = new Map<string, Subscription>();
  const seen = new Map<string, Remembered>();
  let sequence = FIRST_SEQUENCE;

  const apply = (change: Change): void => {
    switch (change.did) {
      case 'topic':
        topics.set(change.topic.arn, change.topic);
        break;
      case 'delete topic':
        topics.delete(change.arn);
        for (const { arn, topicArn } of subscriptions.values()) {
          if (topicArn === change.arn) subscriptions.delete(arn);
        }
        break;
      case 'subscription':
        subscriptions.set(change.subscription.arn, change.subscription);
        break;
      case 'unsubscribe':
        subscriptions.delete(change.arn);
        break;
      case 'remember': {
        seen.set(change.seen.key, change.seen);
        const number = BigInt(change.seen.sequence);
        if (number > sequence) sequence = number;
        break;
      }
    }
  };
  function* snapshot(): Generator<Change> {
    for (const topic of topics.values()) yield { did: 'topic', topic };
    for (const subscription of subscriptions.values()) yield { did: 'subscription', subscription };
    for (const memory of seen.values()) yield { did: 'remember', seen: memory };
  }

  const ledger = openLedger<Change>({ folder, name: 'sns', replay: apply, snapshot });
  return {
    clock,
    topics,
    subscriptions,
    topic(arn) {
      const topic = topics.get(arn);
      if (topic === undefined) throw notFound('Topic');
      return topic;
    },
    subscription(arn) {
      const subscription = subscriptions.get(arn);
      if (subscription === undefined) throw notFound('Subscription');
      return subscription;
    },
    of: (topicArn) =>
      [...subscriptions.values()].filter((subscription) => subscription.topicArn === topicArn),
    remembered(key) {
      const end = clock.now() - DEDUPLICATION_MS;
      for (const { key: old, at } of seen.values()) {
        if (at > end) break;
        seen.delete(old);
      }
      return seen.get(key);
    },
    nextSequence: () => String((sequence += SEQUENCE_STEP)),
    commit(changes) {
      ledger.append(changes);
      for (const change of changes) apply(change);
    },
    close: () => ledger.close(),
  };
}
