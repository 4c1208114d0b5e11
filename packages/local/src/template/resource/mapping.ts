/**
 * Event source mappings: queues and streams that Lambda polls for a function.
 *
 * @module
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
 */
import type { QueueTrigger, StreamTrigger, TableTrigger } from '../app.ts';
import { functionIn } from '../draft.ts';
import type { Draft } from '../draft.ts';
import type { Section } from '../section.ts';
import type { Resource } from '../stack.ts';
import { destinationOf } from './invocations.ts';
import { patternFault } from './pattern.ts';

/** Lambda's quotas; windows and ages in seconds. */
const WINDOW = { least: 0, most: 300, unit: 'seconds' };
const LARGEST_BATCH = 10_000;
const SMALL_BATCH = 10;
const RECORD_AGE = { least: 60, most: 604_800 };

/** Which attribute of a source is the ARN that is wanted. */
const attributes: Readonly<Record<string, string>> = {
  'AWS::DynamoDB::Table': 'StreamArn',
  'AWS::Kinesis::Stream': 'Arn',
  'AWS::SQS::Queue': 'Arn',
};

/** What is common to a mapping that CloudFormation declares and to an event of a SAM function. */
export interface Mapping {
  readonly id: string;
  readonly line: number;
  /** Logical id. */
  readonly function: string;
  /** The property that holds the source's ARN. */
  readonly property: 'EventSourceArn' | 'Queue' | 'Stream';
}

export function readMapping(resource: Resource, draft: Draft): void {
  const section = draft.stack.section(resource);
  const target = functionIn(section, 'FunctionName', draft);
  if (target !== undefined)
    addMapping(
      section,
      { id: resource.id, line: resource.line, function: target, property: 'EventSourceArn' },
      draft,
    );
  else section.drop();
  section.close();
}

export function addMapping(section: Section, mapping: Mapping, draft: Draft): void {
  // Keys and counts: what is delivered stays the same.
  section.ignore('KmsKeyArn', 'MetricsConfig', 'Tags', 'LoggingConfig');
  const source = section.text(mapping.property, { required: true });
  if (source === undefined) {
    section.drop();
    return;
  }
  const [, , service = ''] = source.split(':');
  if (service === 'sqs') addQueueTrigger(section, mapping, source, draft);
  else if (service === 'dynamodb' || service === 'kinesis') addShardTrigger(section, mapping, source, draft);
  else if (!source.startsWith('arn:')) {
    const found = draft.stack.find(source, ...Object.keys(attributes));
    const hint = found && `; !GetAtt ${found.id}.${attributes[found.type] ?? 'Arn'} is one`;
    section.error(mapping.property, `"${mapping.property}" must be an ARN, got ${source}${hint ?? ''}`);
    section.drop();
  } else {
    section.unknown(
      mapping.property,
      `a source of ${service || 'this kind'} is not played, left out: ${source}`,
    );
    section.drop();
  }
}

function addQueueTrigger(section: Section, mapping: Mapping, source: string, draft: Draft): void {
  const queue = draft.stack.find(source, 'AWS::SQS::Queue');
  if (queue === undefined)
    section.error(mapping.property, `"${mapping.property}" is no queue of this template: ${source}`);
  const window = section.integer('MaximumBatchingWindowInSeconds', WINDOW) ?? 0;
  const batchSize = section.integer('BatchSize', { least: 1, most: LARGEST_BATCH }) ?? SMALL_BATCH;
  const isFifo = source.endsWith('.fifo');
  if (isFifo && window > 0)
    section.error('MaximumBatchingWindowInSeconds', 'a FIFO queue takes no batching window');
  if (batchSize > SMALL_BATCH && (isFifo || window === 0))
    section.error(
      'BatchSize',
      isFifo
        ? `a batch of a FIFO queue is at most ${SMALL_BATCH}, got ${batchSize}`
        : `a batch over ${SMALL_BATCH} needs MaximumBatchingWindowInSeconds of at least 1, got ${batchSize}`,
    );
  const maximumConcurrency = section
    .section('ScalingConfig')
    ?.integer('MaximumConcurrency', { least: 2, most: 1000 });
  const trigger: QueueTrigger = {
    type: 'sqs',
    ...common(section, mapping, source, draft),
    batchSize,
    window,
    ...(maximumConcurrency !== undefined && { maximumConcurrency }),
  };
  draft.triggers.push(trigger);
}

function addShardTrigger(section: Section, mapping: Mapping, source: string, draft: Draft): void {
  const isTable = source.startsWith('arn:aws:dynamodb:');
  const isOurs = isTable
    ? draft.stack.resources.some(({ identity }) => identity.attributes?.['StreamArn'] === source)
    : draft.stack.find(source, 'AWS::Kinesis::Stream') !== undefined;
  if (!isOurs)
    section.error(
      mapping.property,
      `"${mapping.property}" is no ${isTable ? "table's stream" : 'stream'} of this template: ${source}`,
    );
  const positions = isTable
    ? (['LATEST', 'TRIM_HORIZON'] as const)
    : (['LATEST', 'TRIM_HORIZON', 'AT_TIMESTAMP'] as const);
  const text = section.text('StartingPosition', { required: true, of: positions });
  const startingPosition = positions.find((position) => position === text) ?? 'TRIM_HORIZON';
  if (startingPosition === 'AT_TIMESTAMP')
    section.unknown(
      'StartingPosition',
      'AT_TIMESTAMP is played as TRIM_HORIZON: streams here begin with the app',
    );
  section.ignore('StartingPositionTimestamp');
  const forEver = -1;
  const onFailure = destinationOf(section.section('DestinationConfig')?.section('OnFailure'), draft);
  const trigger: Omit<TableTrigger, 'type'> = {
    ...common(section, mapping, source, draft),
    startingPosition,
    batchSize: section.integer('BatchSize', { least: 1, most: LARGEST_BATCH }) ?? 100,
    window: section.integer('MaximumBatchingWindowInSeconds', WINDOW) ?? 0,
    parallelization: section.integer('ParallelizationFactor', { least: 1, most: 10 }) ?? 1,
    bisect: section.flag('BisectBatchOnFunctionError') ?? false,
    maximumRetries: section.integer('MaximumRetryAttempts', { least: forEver, most: 10_000 }) ?? forEver,
    maximumAge: ageOf(section) ?? forEver,
    tumblingWindow: section.integer('TumblingWindowInSeconds', { least: 0, most: 900, unit: 'seconds' }) ?? 0,
    ...(onFailure !== undefined && { onFailure }),
  };
  const typed: TableTrigger | StreamTrigger = { ...trigger, type: isTable ? 'dynamodb' : 'kinesis' };
  draft.triggers.push(typed);
}

function ageOf(section: Section): number | undefined {
  const name = 'MaximumRecordAgeInSeconds';
  const age = section.integer(name, { least: -1, most: RECORD_AGE.most, unit: 'seconds' });
  if (age === undefined || age === -1 || age >= RECORD_AGE.least) return age;
  section.error(
    name,
    `"${name}" must be -1, or from ${RECORD_AGE.least} to ${RECORD_AGE.most} seconds, got ${age}`,
  );
  return undefined;
}

function common(
  section: Section,
  mapping: Mapping,
  source: string,
  draft: Draft,
): Pick<QueueTrigger, 'function' | 'id' | 'place' | 'enabled' | 'source' | 'reportFailures' | 'filters'> {
  const types = section.texts('FunctionResponseTypes');
  for (const type of types) {
    if (type !== 'ReportBatchItemFailures')
      section.error(
        'FunctionResponseTypes',
        `"FunctionResponseTypes" takes ReportBatchItemFailures only, got "${type}"`,
      );
  }
  const filters = (section.section('FilterCriteria')?.sections('Filters') ?? []).flatMap((filter) => {
    const pattern = filter.text('Pattern', { required: true });
    if (pattern === undefined) return [];
    const read = jsonObjectOf(pattern);
    const wrong = read === undefined ? '"Pattern" must be JSON of an object' : patternFault(read);
    if (wrong !== undefined) filter.error('Pattern', wrong);
    return [pattern];
  });
  return {
    function: mapping.function,
    id: mapping.id,
    place: draft.place(mapping.line),
    enabled: section.flag('Enabled') ?? true,
    source,
    reportFailures: types.includes('ReportBatchItemFailures'),
    filters,
  };
}

function jsonObjectOf(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
