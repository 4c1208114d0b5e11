/**
 * Following the shards of a stream, parents before their children.
 *
 * @module
 */
import { systemClock } from '../clock/clock.ts';
import type { Listening } from './invoke.ts';
import { anyPattern } from './pattern.ts';
import { pause } from './pause.ts';
import { lanes, processBatch } from './shard.ts';
import type { ShardOptions, ShardRecord } from './shard.ts';
import { tumblingWindows } from './window.ts';
import type { Windows } from './window.ts';

/** How a kind of stream is read. */
export interface StreamReader {
  /** All shards there are now. */
  shards(): Promise<readonly Shard[]>;
  /** An iterator behind a checkpoint, at the first record there is, or where the mapping wants reading to start. */
  iterator(shardId: string, from: Place): Promise<string>;
  /** Up to so many records; `next` is undefined at the end of a closed shard. */
  read(iterator: string, limit: number): Promise<Read>;
  /** Whether an error means that the iterator has to be made anew. */
  isExpired(error: unknown): boolean;
}

export interface Read {
  readonly records: readonly ShardRecord[];
  readonly next: string | undefined;
}

/** Where in a shard reading goes on. */
export type Place = { readonly after: string } | 'first record' | 'starting position';

export interface Shard {
  readonly id: string;
  readonly parents: readonly string[];
}

/** Where reading goes on after a restart. */
export interface Checkpoints {
  get(shardId: string): string | undefined;
  set(shardId: string, sequenceNumber: string): void;
}

export interface StreamMappingOptions extends Omit<ShardOptions, 'shardId' | 'signal'> {
  readonly reader: StreamReader;
  readonly checkpoints?: Checkpoints;
  /** Milliseconds between looks at a shard that has nothing new. Default: 100. */
  readonly interval?: number;
}

/** Milliseconds between looks at which shards there are. */
const SHARDS_MS = 1_000;

/** Milliseconds until the next try where the stream does not answer. */
const PAUSE_MS = 500;

export interface StreamMapping extends Listening {
  /** Resolves when it would miss nothing that is put from now on, or could not find out where it stands. */
  readonly ready: Promise<void>;
}

/** Follows a stream and invokes the function with its records. */
export function streamMapping(options: StreamMappingOptions): StreamMapping {
  const { trigger, reader, tell, interval = 100 } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const checkpoints = options.checkpoints ?? inMemory();
  const isWanted = anyPattern(trigger.filters);
  const running = new Map<string, Promise<void>>();
  const finished = new Set<string>();
  let gathering = 0;

  const placeIn = (shardId: string, isLate: boolean): Place => {
    const after = checkpoints.get(shardId);
    if (after !== undefined) return { after };
    // What came up while the stream was followed is news from its first record on.
    return isLate ? 'first record' : 'starting position';
  };

  const followShard = async (reading: Reading): Promise<void> => {
    const { shardId, windows } = reading;
    const take = async (records: readonly ShardRecord[]): Promise<boolean> => {
      if (windows !== undefined) return windows.take(records);
      const behind = await Promise.all(
        lanes(records, trigger.parallelization).map((lane) => processBatch(reading, lane)),
      );
      return behind.every(Boolean);
    };

    // A shard is read from one iterator to the next.
    // oxlint-disable no-await-in-loop
    reading.iterator ??= await reader.iterator(shardId, placeIn(shardId, reading.isLate));
    reading.placed();
    while (!signal.aborted) {
      const first = await reader.read(reading.iterator, trigger.batchSize);
      gathering += 1;
      const { records, next } = await gather(first, options, signal).finally(() => (gathering -= 1));
      const wanted = records.filter(({ record }) => isWanted(record));
      if (wanted.length > 0 && !(await take(wanted))) return;
      const last = records.at(-1);
      if (last !== undefined) checkpoints.set(shardId, last.sequenceNumber);
      await windows?.endIfOver();
      if (next === undefined) {
        finished.add(shardId);
        return;
      }
      reading.iterator = next;
      if (records.length === 0) await pause(systemClock, interval, signal);
    }
    // oxlint-enable no-await-in-loop
  };

  const keepFollowing = async (shardId: string, isLate: boolean, placed: () => void): Promise<void> => {
    const shard: ShardOptions = { ...options, shardId, signal };
    // Of the shard, not of the reader: an iterator that has to be made anew ends no window.
    const windows = trigger.tumblingWindow > 0 ? tumblingWindows(shard) : undefined;
    const reading: Reading = { ...shard, windows, isLate, placed, iterator: undefined };
    while (!signal.aborted && !finished.has(shardId)) {
      try {
        // Only one reader a shard.
        // oxlint-disable-next-line no-await-in-loop
        await followShard(reading);
      } catch (error) {
        if (reader.isExpired(error)) reading.iterator = undefined;
        else tell({ kind: 'warning', text: `${trigger.id}: ${messageOf(error)}`, traces: [] });
        placed();
        // oxlint-disable-next-line no-await-in-loop
        await pause(systemClock, PAUSE_MS, signal);
      }
    }
    placed();
  };

  const watch = async (begun: () => void): Promise<void> => {
    for (let isLate = false; !signal.aborted; isLate = true) {
      // oxlint-disable no-await-in-loop
      const shards = await reader.shards().catch((error: unknown) => {
        tell({ kind: 'warning', text: `${trigger.id}: ${messageOf(error)}`, traces: [] });
        return [];
      });
      const known = new Set(shards.map(({ id }) => id));
      const placing: Promise<void>[] = [];
      for (const { id, parents } of shards) {
        const isReady = parents.every((parent) => finished.has(parent) || !known.has(parent));
        if (isReady && !running.has(id))
          placing.push(new Promise((placed) => running.set(id, keepFollowing(id, isLate, placed))));
      }
      if (!isLate) void Promise.all(placing).then(begun);
      await pause(systemClock, SHARDS_MS, signal);
      // oxlint-enable no-await-in-loop
    }
  };

  const { promise: ready, resolve: begun } = Promise.withResolvers<void>();
  const watching = watch(begun);
  return {
    ready,
    gathering: () => gathering,
    async stop() {
      stopping.abort();
      await watching;
      await Promise.all(running.values());
    },
  };
}

/** A shard that is being read. */
interface Reading extends ShardOptions {
  readonly windows: Windows | undefined;
  /** Whether it came up after the mapping had started. */
  readonly isLate: boolean;
  /** Called when it is known where reading starts. */
  readonly placed: () => void;
  /** Where reading stands. */
  iterator: string | undefined;
}

/** Reads on until the batch is full, the window for batching is over, or without one not at all. */
async function gather(
  first: Read,
  { reader, trigger, clock, interval = 100 }: StreamMappingOptions,
  signal: AbortSignal,
): Promise<Read> {
  const records = [...first.records];
  let { next } = first;
  const end = clock.now() + trigger.window * 1000;
  const isOpen = (): boolean =>
    records.length > 0 && records.length < trigger.batchSize && clock.now() < end && !signal.aborted;
  // oxlint-disable no-await-in-loop
  while (next !== undefined && isOpen()) {
    await pause(systemClock, Math.min(interval, end - clock.now()), signal);
    const more = await reader.read(next, trigger.batchSize - records.length);
    records.push(...more.records);
    next = more.next;
  }
  // oxlint-enable no-await-in-loop
  return { records, next };
}

function inMemory(): Checkpoints {
  const places = new Map<string, string>();
  return {
    get: (shardId) => places.get(shardId),
    set: (shardId, sequenceNumber) => void places.set(shardId, sequenceNumber),
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
