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
import { anyPattern } from './pattern.ts';
import { pause } from './pause.ts';

/** Batches that run side by side where the template sets no bound; Lambda starts with five pollers. */
const POLLERS = 5;

/** Seconds of a long poll. */
const LONG_POLL = 20;

/** Milliseconds until the next try where the queue does not answer. */
const PAUSE_MS = 500;

/** Bytes of all messages of a batch, as JSON. */
const BATCH_BYTES = 6 * 1024 * 1024;

export interface QueueMappingOptions {
  readonly trigger: QueueTrigger;
  readonly queueUrl: string;
  readonly region: string;
  readonly sqs: ServiceCall;
  readonly invoke: Invoke;
  readonly clock: Clock;
  readonly tell: Tell;
}

interface Message {
  readonly id: string;
  readonly receiptHandle: string;
  readonly record: Readonly<Record<string, unknown>>;
  readonly size: number;
  readonly trace: string | undefined;
  readonly attempt: number;
}

/**
 * Polls a queue and invokes the function with batches. What the function has done is deleted; what it has not comes
 * back when its visibility timeout is over, and in the end goes where the queue's redrive policy sends it.
 */
export function queueMapping(options: QueueMappingOptions): Listening {
  const { trigger, sqs, queueUrl, tell } = options;
  const stopping = new AbortController();
  const isWanted = anyPattern(trigger.filters);

  const remove = async (messages: readonly Message[]): Promise<void> => {
    for (let start = 0; start < messages.length; start += 10) {
      const entries = messages
        .slice(start, start + 10)
        .map(({ receiptHandle }, index) => ({ Id: String(index), ReceiptHandle: receiptHandle }));
      // One after the other: a queue takes ten at a time.
      // oxlint-disable-next-line no-await-in-loop
      await sqs('DeleteMessageBatch', { QueueUrl: queueUrl, Entries: entries });
    }
  };

  const handle = async (received: readonly Message[]): Promise<void> => {
    const wanted = received.filter(({ record }) => isWanted(filterView(record)));
    const unwanted = received.filter((message) => !wanted.includes(message));
    // What no filter wants is deleted unseen.
    if (unwanted.length > 0) await remove(unwanted);
    if (wanted.length === 0) return;
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
  };

  const poll = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        // A poller takes its next batch when it is done with the last one: the loop is the point.
        // oxlint-disable-next-line no-await-in-loop
        const batch = await gather(options, stopping.signal);
        // oxlint-disable-next-line no-await-in-loop
        if (batch.length > 0) await handle(batch);
      } catch (error) {
        if (!isAborted(stopping.signal))
          tell({ kind: 'warning', text: `${trigger.id}: ${messageOf(error)}`, traces: [] });
        // oxlint-disable-next-line no-await-in-loop
        await pause(systemClock, PAUSE_MS, stopping.signal);
      }
    }
  };

  const pollers = Array.from({ length: Math.min(trigger.maximumConcurrency ?? POLLERS, POLLERS) }, poll);
  return {
    async stop() {
      stopping.abort();
      await Promise.all(pollers);
    },
  };
}

/** Receives until the batch is full, the window is over, or without a window: what one receive gives. */
async function gather(
  { trigger, clock, sqs, queueUrl, region }: QueueMappingOptions,
  signal: AbortSignal,
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
  const end = clock.now() + trigger.window * 1000;
  while (batch.length > 0 && batch.length < trigger.batchSize && sizeOf(batch) < BATCH_BYTES) {
    const left = Math.ceil((end - clock.now()) / 1000);
    if (left <= 0 || signal.aborted) break;
    // The next receive waits for what is left of the window: one after the other.
    // oxlint-disable-next-line no-await-in-loop
    const more = await receive(trigger.batchSize - batch.length, Math.min(left, 1));
    batch.push(...more);
  }
  return batch;
}

/** A message as the event has it: lower-case names, empty lists where the API has none. */
function readMessage(message: Record<string, unknown>, source: string, region: string): Message {
  const attributes = isRecord(message['Attributes']) ? message['Attributes'] : {};
  const own = isRecord(message['MessageAttributes']) ? message['MessageAttributes'] : {};
  const trace = attributes['AWSTraceHeader'];
  const record = {
    messageId: message['MessageId'],
    receiptHandle: message['ReceiptHandle'],
    body: message['Body'],
    attributes,
    messageAttributes: Object.fromEntries(
      Object.entries(own).map(([name, value]) => [name, attributeOf(value)]),
    ),
    ...(message['MD5OfMessageAttributes'] !== undefined && {
      md5OfMessageAttributes: message['MD5OfMessageAttributes'],
    }),
    md5OfBody: message['MD5OfBody'],
    eventSource: 'aws:sqs',
    eventSourceARN: source,
    awsRegion: region,
  };
  return {
    id: String(message['MessageId']),
    receiptHandle: String(message['ReceiptHandle']),
    record,
    size: JSON.stringify(record).length,
    trace: typeof trace === 'string' ? trace : undefined,
    attempt: Number(attributes['ApproximateReceiveCount'] ?? 1),
  };
}

function attributeOf(value: unknown): object {
  const { StringValue, BinaryValue, DataType } = isRecord(value) ? value : {};
  return {
    ...(StringValue !== undefined && { stringValue: StringValue }),
    ...(BinaryValue !== undefined && { binaryValue: BinaryValue }),
    stringListValues: [],
    binaryListValues: [],
    dataType: DataType,
  };
}

/** A filter looks into a body that is JSON, and at any other as text. */
function filterView(record: Readonly<Record<string, unknown>>): unknown {
  const { body } = record;
  if (typeof body !== 'string') return record;
  try {
    return { ...record, body: JSON.parse(body) as unknown };
  } catch {
    return record;
  }
}

function summaryOf(messages: readonly Message[], source: string): string {
  const queue = source.split(':').at(-1) ?? source;
  return `${messages.length} ${messages.length === 1 ? 'message' : 'messages'} of ${queue}`;
}

function sizeOf(batch: readonly Message[]): number {
  return batch.reduce((sum, { size }) => sum + size, 0);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Read anew: what a loop has tested may have changed since. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
