/**
 * Asynchronous invocation: two retries, then a destination or a dead-letter queue.
 *
 * @module
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
import type { Clock } from '../clock/clock.ts';
import type { AppFunction } from '../template/app.ts';
import type { Deliver, Invoke, Invoked, Listening, Tell, TriggeredInvocation } from './invoke.ts';
import { pause } from './pause.ts';

/** Minutes between the tries of a function that throws. */
const RETRY_MINUTES = [1, 2] as const;

/** Milliseconds until the next try of a function that is throttled, which does not count as a try. */
const THROTTLED_MS = 1_000;

export interface AsynchronousOptions {
  readonly invoke: Invoke;
  readonly deliver: Deliver;
  readonly clock: Clock;
  readonly tell: Tell;
  /** Milliseconds between tries instead of Lambda's one and two minutes, for people who do not want to wait. */
  readonly retryDelay?: number;
}

/** Takes events for functions and sees to it that they are run, tried again or put aside. */
export interface Asynchronous extends Listening {
  /** Resolves when the event is done with, however it ended: a caller need not wait. */
  readonly accept: (
    declared: AppFunction,
    invocation: Omit<TriggeredInvocation, 'attempt' | 'function'>,
  ) => Promise<void>;
  /** How many events are under way. */
  readonly pending: () => number;
}

export function asynchronous(options: AsynchronousOptions): Asynchronous {
  const { invoke, clock, tell } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const underWay = new Set<Promise<void>>();

  const run = async (
    declared: AppFunction,
    invocation: Omit<TriggeredInvocation, 'attempt' | 'function'>,
  ): Promise<void> => {
    const acceptedAt = clock.now();
    const isTooOld = (): boolean => clock.now() - acceptedAt > declared.asynchronous.maximumAge * 1000;
    let attempt = 1;
    // Each try depends on the one before.
    // oxlint-disable no-await-in-loop
    while (!signal.aborted) {
      const result = await invoke({ ...invocation, function: declared.id, attempt });
      if (result.ok) {
        await put(declared.asynchronous.onSuccess, declared, invocation, result, 'Success', attempt);
        return;
      }
      const isThrottled = result.reason === 'throttled';
      const isLast = !isThrottled && attempt > declared.asynchronous.retries;
      if (isLast || isTooOld()) {
        await giveUp(declared, invocation, result, isLast ? 'RetriesExhausted' : 'EventAgeExceeded', attempt);
        return;
      }
      await pause(clock, isThrottled ? THROTTLED_MS : delay(attempt), signal);
      if (!isThrottled) attempt += 1;
    }
    // oxlint-enable no-await-in-loop
    // Lambda would keep it.
    const text = `${declared.id}: event of ${invocation.trigger.id} lost before try ${attempt}: the app was ended`;
    tell({ kind: 'dropped', text, traces: invocation.traces });
  };

  const delay = (attempt: number): number => options.retryDelay ?? (RETRY_MINUTES[attempt - 1] ?? 2) * 60_000;

  const giveUp = async (
    declared: AppFunction,
    invocation: Omit<TriggeredInvocation, 'attempt' | 'function'>,
    result: Invoked,
    condition: string,
    attempt: number,
  ): Promise<void> => {
    const { onFailure, deadLetterArn } = declared.asynchronous;
    const { traces } = invocation;
    // Either gets it, whatever becomes of the other.
    const [one, other] = await Promise.allSettled([
      put(onFailure, declared, invocation, result, condition, attempt),
      deadLetterArn === undefined
        ? undefined
        : options.deliver(deadLetterArn, invocation.event, traces, attributesOf(result)),
    ]);
    if (one.status === 'rejected') throw one.reason;
    if (other.status === 'rejected') throw other.reason;
    const kept = onFailure ?? deadLetterArn;
    tell(
      kept === undefined
        ? {
            kind: 'dropped',
            text: `${declared.id}: event of ${invocation.trigger.id} lost after ${attempt} tries`,
            traces,
          }
        : {
            kind: 'dead-letter',
            text: `${declared.id}: event of ${invocation.trigger.id} put aside after ${attempt} tries`,
            traces,
          },
    );
  };

  const put = async (
    arn: string | undefined,
    declared: AppFunction,
    invocation: Omit<TriggeredInvocation, 'attempt' | 'function'>,
    result: Invoked,
    condition: string,
    attempt: number,
  ): Promise<void> => {
    if (arn === undefined) return;
    await options.deliver(
      arn,
      {
        version: '1.0',
        timestamp: new Date(clock.now()).toISOString(),
        requestContext: {
          requestId: result.requestId,
          functionArn: `${declared.arn}:$LATEST`,
          condition,
          approximateInvokeCount: attempt,
        },
        requestPayload: invocation.event,
        responseContext: {
          statusCode: 200,
          executedVersion: '$LATEST',
          ...(!result.ok && { functionError: 'Unhandled' }),
        },
        responsePayload: result.ok ? payloadOf(result.payload) : result.error,
      },
      invocation.traces,
    );
  };

  return {
    accept(declared, invocation) {
      const work = run(declared, invocation)
        .catch((error: unknown) => {
          const text = `${declared.id}: ${error instanceof Error ? error.message : String(error)}`;
          tell({ kind: 'warning', text, traces: invocation.traces });
        })
        .finally(() => underWay.delete(work));
      underWay.add(work);
      return work;
    },
    pending: () => underWay.size,
    async stop() {
      stopping.abort();
      await Promise.all(underWay);
    },
  };
}

/** What a dead-letter queue is told of why: the error's first kilobyte. */
function attributesOf(result: Invoked): Record<string, string | number> {
  const message = result.ok ? '' : result.error.errorMessage;
  // A message's attribute cannot be empty.
  const text = Buffer.from(message === '' ? 'Unknown' : message)
    .subarray(0, 1024)
    .toString('utf8');
  return { RequestID: result.requestId, ErrorCode: 200, ErrorMessage: text.replace(/\uFFFD$/u, '') };
}

function payloadOf(payload: string | Uint8Array): unknown {
  return typeof payload === 'string'
    ? (JSON.parse(payload) as unknown)
    : Buffer.from(payload).toString('utf8');
}
