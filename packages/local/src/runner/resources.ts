/**
 * Making what the template declares: tables, buckets, queues, topics, streams. What is there already stays as it is.
 *
 * @module
 */
import type { LocalAws } from '../aws/start.ts';
import { isRecord } from '../mapping/answer.ts';
import { ServiceError } from '../mapping/call.ts';
import { serviceCall } from '../mapping/index.ts';
import type { ServiceCall, Tell } from '../mapping/index.ts';
import type { App, AppBucket, AppQueue, AppTable, AppTopic } from '../template/app.ts';
import { configurationXml } from './bucket-xml.ts';
import { s3Caller } from './signed.ts';
import { callSns } from './sns-call.ts';

/** What was made, as far as triggers need to know. */
export interface Resources {
  /** The stream's ARN as its server knows it, by the ARN that the template knows. */
  readonly streams: ReadonlyMap<string, string>;
  /** Logical ids of the buckets that were not there before. */
  readonly newBuckets: ReadonlySet<string>;
}

/**
 * @param tell - told of what a bucket is declared to have and S3 here has not
 * @throws Error that names the resource and what its service said
 */
export async function makeResources(app: App, aws: LocalAws, tell: Tell): Promise<Resources> {
  const { region } = aws;
  const dynamodb = serviceCall('dynamodb', { endpoint: aws.dynamodb.endpoint, region });
  const sqs = serviceCall('sqs', { endpoint: aws.sqs.endpoint, region });
  const kinesis = serviceCall('kinesis', { endpoint: aws.kinesis.endpoint, region });
  const streams = new Map<string, string>();
  const newBuckets = new Set<string>();

  await Promise.all([
    ...app.tables.map((table) =>
      named(table.id, async () => {
        const streamArn = await makeTable(table, dynamodb, aws);
        if (table.streamArn !== undefined && streamArn !== undefined) streams.set(table.streamArn, streamArn);
      }),
    ),
    ...app.buckets.map((bucket) =>
      named(bucket.id, async () => {
        if (await makeBucket(bucket, aws, tell)) newBuckets.add(bucket.id);
      }),
    ),
    ...app.streams.map(({ id, name, shards }) =>
      named(id, () => unlessThere(kinesis('CreateStream', { StreamName: name, ShardCount: shards }))),
    ),
    makeQueues(app.queues, sqs),
  ]);
  // Topics are subscribed with queues, which have to be there.
  await Promise.all(app.topics.map((topic) => named(topic.id, () => makeTopic(topic, app, aws))));
  return { streams, newBuckets };
}

async function makeTable(
  { name, create, expiresBy }: AppTable,
  dynamodb: ServiceCall,
  aws: LocalAws,
): Promise<string | undefined> {
  await unlessThere(dynamodb('CreateTable', { ...create, TableName: name }));
  if (expiresBy !== undefined) {
    const specification = { AttributeName: expiresBy, Enabled: true };
    await dynamodb('UpdateTimeToLive', { TableName: name, TimeToLiveSpecification: specification }).catch(
      (error: unknown) => {
        // It is on already.
        if (!(error instanceof ServiceError && error.code === 'ValidationException')) throw error;
      },
    );
  }
  const { Table: table } = await dynamodb('DescribeTable', { TableName: name });
  const described = isRecord(table) ? table : {};
  const schema = Array.isArray(described['KeySchema']) ? described['KeySchema'] : [];
  const keys = schema.filter(isRecord).map((key) => String(key['AttributeName']));
  aws.dynamodb.declare(name, keys, expiresBy);
  const streamArn = described['LatestStreamArn'];
  return typeof streamArn === 'string' ? streamArn : undefined;
}

/** Whether it was not there before. */
async function makeBucket(bucket: AppBucket, aws: LocalAws, tell: Tell): Promise<boolean> {
  const call = s3Caller(aws.s3);
  const path = `/${bucket.name}`;
  const isThere = await call('HEAD', path).then(
    () => true,
    () => false,
  );
  if (!isThere) await call('PUT', path);
  const configure = async (name: string, body: string): Promise<void> => {
    try {
      await call('PUT', path, { query: { [name]: '' }, body });
    } catch (error) {
      // 501 is what this S3 does not know: the bucket is of use without it.
      if (!(error instanceof Error && error.message.includes(': 501 '))) throw error;
      const text = `${bucket.id}: its ${name} is left out: ${error.message.split(': 501 ')[1] ?? ''}`;
      tell({ kind: 'warning', text, traces: [] });
    }
  };
  if (bucket.versioned) {
    const status = '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>';
    await configure('versioning', status);
  }
  if (bucket.policy !== undefined) await configure('policy', JSON.stringify(bucket.policy));
  if (bucket.cors !== undefined) await configure('cors', configurationXml('CORSConfiguration', bucket.cors));
  if (bucket.lifecycle !== undefined)
    await configure('lifecycle', configurationXml('LifecycleConfiguration', bucket.lifecycle));
  return !isThere;
}

/** A queue that names another as its dead-letter queue comes after it. */
async function makeQueues(queues: readonly AppQueue[], sqs: ServiceCall): Promise<void> {
  const isDeadLetter = (queue: AppQueue): boolean =>
    queues.some(({ attributes }) => (attributes['RedrivePolicy'] ?? '').includes(`"${queue.arn}"`));
  const make = ({ id, name, attributes }: AppQueue): Promise<void> =>
    named(id, () =>
      unlessThere(sqs('CreateQueue', { QueueName: name, Attributes: attributes })).catch(
        async (error: unknown) => {
          // It is there with other attributes: the template's are the ones that count.
          if (!(error instanceof ServiceError && /QueueNameExists|QueueAlreadyExists/u.test(error.code)))
            throw error;
          const { QueueUrl } = await sqs('GetQueueUrl', { QueueName: name });
          const { FifoQueue: _, ...changeable } = attributes;
          await sqs('SetQueueAttributes', { QueueUrl, Attributes: changeable });
        },
      ),
    );
  await Promise.all(queues.filter(isDeadLetter).map(make));
  await Promise.all(queues.filter((queue) => !isDeadLetter(queue)).map(make));
}

async function makeTopic(topic: AppTopic, app: App, aws: LocalAws): Promise<void> {
  const call = callSns(aws);
  await call('CreateTopic', { Name: topic.name, ...entries('Attributes', topic.attributes) });
  for (const { protocol, endpoint, attributes } of [...topic.subscriptions, ...functionsOf(topic, app)]) {
    // In the order of the template, which is the order of deliveries.
    // oxlint-disable-next-line no-await-in-loop
    await call('Subscribe', {
      TopicArn: topic.arn,
      Protocol: protocol,
      Endpoint: endpoint,
      ReturnSubscriptionArn: 'true',
      ...entries('Attributes', attributes),
    });
  }
}

/** Functions are subscribed by their triggers. */
function functionsOf(topic: AppTopic, app: App): Omit<AppTopic['subscriptions'][number], 'place'>[] {
  return app.triggers.flatMap((trigger) => {
    if (trigger.type !== 'sns' || trigger.source !== topic.arn || !trigger.enabled) return [];
    const { filterPolicy, filterScope } = trigger;
    return app.functions
      .filter(({ id }) => id === trigger.function)
      .map(({ arn }) => ({
        protocol: 'lambda',
        endpoint: arn,
        attributes:
          filterPolicy === undefined ? {} : { FilterPolicy: filterPolicy, FilterPolicyScope: filterScope },
      }));
  });
}

/** A map as the query protocol has it. */
function entries(name: string, map: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(map).flatMap(([key, value], index) => [
      [`${name}.entry.${index + 1}.key`, key],
      [`${name}.entry.${index + 1}.value`, value],
    ]),
  );
}

async function unlessThere(made: Promise<unknown>): Promise<void> {
  try {
    await made;
  } catch (error) {
    if (!(error instanceof ServiceError && error.code === 'ResourceInUseException')) throw error;
  }
}

async function named<Value>(id: string, make: () => Promise<Value>): Promise<Value> {
  try {
    return await make();
  } catch (cause) {
    throw new Error(`${id} cannot be made: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}
