/**
 * The end of an invocation's log, as Lambda gives it to whoever asks.
 *
 * @module
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_ResponseSyntax
 */
import type { LogLine } from '../function/function.ts';

/** What an invocation left behind beside its answer. */
export interface Logged {
  readonly requestId: string;
  readonly logs: readonly LogLine[];
  /** MB that the function has. */
  readonly memory: number;
  /** Milliseconds. */
  readonly duration: number;
  readonly initDuration?: number;
  /** MB. */
  readonly memoryUsed: number;
}

/** Bytes of it that are given. */
const TAIL = 4096;

/** The last 4 KB, with the lines that Lambda writes round those of the function. */
export function logTail({ requestId, logs, memory, duration, initDuration, memoryUsed }: Logged): Buffer {
  const report = [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${duration.toFixed(2)} ms`,
    `Billed Duration: ${Math.ceil(duration + (initDuration ?? 0))} ms`,
    `Memory Size: ${memory} MB`,
    `Max Memory Used: ${Math.ceil(memoryUsed)} MB`,
    ...(initDuration === undefined ? [] : [`Init Duration: ${initDuration.toFixed(2)} ms`]),
  ].join('\t');
  const lines = [
    `START RequestId: ${requestId} Version: $LATEST`,
    ...logs.map(({ text }) => text.replace(/\n$/u, '')),
    `END RequestId: ${requestId}`,
    report,
  ];
  return Buffer.from(`${lines.join('\n')}\n`).subarray(-TAIL);
}
