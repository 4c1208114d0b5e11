/**
 * APIs as SAM declares them, and the events of functions that are their routes.
 *
 * @module
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-httpapi.html
 */
import type { AppGateway, AppRoute } from '../app.ts';
import type { Draft } from '../draft.ts';
import type { SamEvent } from '../resource/events.ts';
import type { Section } from '../section.ts';
import type { Resource } from '../stack.ts';
import { eventNeedsKey } from './api-key.ts';
import { authorizerOfEvent } from './authorizer.ts';
import { corsOf, openCors, restCorsOf } from './cors.ts';
import { addRoute, httpApiWait, restApiWait } from './route.ts';

export function readHttpApi(resource: Resource, draft: Draft): void {
  const section = draft.stack.section(resource);
  // Limits of throughput, logs and names in DNS: requests are answered the same.
  section.ignore(
    'AccessLogSettings',
    'DefaultRouteSettings',
    'Description',
    'DisableExecuteApiEndpoint',
    'Domain',
  );
  section.ignore('FailOnWarnings', 'Name', 'PropagateTags', 'RouteSettings', 'Tags', 'Auth');
  const stage = section.text('StageName') ?? '$default';
  const tree = section.tree('CorsConfiguration');
  const cors =
    tree?.kind === 'scalar'
      ? section.flag('CorsConfiguration') === true
        ? openCors
        : undefined
      : corsOf(section.section('CorsConfiguration'));
  unplayedBody(section);
  const gateway: AppGateway = {
    ...draft.declare(resource),
    kind: 'http-api',
    stage,
    routes: [],
    binaryMediaTypes: [],
    ...(cors !== undefined && { cors }),
  };
  draft.gateways.push(gateway);
  section.close();
}

export function readRestApi(resource: Resource, draft: Draft): void {
  const section = draft.stack.section(resource);
  section.ignore(
    'AccessLogSetting',
    'AlwaysDeploy',
    'CacheClusterEnabled',
    'CacheClusterSize',
    'CanarySetting',
  );
  section.ignore(
    'Description',
    'DisableExecuteApiEndpoint',
    'Domain',
    'EndpointConfiguration',
    'FailOnWarnings',
    'Auth',
  );
  section.ignore(
    'MergeDefinitions',
    'MethodSettings',
    'MinimumCompressionSize',
    'Name',
    'OpenApiVersion',
    'PropagateTags',
  );
  // Where it is wanted, what routes need a key for is told there.
  section.ignore('ApiKeySourceType');
  section.ignore('SecurityPolicy', 'Tags', 'TracingEnabled', 'EndpointAccessMode');
  const stage = section.text('StageName', { required: true }) ?? 'Prod';
  const cors = restCorsOf(section, 'Cors');
  // In a Swagger document a slash is written ~1.
  const binaryMediaTypes = section.texts('BinaryMediaTypes').map((type) => type.replaceAll('~1', '/'));
  unplayedBody(section);
  const gateway: AppGateway = {
    ...draft.declare(resource),
    kind: 'rest-api',
    stage,
    routes: [],
    binaryMediaTypes,
    ...(cors !== undefined && { cors }),
  };
  draft.gateways.push(gateway);
  section.close();
}

export function readHttpApiEvent({ function: target, line, properties }: SamEvent, draft: Draft): void {
  const api = apiOf(
    properties,
    'ApiId',
    'ServerlessHttpApi',
    ['AWS::Serverless::HttpApi', 'AWS::ApiGatewayV2::Api'],
    draft,
  );
  const path = properties.text('Path') ?? '$default';
  const method = properties.text('Method') ?? 'ANY';
  const version = properties.text('PayloadFormatVersion', { of: ['1.0', '2.0'] });
  const { usual, ...range } = httpApiWait;
  const timeout = properties.integer('TimeoutInMillis', range) ?? usual;
  properties.ignore('RouteSettings');
  if (api === undefined) return;
  const authorizer = authorizerOfEvent(properties.section('Auth'), api, draft);
  const route: AppRoute = {
    method,
    path,
    function: target.id,
    payloadVersion: version === '1.0' ? '1.0' : '2.0',
    timeout,
    place: draft.place(line),
    ...(authorizer !== undefined && { authorizer }),
  };
  addRoute(api.id, route, draft);
}

export function readApiEvent({ function: target, line, properties }: SamEvent, draft: Draft): void {
  const api = apiOf(
    properties,
    'RestApiId',
    'ServerlessRestApi',
    ['AWS::Serverless::Api', 'AWS::ApiGateway::RestApi'],
    draft,
  );
  const path = properties.text('Path', { required: true });
  const method = properties.text('Method', { required: true });
  const { usual, ...range } = restApiWait;
  const timeout = properties.integer('TimeoutInMillis', range) ?? usual;
  if (properties.text('ResponseTransferMode', { of: ['BUFFERED', 'STREAM'] }) === 'STREAM')
    properties.unknown('ResponseTransferMode', 'a route that streams is not played, its answer is buffered');
  properties.ignore('RequestParameters');
  if (properties.has('RequestModel'))
    properties.unknown('RequestModel', 'validation in the gateway is not played, left out');
  properties.ignore('RequestModel');
  if (api === undefined || path === undefined || method === undefined) return;
  const auth = properties.section('Auth');
  const needsKey = eventNeedsKey(auth, api, draft);
  const authorizer = authorizerOfEvent(auth, api, draft);
  const route: AppRoute = {
    method,
    path,
    function: target.id,
    payloadVersion: '1.0',
    timeout,
    place: draft.place(line),
    ...(needsKey && { needsKey }),
    ...(authorizer !== undefined && { authorizer }),
  };
  addRoute(api.id, route, draft);
}

/** The API an event names, else the one that SAM makes. */
function apiOf(
  properties: Section,
  name: string,
  implicit: string,
  types: readonly string[],
  draft: Draft,
): Resource | undefined {
  const reference = properties.text(name);
  if (!properties.has(name)) return draft.stack.resource(implicit);
  const api = draft.stack.find(reference, ...types);
  if (api === undefined && reference !== undefined)
    properties.error(name, `"${name}" is no API of this template: ${reference}`);
  return api;
}

function unplayedBody(section: Section): void {
  for (const name of [
    'DefinitionBody',
    'DefinitionUri',
    'Models',
    'StageVariables',
    'Variables',
    'GatewayResponses',
  ]) {
    if (section.has(name))
      section.unknown(
        name,
        `"${name}" is not played here, left out; routes come from the events of functions`,
      );
    section.ignore(name);
  }
}
