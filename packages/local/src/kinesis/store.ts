/**
 * Streams, their shards and records.
 *
 * @module
 */
import { createHash } from 'node:crypto';

import type { Clock } from '../clock/clock.ts';
import { openLedger } from '../service/ledger.ts';
import { invalidArgument, KinesisError } from './errors.ts';

/** Hours that records are kept. */
const RETENTION_MS = 24 * 3_600_000;

/** Hash keys are 128 bits. */
const HASH_KEYS = 2n ** 128n;

export interface KinesisRecord {
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  /** Base64, as it travels. */
  readonly data: string;
  /** Milliseconds since 1970. */
  readonly arrivedAt: number;
}

export interface KinesisShard {
  readonly id: string;
  readonly from: bigint;
  readonly to: bigint;
  /** Sequence number that is before every record. */
  readonly startsAt: string;
  readonly records: KinesisRecord[];
}

export interface KinesisStream {
  readonly name: string;
  readonly createdAt: number;
  readonly shards: readonly KinesisShard[];
}

type Change =
  | { readonly type: 'create'; readonly name: string; readonly shards: number; readonly at: number }
  | { readonly type: 'delete'; readonly name: string }
  | { readonly type: 'put'; readonly stream: string; readonly shard: number; readonly record: KinesisRecord };

export interface KinesisStore {
  names(): string[];
  /** @throws KinesisError where there is none */
  stream(name: string): KinesisStream;
  create(name: string, shards: number): void;
  delete(name: string): void;
  /** Puts records that belong together, and gives where each went. */
  put(
    name: string,
    entries: readonly {
      readonly partitionKey: string;
      readonly data: string;
      readonly hashKey: bigint | undefined;
    }[],
  ): { readonly shardId: string; readonly sequenceNumber: string }[];
  close(): void;
}

/** @param folder - keeps everything between runs; undefined: memory */
export function openStore(clock: Pick<Clock, 'now'>, folder: string | undefined): KinesisStore {
  const streams = new Map<string, KinesisStream>();
  let counter = 0n;

  const apply = (change: Change): void => {
    if (change.type === 'create') {
      streams.set(change.name, newStream(change.name, change.shards, change.at));
    } else if (change.type === 'delete') {
      streams.delete(change.name);
    } else {
      streams.get(change.stream)?.shards[change.shard]?.records.push(change.record);
      const number = counterOf(change.record.sequenceNumber);
      if (number >= counter) counter = number + 1n;
    }
  };
  const ledger = openLedger<Change>({
    folder,
    name: 'kinesis',
    replay: apply,
    snapshot: () => snapshot(streams),
  });
  const change = (changes: readonly Change[]): void => {
    ledger.append(changes);
    for (const one of changes) apply(one);
  };
  const find = (name: string): KinesisStream => {
    const stream = streams.get(name);
    if (stream === undefined)
      throw new KinesisError(
        'ResourceNotFoundException',
        `Stream ${name} under account 000000000000 not found.`,
      );
    for (const { records } of stream.shards) dropOld(records, clock.now() - RETENTION_MS);
    return stream;
  };

  return {
    names: () => [...streams.keys()].toSorted(),
    stream: find,
    create(name, shards) {
      if (streams.has(name))
        throw new KinesisError(
          'ResourceInUseException',
          `Stream ${name} under account 000000000000 already exists.`,
        );
      change([{ type: 'create', name, shards, at: clock.now() }]);
    },
    delete(name) {
      find(name);
      change([{ type: 'delete', name }]);
    },
    put(name, entries) {
      const stream = find(name);
      const changes = entries.map(({ partitionKey, data, hashKey }, index) => {
        const hash = hashKey ?? hashOf(partitionKey);
        const shard = stream.shards.findIndex(({ from, to }) => hash >= from && hash <= to);
        if (shard < 0) throw invalidArgument(`Invalid ExplicitHashKey: ${hash}`);
        const sequenceNumber = sequenceNumberOf(shard, counter + BigInt(index));
        const record = { sequenceNumber, partitionKey, data, arrivedAt: clock.now() };
        return { type: 'put' as const, stream: name, shard, record };
      });
      change(changes);
      return changes.map(({ shard, record }) => ({
        shardId: shardId(shard),
        sequenceNumber: record.sequenceNumber,
      }));
    },
    close: () => ledger.close(),
  };
}

function newStream(name: string, count: number, createdAt: number): KinesisStream {
  const size = HASH_KEYS / BigInt(count);
  const shards = Array.from({ length: count }, (_, index) => ({
    id: shardId(index),
    from: size * BigInt(index),
    to: index === count - 1 ? HASH_KEYS - 1n : size * BigInt(index + 1) - 1n,
    startsAt: sequenceNumberOf(index, 0n),
    records: [],
  }));
  return { name, createdAt, shards };
}

function shardId(index: number): string {
  return `shardId-${String(index).padStart(12, '0')}`;
}

/** 56 digits that rise, and differ between shards, as AWS's do. */
function sequenceNumberOf(shard: number, counter: bigint): string {
  return `496${String(counter).padStart(45, '0')}${String(shard).padStart(8, '0')}`;
}

function counterOf(sequenceNumber: string): bigint {
  return BigInt(sequenceNumber.slice(3, 48));
}

function hashOf(partitionKey: string): bigint {
  return BigInt(`0x${createHash('md5').update(partitionKey).digest('hex')}`);
}

function dropOld(records: KinesisRecord[], before: number): void {
  let old = 0;
  while ((records[old]?.arrivedAt ?? Number.POSITIVE_INFINITY) < before) old += 1;
  if (old > 0) records.splice(0, old);
}

function* snapshot(streams: ReadonlyMap<string, KinesisStream>): Generator<Change> {
  for (const { name, shards, createdAt } of streams.values()) {
    yield { type: 'create', name, shards: shards.length, at: createdAt };
    for (const [shard, { records }] of shards.entries())
      for (const record of records) yield { type: 'put', stream: name, shard, record };
  }
}
