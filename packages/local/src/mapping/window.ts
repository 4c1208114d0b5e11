/**
 * Tumbling windows: the state a function hands on from batch to batch, and the invocation that ends a window.
 *
 * @module
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-windows.html
 */
import { windowState } from './answer.ts';
import type { EventOf, ShardRecord, ShardOptions } from './shard.ts';
import { processBatch } from './shard.ts';

/** Bytes of a state, as JSON. */
const STATE_LIMIT = 1024 * 1024;

export interface Windows {
  /** Takes records on, window by window. Gives false where the signal aborted first. */
  take(records: readonly ShardRecord[]): Promise<boolean>;
  /** Ends the open window if its time is over. */
  endIfOver(): Promise<void>;
}

/** The windows of one shard. */
export function tumblingWindows(options: ShardOptions): Windows {
  const { trigger, clock } = options;
  const length = trigger.tumblingWindow * 1000;
  let open: { readonly start: number; state: unknown } | undefined;

  const eventOf =
    (start: number, isFinal: boolean): EventOf =>
    (records) => ({
      Records: records.map(({ record }) => record),
      window: { start: new Date(start).toISOString(), end: new Date(start + length).toISOString() },
      state: open?.state ?? {},
      shardId: options.shardId,
      eventSourceARN: trigger.source,
      isFinalInvokeForWindow: isFinal,
      isWindowTerminatedEarly: false,
    });

  const end = async (): Promise<void> => {
    if (open === undefined) return;
    const { start } = open;
    await options.invoke({
      function: trigger.function,
      trigger: {
        type: trigger.type,
        id: trigger.id,
        summary: `end of the window of ${new Date(start).toISOString()}`,
      },
      event: eventOf(start, true)([]),
      traces: [],
      attempt: 1,
    });
    open = undefined;
  };

  return {
    async take(records) {
      for (const [start, group] of byWindow(records, length)) {
        // Windows follow one another.
        // oxlint-disable-next-line no-await-in-loop
        if (open !== undefined && open.start !== start) await end();
        open ??= { start, state: {} };
        const current = open;
        // oxlint-disable-next-line no-await-in-loop
        const isBehind = await processBatch(options, group, eventOf(start, false), (result) => {
          current.state = withinLimit(windowState(result));
        });
        if (!isBehind) return false;
      }
      return true;
    },
    async endIfOver() {
      if (open !== undefined && clock.now() >= open.start + length) await end();
    },
  };
}

/** Records in order, as runs of one window. */
function byWindow(records: readonly ShardRecord[], length: number): [number, ShardRecord[]][] {
  const groups: [number, ShardRecord[]][] = [];
  for (const record of records) {
    const start = Math.floor(record.arrivedAt / length) * length;
    const last = groups.at(-1);
    if (last?.[0] === start) last[1].push(record);
    else groups.push([start, [record]]);
  }
  return groups;
}

function withinLimit(state: unknown): unknown {
  return Buffer.byteLength(JSON.stringify(state)) > STATE_LIMIT ? {} : state;
}
