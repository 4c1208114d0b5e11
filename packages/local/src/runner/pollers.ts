/**
 * Queues and streams that are polled for functions.
 *
 * @module
 */
import type { Agent } from 'node:http';

import { kinesisReader, queueMapping, serviceCall, streamMapping, tableReader } from '../mapping/index.ts';
import type { Listening } from '../mapping/index.ts';
import type { AppFunction, AppTrigger } from '../template/app.ts';
import type { Wiring } from './triggers.ts';

/** What polls; a stream is to be found first. */
export type Poller = Listening & { readonly ready?: Promise<void> };

/** @returns undefined where there is nothing to poll, or nothing that could be */
export function pollerOf(
  trigger: AppTrigger,
  declared: AppFunction,
  { app, aws, resources, invoke, deliver, clock, tell, checkpoints }: Wiring,
  agent: Agent,
): Poller | undefined {
  const { region, accountId } = aws;
  const shared = { invoke, clock, tell };
  if (trigger.type === 'sqs') {
    const sqs = serviceCall('sqs', { endpoint: aws.sqs.endpoint, region, agent });
    const name = trigger.source.split(':').at(-1) ?? '';
    return queueMapping({ ...shared, trigger, region, sqs, queueUrl: aws.sqs.queueUrl(name) });
  }
  const following = {
    ...shared,
    deliver,
    functionArn: declared.arn,
  };
  if (trigger.type === 'dynamodb') {
    const table = app.tables.find(({ streamArn }) => streamArn === trigger.source);
    const streamArn = resources.streams.get(trigger.source);
    if (table === undefined || streamArn === undefined) {
      tell({ kind: 'warning', text: `${trigger.id}: there is no stream ${trigger.source} here`, traces: [] });
      return undefined;
    }
    const reader = tableReader({
      streams: serviceCall('streams', { endpoint: aws.dynamodb.endpoint, region, agent }),
      streamArn,
      sourceArn: trigger.source,
      region,
      clock,
      startingPosition: trigger.startingPosition,
      traceOf: (keys) => aws.dynamodb.traceOf(table.name, keys),
      isExpired: (keys) => aws.dynamodb.isExpired(table.name, keys),
    });
    // A table that was made anew has a stream of its own, in which no earlier place means anything.
    const places = checkpoints(`${trigger.id} ${streamArn}`);
    return streamMapping({ ...following, trigger, reader, checkpoints: places });
  }
  if (trigger.type === 'kinesis') {
    const kinesis = serviceCall('kinesis', { endpoint: aws.kinesis.endpoint, region, agent });
    const streamName = trigger.source.replace(/^.*:stream\//u, '');
    const { startingPosition, source: sourceArn } = trigger;
    const reader = kinesisReader({ kinesis, streamName, sourceArn, region, accountId, startingPosition });
    const places = checkpoints(`${trigger.id} ${sourceArn}`);
    return streamMapping({ ...following, trigger, reader, checkpoints: places });
  }
  return undefined;
}
