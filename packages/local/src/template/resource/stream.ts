/**
 * Kinesis data streams.
 *
 * @module
 */
import type { Draft } from '../draft.ts';
import type { Resource } from '../stack.ts';

/** What an on-demand stream starts with. */
const ON_DEMAND_SHARDS = 4;

export function readStream(resource: Resource, draft: Draft): void {
  const section = draft.stack.section(resource);
  section.ignore(
    'DesiredShardLevelMetrics',
    'Name',
    'RetentionPeriodHours',
    'StreamEncryption',
    'Tags',
    'MaxRecordSizeInKiB',
  );
  const mode = section.section('StreamModeDetails')?.text('StreamMode', { of: ['ON_DEMAND', 'PROVISIONED'] });
  const shards = section.integer('ShardCount', { least: 1, most: 20_000 });
  if (shards === undefined && mode === 'PROVISIONED' && !section.has('ShardCount'))
    section.error(undefined, '"ShardCount" is missing');
  draft.streams.push({
    ...draft.declare(resource),
    shards: shards ?? (mode === 'ON_DEMAND' ? ON_DEMAND_SHARDS : 1),
  });
  section.close();
}
