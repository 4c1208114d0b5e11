/**
 * Tumbling windows: the state a function hands on from batch to batch, and the invocation that ends a window.
 *
 * @module
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-windows.html
 */
import { windowState } from './answer.ts';
import { pause } from './pause.ts';
import type { EventOf, ShardRecord, ShardOptions } from './shard.ts';
import { pauseAfter, processBatch } from './shard.ts';

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
  const { trigger, clock, tell, signal } = options;
  const length = trigger.tumblingWindow * 1000;
  let open: { readonly start: number; state: unknown } | undefined;

  const eventOf =
    (start: number, ending?: 'in time' | 'early'): EventOf =>
    (records) => ({
      Records: records.map(({ record }) => record),
      window: { start: new Date(start).toISOString(), end: new Date(start + length).toISOString() },
      state: open?.state ?? {},
      shardId: options.shardId,
      eventSourceARN: trigger.source,
      isFinalInvokeForWindow: ending !== undefined,
      isWindowTerminatedEarly: ending === 'early',
    });

  /** Gives whether the window is behind us; false where the signal aborted first. */
  const end = async (ending: 'in time' | 'early' = 'in time'): Promise<boolean> => {
    if (open === undefined) return true;
    const { start } = open;
    const name = `the window of ${new Date(start).toISOString()}`;
    // A window counts on its end as on every batch: it is tried again by the mapping's rules.
    // oxlint-disable no-await-in-loop
    for (let retries = 0; ; retries += 1) {
      const result = await options.invoke({
        function: trigger.function,
        trigger: { type: trigger.type, id: trigger.id, summary: `end of ${name}` },
        event: eventOf(start, ending)([]),
        traces: [],
        attempt: retries + 1,
      });
      if (result.ok) break;
      if (trigger.maximumRetries >= 0 && retries >= trigger.maximumRetries) {
        tell({ kind: 'dropped', text: `${trigger.id}: ${name} lost with its state`, traces: [] });
        break;
      }
      await pause(clock, pauseAfter(retries), signal);
      if (signal.aborted) return false;
    }
    // oxlint-enable no-await-in-loop
    open = undefined;
    return true;
  };

  const takeAll = async (records: readonly ShardRecord[]): Promise<boolean> => {
    // Windows follow one another.
    // oxlint-disable no-await-in-loop
    for (const [start, group] of byWindow(records, length)) {
      if (open !== undefined && open.start !== start && !(await end())) return false;
      open ??= { start, state: {} };
      const current = open;
      const isBehind = await processBatch(options, group, eventOf(start), (result) => {
        current.state = windowState(result);
      });
      if (!isBehind) return false;
      if (isTooLarge(current.state) && !(await end('early'))) return false;
    }
    // oxlint-enable no-await-in-loop
    return true;
  };

  return {
    async take(records) {
      const before = open && { ...open };
      try {
        return await takeAll(records);
      } catch (error) {
        // The same records come again, onto the state that they came to.
        open = before;
        throw error;
      }
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

function isTooLarge(state: unknown): boolean {
  return Buffer.byteLength(JSON.stringify(state)) > STATE_LIMIT;
}
