import type { Checkpoints } from '../mapping/index.ts';
/**
 * How far streams have been read, kept between runs.
 *
 * @module
 */
import { openLedger } from '../service/ledger.ts';

export interface CheckpointStore {
  readonly of: (trigger: string) => Checkpoints;
  readonly close: () => void;
}

/** @param folder - undefined keeps them in memory */
export function openCheckpoints(folder: string | undefined): CheckpointStore {
  const places = new Map<string, string>();
  const ledger = openLedger<readonly [string, string]>({
    folder,
    name: 'checkpoints',
    replay: ([shard, sequenceNumber]) => places.set(shard, sequenceNumber),
    snapshot: () => places,
  });
  return {
    of: (trigger) => ({
      get: (shardId) => places.get(`${trigger}/${shardId}`),
      set(shardId, sequenceNumber) {
        ledger.append([[`${trigger}/${shardId}`, sequenceNumber]]);
        places.set(`${trigger}/${shardId}`, sequenceNumber);
      },
    }),
    close: () => ledger.close(),
  };
}
