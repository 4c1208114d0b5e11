/**
 * HTTP APIs as CloudFormation declares them: API, routes, integrations, stages.
 *
 * @module
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-route.html
 */
import type { AppGateway, AppRoute } from '../app.ts';
import { functionOf } from '../draft.ts';
import type { Draft } from '../draft.ts';
import type { Section } from '../section.ts';
import type { Resource } from '../stack.ts';
import { authorizerOfRoute } from './authorizer.ts';
import { corsOf } from './cors.ts';
import { addRoute, httpApiWait } from './route.ts';

const apiType = 'AWS::ApiGatewayV2::Api';

export function readApi(resource: Resource, draft: Draft): void {
  const section = draft.stack.section(resource);
  section.ignore(
    'Description',
    'DisableExecuteApiEndpoint',
    'FailOnWarnings',
    'IpAddressType',
    'Name',
    'Tags',
    'Version',
  );
  section.ignore('DisableSchemaValidation', 'CredentialsArn');
  const protocol = section.text('ProtocolType', { of: ['HTTP', 'WEBSOCKET'] });
  if (protocol === 'WEBSOCKET') {
    section.unknown('ProtocolType', 'a WebSocket API is not played, left out');
    return;
  }
  if (protocol === undefined && !section.has('Body') && !section.has('BodyS3Location'))
    section.error(undefined, '"ProtocolType" is missing');
  const target = section.text('Target');
  const key = section.text('RouteKey') ?? '$default';
  if (target !== undefined)
    addIntegrated(section, resource.id, { key, uri: target, property: 'Target' }, '2.0', draft);
  const cors = corsOf(section.section('CorsConfiguration'));
  const gateway: AppGateway = {
    ...draft.declare(resource),
    kind: 'http-api',
    stage: stageOf(resource, draft),
    routes: [],
    binaryMediaTypes: [],
    ...(cors !== undefined && { cors }),
  };
  draft.gateways.push(gateway);
  section.close();
}

export function readRoute(resource: Resource, draft: Draft): void {
  const section = draft.stack.section(resource);
  section.ignore(
    'OperationName',
    'ApiKeyRequired',
    'ModelSelectionExpression',
    'RouteResponseSelectionExpression',
  );
  const api = draft.stack.find(
    section.text('ApiId', { required: true }),
    apiType,
    'AWS::Serverless::HttpApi',
  );
  if (api === undefined) {
    section.error('ApiId', '"ApiId" is no HTTP API of this template');
    return;
  }
  const key = section.text('RouteKey', { required: true });
  const target = section.text('Target', { required: true });
  const [, name] = /^integrations\/(.+)$/.exec(target ?? '') ?? [];
  const integration = draft.stack.find(name, 'AWS::ApiGatewayV2::Integration');
  if (target !== undefined && integration === undefined)
    section.error(
      'Target',
      `"Target" must be integrations/ and an integration of this template, got ${target}`,
    );
  const authorizer = authorizerOfRoute(section, draft);
  section.close();
  if (key === undefined || integration === undefined || isWebSocket(api)) return;

  const inner = draft.stack.section(integration);
  const type = inner.text('IntegrationType', { required: true });
  if (type !== 'AWS_PROXY' || inner.has('IntegrationSubtype')) {
    inner.unknown(
      'IntegrationType',
      `an integration with no function is not played; route "${key}" is left out`,
    );
    return;
  }
  const uri = inner.text('IntegrationUri', { required: true });
  const version = inner.text('PayloadFormatVersion', { of: ['1.0', '2.0'] });
  if (!inner.has('PayloadFormatVersion')) inner.error(undefined, '"PayloadFormatVersion" is missing');
  inner.ignore('ApiId', 'ConnectionType', 'CredentialsArn', 'Description', 'IntegrationMethod');
  if (uri !== undefined) {
    const place = { key, uri, property: 'IntegrationUri', line: resource.line, authorizer };
    addIntegrated(inner, api.id, place, version === '1.0' ? '1.0' : '2.0', draft);
  }
  inner.close();
}

interface Integrated {
  readonly key: string;
  readonly uri: string;
  readonly property: string;
  readonly line?: number;
  readonly authorizer?: AppRoute['authorizer'] | undefined;
}

function addIntegrated(
  section: Section,
  gateway: string,
  { key, uri, property, line = section.line, authorizer }: Integrated,
  payloadVersion: AppRoute['payloadVersion'],
  draft: Draft,
): void {
  const { usual, ...range } = httpApiWait;
  const timeout = section.integer('TimeoutInMillis', range) ?? usual;
  const target = functionOf(uri, draft.stack);
  const [method = '', path] = key === '$default' ? ['ANY', '$default'] : key.split(' ');
  if (target === undefined) section.error(property, `"${property}" is no function of this template: ${uri}`);
  if (path === undefined)
    draft.stack.findings.error(
      line,
      `${gateway}: "RouteKey" must be a method and a path, or $default, got "${key}"`,
    );
  if (target === undefined || path === undefined) return;
  const place = draft.place(line);
  const route = { method, path, function: target, payloadVersion, timeout, place };
  addRoute(gateway, { ...route, ...(authorizer !== undefined && { authorizer }) }, draft);
}

function stageOf(api: Resource, draft: Draft): string {
  const stages = draft.stack.resources
    .filter(({ type }) => type === 'AWS::ApiGatewayV2::Stage')
    .map((stage) => draft.stack.section(stage))
    .filter((stage) => stage.text('ApiId') === api.identity.reference);
  for (const stage of stages) {
    if (stage.has('StageVariables'))
      stage.unknown('StageVariables', '"StageVariables" is not played here, left out');
  }
  const names = stages.map((stage) => stage.text('StageName', { required: true }) ?? '$default');
  if (names.length > 1)
    stages[1]?.unknown('StageName', `one stage of an API is played: "${names[0]}"; others are left out`);
  return names[0] ?? '$default';
}

function isWebSocket({ properties }: Resource): boolean {
  const protocol = properties.entries.get('ProtocolType')?.value;
  return protocol?.kind === 'scalar' && protocol.value === 'WEBSOCKET';
}
