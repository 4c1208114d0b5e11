/**
 * From resolved resources to the app.
 *
 * @module
 */
import type { App, AppTrigger } from './app.ts';
import { functionTypes } from './draft.ts';
import type { Draft } from './draft.ts';
import type { FindingsOfFile } from './findings.ts';
import { addUrl, readUrl } from './gateway/function-url.ts';
import { readApi, readRoute } from './gateway/http-api.ts';
import { readListeners } from './gateway/load-balancer.ts';
import { readMethod, readRestApi } from './gateway/rest-api.ts';
import * as sam from './gateway/sam.ts';
import { checkLimits } from './limits.ts';
import { meant } from './meant.ts';
import { isPlayed, isQuiet, playedTypes } from './quiet.ts';
import { readBuckets } from './resource/bucket.ts';
import { readEvents } from './resource/events.ts';
import { readFunction } from './resource/function.ts';
import { invokeConfigs } from './resource/invocations.ts';
import { readMapping } from './resource/mapping.ts';
import { readPart } from './resource/parts.ts';
import { readQueue } from './resource/queue.ts';
import { readRule, readSchedule } from './resource/rule.ts';
import { readStream } from './resource/stream.ts';
import { readTable } from './resource/table.ts';
import { readSubscription, readTopic } from './resource/topic.ts';
import { sectionOf } from './section.ts';
import type { Resource } from './stack.ts';
import { plain, valueOf } from './tree.ts';

type Read = (resource: Resource, draft: Draft) => void;

/** Types that are read one by one. The others are read with what they belong to. */
const readers: Readonly<Record<string, Read>> = {
  'AWS::ApiGateway::Method': readMethod,
  'AWS::ApiGateway::RestApi': readRestApi,
  'AWS::ApiGatewayV2::Api': readApi,
  'AWS::ApiGatewayV2::Route': readRoute,
  'AWS::DynamoDB::GlobalTable': readTable,
  'AWS::DynamoDB::Table': readTable,
  'AWS::Events::Rule': readRule,
  'AWS::Kinesis::Stream': readStream,
  'AWS::Lambda::EventSourceMapping': readMapping,
  'AWS::Lambda::Url': readUrl,
  'AWS::SNS::Subscription': readSubscription,
  'AWS::SNS::Topic': readTopic,
  'AWS::SQS::Queue': readQueue,
  'AWS::Scheduler::Schedule': readSchedule,
  'AWS::Serverless::Api': sam.readRestApi,
  'AWS::Serverless::HttpApi': sam.readHttpApi,
  'AWS::Serverless::SimpleTable': readTable,
};

export function buildApp(draft: Draft, findings: FindingsOfFile): App {
  const { stack } = draft;
  const providers = providersOf(draft);
  const configs = invokeConfigs(draft);
  const samUrls = new Set<string>();

  for (const resource of stack.resources) {
    const { id, type } = resource;
    if (!functionTypes.some((each) => each === type) || providers.has(id)) continue;
    const section = readFunction(resource, configs.get(id), draft);
    if (type === 'AWS::Serverless::Function') {
      const events = sectionOf(
        valueOf(resource.properties, 'Events'),
        `${id}.Events`,
        stack.findings,
        resource.line,
      );
      readEvents(resource, events, draft);
      events.close();
      const config = section.section('FunctionUrlConfig');
      const url = stack.resource(`${id}Url`);
      if (config !== undefined && url !== undefined) {
        samUrls.add(url.id);
        addUrl(config, url, id, draft);
      }
    }
    section.close();
  }
  readBuckets(draft);
  readListeners(draft);
  for (const resource of stack.resources) {
    if (samUrls.has(resource.id)) continue;
    const read = Object.hasOwn(readers, resource.type) ? readers[resource.type] : undefined;
    if (read !== undefined) read(resource, draft);
    else if (isPlayed(resource.type)) readPart(resource, draft);
    else if (!isQuiet(resource.type)) nameUnplayed(resource, draft);
  }
  checkLimits(draft);
  return {
    name: stack.stack,
    file: draft.file,
    region: stack.region,
    accountId: stack.accountId,
    functions: draft.functions,
    tables: draft.tables,
    buckets: draft.buckets,
    queues: draft.queues,
    topics: draft.topics.map((topic) => ({
      ...topic,
      subscriptions: draft.subscriptions.get(topic.id) ?? [],
    })),
    streams: draft.streams,
    gateways: draft.gateways.map((gateway) => ({ ...gateway, routes: draft.routes.get(gateway.id) ?? [] })),
    triggers: withOwnIds(draft.triggers),
    outputs: stack.outputs,
    findings: findings.all(),
  };
}

/** Functions that only serve custom resources: they run when the stack is deployed, never here. */
function providersOf({ stack }: Draft): ReadonlySet<string> {
  const tokens = new Set(
    stack.resources
      .filter(({ type }) => isCustom(type))
      .map(({ properties }) => valueOf(properties, 'ServiceToken'))
      .filter((token) => token !== undefined)
      .map((token) => plain(token)),
  );
  const providers = stack.resources.filter(({ identity }) => tokens.has(identity.arn));
  return new Set(providers.map(({ id }) => id));
}

function nameUnplayed({ id, type, line }: Resource, { stack }: Draft): void {
  stack.findings.unknown(
    line,
    isCustom(type)
      ? `${id}: a custom resource (${type}) is not played, it and its function are left out`
      : `${id}: resources of type ${type} are not played, left out${meant(type, playedTypes)}`,
  );
}

function isCustom(type: string): boolean {
  return type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
}

/** Functions may call their events alike; what comes second has its function's name before its own, as in SAM's stack. */
function withOwnIds(triggers: readonly AppTrigger[]): AppTrigger[] {
  const taken = new Set<string>();
  return triggers.map((trigger) => {
    const id = taken.has(trigger.id) ? trigger.function + trigger.id : trigger.id;
    taken.add(id);
    return { ...trigger, id };
  });
}
