/**
 * The events of a SAM function, each as what SAM makes of it.
 *
 * @module
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-eventsource.html
 */
import type { Declared } from '../app.ts';
import type { Draft } from '../draft.ts';
import { readApiEvent, readHttpApiEvent } from '../gateway/sam.ts';
import { meant } from '../meant.ts';
import { sectionOf } from '../section.ts';
import type { Section } from '../section.ts';
import type { Resource } from '../stack.ts';
import { expressionIn } from './expression.ts';
import { addMapping } from './mapping.ts';
import { addBucketTrigger } from './notifications.ts';
import { addRuleTriggers, addSchedule } from './rule.ts';
import { addTopicTrigger, topicIn } from './topic.ts';

/** One event of a function. */
export interface SamEvent {
  readonly function: Resource;
  /** Its logical id. */
  readonly id: string;
  readonly line: number;
  readonly properties: Section;
}

type ReadEvent = (event: SamEvent, draft: Draft) => void;

const readers: Readonly<Record<string, ReadEvent>> = {
  Api: readApiEvent,
  HttpApi: readHttpApiEvent,
  S3({ function: { id: target }, id, line, properties }, draft) {
    const name = properties.text('Bucket', { required: true });
    const bucket = draft.stack.find(name, 'AWS::S3::Bucket');
    // SAM takes the bucket's logical id only: it writes the notification into that resource.
    if (name !== undefined && bucket === undefined)
      properties.error('Bucket', `"Bucket" must be a bucket of this template, got "${name}"`);
    if (bucket === undefined) properties.drop();
    else addBucketTrigger(properties, bucket.id, { id, target, line }, draft);
  },
  SQS({ function: { id: target }, id, line, properties }, draft) {
    addMapping(properties, { id, line, function: target, property: 'Queue' }, draft);
  },
  DynamoDB: readPolled,
  Kinesis: readPolled,
  SNS({ function: { id: target }, id, line, properties }, draft) {
    const topic = topicIn(properties, 'Topic', draft);
    properties.ignore('Region');
    if (properties.has('SqsSubscription') && properties.json('SqsSubscription') !== false) {
      properties.unknown(
        'SqsSubscription',
        'SAM would make a queue between topic and function; declare it, here the event is left out',
      );
      properties.drop();
      return;
    }
    if (topic === undefined) properties.drop();
    else addTopicTrigger(properties, topic, { id, target, line }, draft);
  },
  Schedule(event, draft) {
    const { properties } = event;
    const enabled = properties.flag('Enabled');
    const state = properties.text('State', { of: ['ENABLED', 'DISABLED'] });
    properties.ignore('Description');
    for (const name of ['InputPath', 'InputTransformer']) {
      if (properties.has(name))
        properties.error(name, `SAM's Schedule has no "${name}": only "Input", or a rule of your own`);
    }
    const expression = expressionIn(properties, 'Schedule', ['cron', 'rate']);
    if (!properties.has('Schedule')) properties.error(undefined, '"Schedule" is missing');
    const rule = { ...ruleOf(event, 'Name', 'default', draft), expression, pattern: undefined };
    addRuleTriggers(properties, { ...rule, enabled: enabled ?? state !== 'DISABLED', bus: 'default' }, draft);
  },
  ScheduleV2(event, draft) {
    const { properties } = event;
    properties.ignore('EndDate', 'OmitName', 'PermissionsBoundary', 'RoleArn', 'StartDate');
    for (const name of ['StartDate', 'EndDate']) {
      if (properties.has(name)) properties.unknown(name, `"${name}" is not played here, left out`);
    }
    const name = properties.text('Name') ?? madeName(event, draft);
    const group = properties.text('GroupName') ?? 'default';
    const { region, accountId } = draft.stack;
    const arn = `arn:aws:scheduler:${region}:${accountId}:schedule/${group}/${name}`;
    addSchedule(
      properties,
      properties,
      { ...declared(event, name, arn, draft), function: event.function.id },
      draft,
    );
  },
  EventBridgeRule: readPattern,
  CloudWatchEvent: readPattern,
};

/** Reads the events of a function. */
export function readEvents(resource: Resource, events: Section | undefined, draft: Draft): void {
  for (const id of events?.keys ?? []) {
    const event = events?.section(id);
    const line = events?.lineOf(id) ?? resource.line;
    const type = event?.text('Type', { required: true });
    if (event === undefined || type === undefined) continue;
    const read = Object.hasOwn(readers, type) ? readers[type] : undefined;
    const properties =
      event.section('Properties') ??
      sectionOf(undefined, `${resource.id}.Events.${id}`, draft.stack.findings, line);
    if (read !== undefined) read({ function: resource, id, line, properties }, draft);
    else {
      event.unknown(
        'Type',
        `events of type "${type}" are not played here, left out${meant(type, Object.keys(readers))}`,
      );
      properties.drop();
    }
  }
}

function readPolled({ function: { id: target }, id, line, properties }: SamEvent, draft: Draft): void {
  addMapping(properties, { id, line, function: target, property: 'Stream' }, draft);
}

function readPattern(event: SamEvent, draft: Draft): void {
  const { properties } = event;
  const bus = properties.text('EventBusName') ?? 'default';
  const enabled = properties.flag('Enabled');
  const state = properties.text('State', { of: ['ENABLED', 'DISABLED'] });
  properties.ignore('Target');
  const pattern = properties.json('Pattern');
  if (!properties.has('Pattern')) properties.error(undefined, '"Pattern" is missing');
  const rule = ruleOf(event, 'RuleName', bus, draft);
  addRuleTriggers(
    properties,
    { ...rule, enabled: enabled ?? state !== 'DISABLED', bus, pattern, expression: undefined },
    draft,
  );
}

function ruleOf(
  event: SamEvent,
  property: 'Name' | 'RuleName',
  bus: string,
  draft: Draft,
): Declared & { readonly function: string } {
  const name = event.properties.text(property) ?? madeName(event, draft);
  const { region, accountId } = draft.stack;
  const path = bus === 'default' ? name : `${bus.split('/').at(-1) ?? bus}/${name}`;
  const arn = `arn:aws:events:${region}:${accountId}:rule/${path}`;
  return { ...declared(event, name, arn, draft), function: event.function.id };
}

/** SAM names what it makes after function and event. */
function madeName(event: SamEvent, draft: Draft): string {
  return `${draft.stack.stack}-${event.function.id}${event.id}`;
}

function declared({ id, line }: SamEvent, name: string, arn: string, draft: Draft): Declared {
  return { id, name, arn, place: draft.place(line) };
}
