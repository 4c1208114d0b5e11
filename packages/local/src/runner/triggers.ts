/**
 * From the triggers that a template declares to things that listen.
 *
 * @module
 */
import { Agent } from 'node:http';

import type { LocalAws } from '../aws/start.ts';
import type { Clock } from '../clock/clock.ts';
import {
  isNotified,
  kinesisReader,
  queueMapping,
  scheduleMapping,
  serviceCall,
  streamMapping,
  tableReader,
} from '../mapping/index.ts';
import type {
  Asynchronous,
  Checkpoints,
  Deliver,
  EventBus,
  Invoke,
  Listening,
  ScheduleMapping,
  Tell,
} from '../mapping/index.ts';
import type { S3Notification } from '../s3/notification.ts';
import type { App, AppBucket, AppFunction, AppTrigger } from '../template/app.ts';
import type { Resources } from './resources.ts';
import { sendTestEvents } from './test-events.ts';

export interface Wiring {
  readonly app: App;
  readonly aws: LocalAws;
  readonly resources: Resources;
  readonly invoke: Invoke;
  readonly asynchronous: Asynchronous;
  readonly deliver: Deliver;
  readonly bus: EventBus;
  readonly clock: Clock;
  readonly tell: Tell;
  /** Where reading of a shard goes on after a restart. */
  readonly checkpoints: (trigger: string) => Checkpoints;
}

export interface Triggers {
  readonly schedules: ReadonlyMap<string, ScheduleMapping>;
  /** Takes a change of an object to whoever is to hear of it. */
  readonly onObject: (notification: S3Notification) => void;
  /** Takes a message of a topic to the function that is subscribed. */
  readonly onLambda: (functionArn: string, event: object, trace: string | undefined) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Starts everything that polls or waits. */
export function startTriggers(wiring: Wiring): Triggers {
  const { app, aws, asynchronous, deliver, bus } = wiring;
  const functions = new Map(app.functions.map((declared) => [declared.id, declared]));
  const agent = new Agent({ keepAlive: true });
  const schedules = new Map<string, ScheduleMapping>();
  const listening: Listening[] = [];
  for (const trigger of app.triggers) {
    const declared = functions.get(trigger.function);
    if (declared === undefined) continue;
    if (trigger.type === 'schedule') {
      const { clock } = wiring;
      const mapping = scheduleMapping({
        trigger,
        declared,
        region: aws.region,
        accountId: aws.accountId,
        asynchronous,
        clock,
      });
      schedules.set(trigger.id, mapping);
      listening.push(mapping);
    } else if (trigger.enabled) {
      const poller = pollerOf(trigger, declared, wiring, agent);
      if (poller !== undefined) listening.push(poller);
    }
  }

  sendTestEvents(app, wiring.resources, deliver, wiring.clock).catch((error: unknown) =>
    wiring.tell({ kind: 'warning', text: `Test events of buckets: ${String(error)}`, traces: [] }),
  );

  return {
    schedules,
    onObject(notification) {
      for (const told of objectTargets(notification, app)) {
        const event = { Records: [recordFor(notification, told.id)] };
        const traces = notification.trace === undefined ? [] : [notification.trace];
        if (told.to === 'bus') {
          bus.put('default', bridgeEvent(notification, aws), traces);
        } else if (typeof told.to === 'string') {
          deliver(told.to, event, traces).catch((error: unknown) =>
            wiring.tell({
              kind: 'dropped',
              text: `Notification of ${notification.bucket}: ${String(error)}`,
              traces,
            }),
          );
        } else {
          // S3 does not wait for what becomes of it.
          void asynchronous.accept(told.to, {
            trigger: {
              type: 's3',
              id: told.id,
              summary: `${notification.name} ${notification.bucket}/${notification.key}`,
            },
            event,
            traces,
          });
        }
      }
    },
    async onLambda(functionArn, event, trace) {
      const declared = app.functions.find(({ arn }) => arn === functionArn);
      if (declared === undefined) throw new Error(`There is no function ${functionArn} here`);
      const trigger = app.triggers.find((one) => one.type === 'sns' && one.function === declared.id);
      await asynchronous.accept(declared, {
        trigger: { type: 'sns', id: trigger?.id ?? functionArn, summary: 'a message of a topic' },
        event,
        traces: trace === undefined ? [] : [trace],
      });
    },
    async stop() {
      await Promise.all(listening.map((one) => one.stop()));
      agent.destroy();
    },
  };
}

function pollerOf(
  trigger: AppTrigger,
  declared: AppFunction,
  { app, aws, resources, invoke, deliver, clock, tell, checkpoints }: Wiring,
  agent: Agent,
): Listening | undefined {
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

interface Told {
  readonly id: string;
  /** A function, an ARN, or the event bus. */
  readonly to: AppFunction | string;
}

/** Whoever the template or the bucket's own configuration wants to hear of a change. */
function objectTargets(notification: S3Notification, app: App): Told[] {
  const bucket: AppBucket | undefined = app.buckets.find(({ name }) => name === notification.bucket);
  const functions = app.triggers.flatMap((trigger): Told[] => {
    if (trigger.type !== 's3' || trigger.bucket !== bucket?.id || !trigger.enabled) return [];
    const declared = app.functions.find(({ id }) => id === trigger.function);
    return declared !== undefined && isNotified(trigger, notification)
      ? [{ id: trigger.id, to: declared }]
      : [];
  });
  const others = (bucket?.notifications ?? []).flatMap((wanted): Told[] =>
    isNotified(wanted, notification) ? [{ id: bucket?.id ?? '', to: wanted.target }] : [],
  );
  const configured = notification.targets.map(({ id, arn, kind }) => ({
    id,
    to: kind === 'eventbridge' ? 'bus' : arn,
  }));
  const bus = bucket?.eventBridge === true ? [{ id: bucket.id, to: 'bus' }] : [];
  return [...functions, ...others, ...configured, ...bus];
}

function recordFor({ record }: S3Notification, configurationId: string): object {
  return { ...record, s3: { ...record.s3, configurationId } };
}

/** The event EventBridge gets, whose keys are as they were put. */
function bridgeEvent(
  { bucket, key, name, record }: S3Notification,
  { region, accountId }: LocalAws,
): Parameters<EventBus['put']>[1] {
  const { size, eTag, versionId, sequencer } = record.s3.object;
  const isCreated = name.startsWith('ObjectCreated');
  return {
    version: '0',
    id: crypto.randomUUID(),
    'detail-type': isCreated ? 'Object Created' : 'Object Deleted',
    source: 'aws.s3',
    account: accountId,
    time: record.eventTime.replace(/\.\d+Z$/u, 'Z'),
    region,
    resources: [record.s3.bucket.arn],
    detail: {
      version: '0',
      bucket: { name: bucket },
      object: {
        key,
        ...(size !== undefined && { size }),
        ...(eTag !== undefined && { etag: eTag }),
        ...(versionId !== undefined && { 'version-id': versionId }),
        ...(sequencer !== undefined && { sequencer }),
      },
      'request-id': record.responseElements['x-amz-request-id'],
      requester: accountId,
      'source-ip-address': record.requestParameters.sourceIPAddress,
      reason: name
        .replace(/^.*:/u, '')
        .replace('Put', 'PutObject')
        .replace('Copy', 'CopyObject')
        .replace('Delete', 'DeleteObject'),
    },
  };
}
