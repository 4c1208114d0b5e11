/**
 * The order of the events of one object, across invocations.
 *
 * @module
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
import type { Invocation } from '../handler/invocation.ts';
import { leaseOf } from '../idempotency/options.ts';
import type { OrderedOutcome, OrderOptions } from '../idempotency/order.ts';
import type { RecordView } from '../records/batch.ts';
import { skipped } from '../records/outcome.ts';
import { positionOf } from './key.ts';
import type { S3Object } from './object.ts';

/** Another event of the same object is being handled. Come back later: the object is free then. */
export class ObjectBusy extends Error {
  override readonly name = 'ObjectBusy';
  /** Milliseconds until the other's time is up, if it does not finish before. */
  readonly retryAfter: number;

  constructor(retryAfter: number) {
    super(
      `Another event of the object is being handled; it is done, or free to be handled, in ${retryAfter} ms`,
    );
    this.retryAfter = retryAfter;
  }
}

/** Runs the work of an object, unless what is newer has been handled. */
type InOrder = (object: S3Object, view: RecordView, run: () => unknown) => unknown;

/**
 * Makes what keeps the order, one for each invocation.
 *
 * @param factory - for messages
 * @throws TypeError naming a wrong option
 */
export function orderGuard(
  factory: string,
  options: OrderOptions | undefined,
): (invocation: Invocation) => InOrder {
  if (options === undefined) return () => (_object, _view, run) => run();
  const { store } = options as Partial<OrderOptions>; // who writes no TypeScript may leave it out
  if (typeof store?.inOrder !== 'function')
    throw new TypeError(`${factory}: ordered: option "store" must be dynamoStore({ tableName })`);
  store.checkOrder(`${factory}: ordered`, options);
  return (invocation) => {
    /** The last of each object in this event: its next record waits here, at no cost, and not at the store. */
    const last = new Map<string, Promise<unknown>>();
    return (object, view, run) => {
      const { sequencer } = object;
      if (sequencer === undefined || isOfVersion(object)) return run();
      const name = `${object.bucket}/${object.key}`;
      const before = last.get(name) ?? Promise.resolve();
      const turn = before.then(() => handle(options, object, sequencer, { invocation, view, run }));
      last.set(
        name,
        turn.catch(() => {}), // its failure is its own
      );
      return turn;
    };
  };
}

/** Removing one version of many says nothing of what is current: the key may hold another. */
function isOfVersion({ kind, eventName, versionId }: S3Object): boolean {
  return kind === 'removed' && versionId !== undefined && eventName.endsWith(':Delete');
}

async function handle(
  { store, ttl, wait, operation }: OrderOptions,
  { bucket, key }: S3Object,
  sequencer: string,
  { invocation, view, run }: { invocation: Invocation; view: RecordView; run: () => unknown },
): Promise<unknown> {
  const outcome: OrderedOutcome<unknown> = await store.inOrder({
    operation: operation ?? `${invocation.context.functionName ?? 'handler'}:s3:order`,
    key: [bucket, key],
    position: positionOf(sequencer),
    ttl,
    wait,
    lease: leaseOf(undefined, invocation.timeLeft), // nothing of an invocation outlives it
    signal: view.signal,
    run,
    warn: (message, fields) => view.logger.warn(message, fields),
  });
  switch (outcome.kind) {
    case 'executed':
      return outcome.value;
    case 'done':
      return skipped('done before');
    case 'outdated':
      return skipped('older than what has been handled');
    case 'busy':
      throw new ObjectBusy(outcome.retryAfter);
    case 'unreachable':
      throw outcome.error;
    default:
      throw new TypeError('every kind has its case');
  }
}
