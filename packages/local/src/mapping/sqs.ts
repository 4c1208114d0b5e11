/**
 * An SQS queue as the source of a function's events.
 *
 * @module
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 */
import { systemClock } from '../clock/clock.ts';
import type { Clock } from '../clock/clock.ts';
import type { QueueTrigger } from '../template/app.ts';
import { batchFailures, isRecord } from './answer.ts';
import type { ServiceCall } from './call.ts';
import type { Invoke, Listening, Tell } from './invoke.ts';
import { filterView, inEvents, isFull, readMessage } from './message.ts';
import type { Message } from './message.ts';
import { anyPattern } from './pattern.ts';
import { pause } from './pause.ts';

/** Lambda starts with five batches side by side, and goes back to them. */
const FIRST_POLLERS = 5;

/** Where the template sets no bound, there are as many in the end as a function has environments here. */
const MOST_POLLERS = 10;

/** Seconds of a long poll. */
const LONG_POLL = 20;

/** Milliseconds until the next try where the queue does not answer. */
const PAUSE_MS = 500;

export interface QueueMappingOptions {
  readonly trigger: QueueTrigger;
  readonly queueUrl: string;
  readonly region: string;
  readonly sqs: ServiceCall;
  readonly invoke: Invoke;
  readonly clock: Clock;
  readonly tell: Tell;
}

/**
 * Polls a queue and invokes the function with batches. What the function has done is deleted; what it has not comes
 * back when its visibility timeout is over, and in the end goes where the queue's redrive policy sends it.
 */
export function queueMapping(options: QueueMappingOptions): Listening {
  const { trigger, sqs, queueUrl, tell } = options;
  const stopping = new AbortController();
  const isWanted = anyPattern(trigger.filters);
  const isFifo = trigger.source.endsWith('.fifo');
  const most = trigger.maximumConcurrency ?? MOST_POLLERS;
  const fewest = Math.min(most, FIRST_POLLERS);
  const underWay = new Set<Promise<void>>();
  let pollers = 0;
  let gathering = 0;
  /** Pollers whose batch is with the function. */
  let busy = 0;

  const remove = async (messages: readonly Message[]): Promise<void> => {
    for (let start = 0; start < messages.length; start += 10) {
      const entries = messages
        .slice(start, start + 10)
        .map(({ receiptHandle }, index) => ({ Id: String(index), ReceiptHandle: receiptHandle }));
      // One after the other: a queue takes ten at a time.
      // oxlint-disable-next-line no-await-in-loop
      const { Failed: failed } = await sqs('DeleteMessageBatch', { QueueUrl: queueUrl, Entries: entries });
      if (Array.isArray(failed) && failed.length > 0) tellKept(failed);
    }
  };
  const tellKept = (failed: readonly unknown[]): void => {
    const [first] = failed;
    const why = isRecord(first) ? String(first['Message']) : '';
    const what = failed.length === 1 ? '1 message' : `${failed.length} messages`;
    tell({ kind: 'warning', text: `${trigger.id}: ${what} done but not deleted: ${why}`, traces: [] });
  };

  /** Gives whether all of it is done. */
  const handle = async (wanted: readonly Message[]): Promise<boolean> => {
    const result = await options.invoke({
      function: trigger.function,
      trigger: { type: 'sqs', id: trigger.id, summary: summaryOf(wanted, trigger.source) },
      event: { Records: wanted.map(({ record }) => record) },
      traces: wanted.flatMap(({ trace }) => (trace === undefined ? [] : [trace])),
      attempt: Math.max(...wanted.map(({ attempt }) => attempt)),
    });
    const ids = new Set(wanted.map(({ id }) => id));
    const failures = batchFailures(result, ids, trigger.reportFailures);
    if (failures !== 'all') await remove(wanted.filter(({ id }) => !failures.has(id)));
    return failures !== 'all' && failures.size === 0;
  };

  const take = async (received: readonly Message[]): Promise<void> => {
    const wanted = received.filter(({ record }) => isWanted(filterView(record)));
    const unwanted = received.filter((message) => !wanted.includes(message));
    // What no filter wants is deleted unseen.
    if (unwanted.length > 0) await remove(unwanted);
    for (const part of inEvents(wanted)) {
      // In a FIFO queue what failed holds up what comes after it.
      // oxlint-disable-next-line no-await-in-loop
      if (!(await handle(part)) && isFifo) return;
    }
  };

  const poll = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        // A poller takes its next batch when it is done with the last one: the loop is the point.
        // oxlint-disable-next-line no-await-in-loop
        const batch = await gather(options, stopping.signal, () => (gathering += 1));
        // One that was added finds nothing more to do.
        if (batch.length === 0 && pollers > fewest) break;
        if (batch.length > 0) gathering -= 1;
        // oxlint-disable-next-line no-await-in-loop
        if (batch.length > 0) await run(batch);
      } catch (error) {
        if (!isAborted(stopping.signal))
          tell({ kind: 'warning', text: `${trigger.id}: ${messageOf(error)}`, traces: [] });
        // oxlint-disable-next-line no-await-in-loop
        await pause(systemClock, PAUSE_MS, stopping.signal);
      }
    }
    pollers -= 1;
  };
  const run = async (batch: readonly Message[]): Promise<void> => {
    busy += 1;
    // There may be more messages than the pollers that are here can take.
    if (busy === pollers && busy < most) start();
    try {
      await take(batch);
    } finally {
      busy -= 1;
    }
  };
  const start = (): void => {
    if (isAborted(stopping.signal)) return;
    pollers += 1;
    const poller = poll().finally(() => underWay.delete(poller));
    underWay.add(poller);
  };

  for (let count = 0; count < fewest; count += 1) start();
  return {
    gathering: () => gathering,
    async stop() {
      stopping.abort();
      await Promise.all(underWay);
    },
  };
}

/**
 * Receives until the batch is full, the window is over, or without a window: what one receive gives.
 *
 * @param onFirst - told where there is something to gather
 */
async function gather(
  { trigger, clock, sqs, queueUrl, region, tell }: QueueMappingOptions,
  signal: AbortSignal,
  onFirst: () => void,
): Promise<Message[]> {
  const receive = async (most: number, seconds: number): Promise<Message[]> => {
    const answer = await sqs(
      'ReceiveMessage',
      {
        QueueUrl: queueUrl,
        MaxNumberOfMessages: Math.min(10, most),
        WaitTimeSeconds: seconds,
        AttributeNames: ['All'],
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      },
      signal,
    );
    const messages = Array.isArray(answer['Messages']) ? answer['Messages'] : [];
    return messages.filter(isRecord).map((message) => readMessage(message, trigger.source, region));
  };

  const batch = await receive(trigger.batchSize, LONG_POLL);
  if (batch.length > 0) onFirst();
  const end = clock.now() + trigger.window * 1000;
  try {
    while (batch.length > 0 && batch.length < trigger.batchSize && !isFull(batch)) {
      const left = Math.ceil((end - clock.now()) / 1000);
      if (left <= 0 || signal.aborted) break;
      // The next receive waits for what is left of the window: one after the other.
      // oxlint-disable-next-line no-await-in-loop
      const more = await receive(trigger.batchSize - batch.length, Math.min(left, 1));
      batch.push(...more);
    }
  } catch (error) {
    // What is here was received, and counts as such: it is run.
    if (!isAborted(signal)) tell({ kind: 'warning', text: `${trigger.id}: ${messageOf(error)}`, traces: [] });
  }
  return batch;
}

function summaryOf(messages: readonly Message[], source: string): string {
  const queue = source.split(':').at(-1) ?? source;
  return `${messages.length} ${messages.length === 1 ? 'message' : 'messages'} of ${queue}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Read anew: what a loop has tested may have changed since. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
