/**
 * REST APIs as CloudFormation declares them: API, resources, methods, stages.
 *
 * @module
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-method.html
 */
import type { AppGateway, GatewayCors } from '../app.ts';
import { functionOf } from '../draft.ts';
import type { Draft } from '../draft.ts';
import { rootOf } from '../identity.ts';
import type { Section } from '../section.ts';
import type { Resource } from '../stack.ts';
import { textOf, valueOf } from '../tree.ts';
import { methodNeedsKey } from './api-key.ts';
import { authorizerOfRoute } from './authorizer.ts';
import { listed } from './cors.ts';
import { addRoute, restApiWait } from './route.ts';

export function readRestApi(resource: Resource, draft: Draft): void {
  const section = draft.stack.section(resource);
  section.ignore(
    'ApiKeySourceType',
    'Description',
    'DisableExecuteApiEndpoint',
    'EndpointConfiguration',
    'FailOnWarnings',
  );
  section.ignore(
    'MinimumCompressionSize',
    'Mode',
    'Name',
    'Policy',
    'SecurityPolicy',
    'Tags',
    'EndpointAccessMode',
  );
  const preflights = methodsOf(resource, draft).filter((method) => method.text('HttpMethod') === 'OPTIONS');
  const [cors] = preflights.flatMap((method) => mockedCors(method) ?? []);
  const gateway: AppGateway = {
    ...draft.declare(resource),
    kind: 'rest-api',
    stage: stageOf(resource, draft),
    routes: [],
    binaryMediaTypes: section.texts('BinaryMediaTypes'),
    ...(cors !== undefined && { cors }),
  };
  draft.gateways.push(gateway);
  section.close();
}

export function readMethod(resource: Resource, draft: Draft): void {
  const section = draft.stack.section(resource);
  section.ignore(
    'MethodResponses',
    'OperationName',
    'RequestModels',
    'RequestParameters',
    'RequestValidatorId',
  );
  const method = section.text('HttpMethod', { required: true });
  const api = draft.stack.find(section.text('RestApiId', { required: true }), 'AWS::ApiGateway::RestApi');
  if (api === undefined) section.error('RestApiId', '"RestApiId" is no REST API of this template');
  for (const name of ['RequestValidatorId', 'RequestModels']) {
    if (section.has(name)) section.unknown(name, `"${name}" is not played here, left out`);
  }
  const needsKey = methodNeedsKey(section, api);

  const parent = section.text('ResourceId', { required: true });
  const path = api && parent && pathOf(parent, api, draft, new Set());
  if (api !== undefined && parent !== undefined && path === undefined)
    section.error('ResourceId', '"ResourceId" is no resource of this API, or its parents lead nowhere');
  const authorizer = authorizerOfRoute(section, draft);
  const integration = section.section('Integration');
  const type = integration?.text('Type', { required: true });
  if (api === undefined || path === undefined || method === undefined || integration === undefined) return;
  if (type === 'MOCK' && method === 'OPTIONS') return;
  if (type !== 'AWS_PROXY') {
    integration.unknown(
      'Type',
      `an integration other than AWS_PROXY is not played; route "${method} ${path}" is left out`,
    );
    return;
  }
  integration.ignore(
    'ConnectionType',
    'Credentials',
    'IntegrationHttpMethod',
    'PassthroughBehavior',
    'IntegrationResponses',
    'ContentHandling',
  );
  if (integration.text('ResponseTransferMode', { of: ['BUFFERED', 'STREAM'] }) === 'STREAM')
    integration.unknown('ResponseTransferMode', 'a route that streams is not played, its answer is buffered');
  const { usual, ...range } = restApiWait;
  const timeout = integration.integer('TimeoutInMillis', range) ?? usual;
  const uri = integration.text('Uri', { required: true });
  const target = functionOf(uri, draft.stack);
  if (target === undefined && uri !== undefined)
    integration.error('Uri', `"Uri" is no function of this template: ${uri}`);
  section.close();
  if (target === undefined) return;
  const place = draft.place(resource.line);
  const route = { method, path, function: target, payloadVersion: '1.0' as const, timeout, place };
  addRoute(
    api.id,
    { ...route, ...(needsKey && { needsKey }), ...(authorizer !== undefined && { authorizer }) },
    draft,
  );
}

/** The path of a resource, from its parents. */
function pathOf(reference: string, api: Resource, draft: Draft, open: Set<string>): string | undefined {
  if (reference === rootOf(api.identity.name)) return '/';
  const resource = draft.stack.find(reference, 'AWS::ApiGateway::Resource');
  if (resource === undefined || open.has(resource.id)) return undefined;
  open.add(resource.id);
  const part = textOf(valueOf(resource.properties, 'PathPart'));
  const parent = textOf(valueOf(resource.properties, 'ParentId'));
  const above = parent === undefined ? undefined : pathOf(parent, api, draft, open);
  return above === undefined || part === undefined ? undefined : `${above.replace(/\/$/, '')}/${part}`;
}

/** What a preflight that the gateway answers itself says; only the first counts, CDK writes the same everywhere. */
function mockedCors(method: Section): GatewayCors | undefined {
  const integration = method.section('Integration');
  if (integration?.text('Type') !== 'MOCK') return undefined;
  const headers = integration.sections('IntegrationResponses')[0]?.record('ResponseParameters') ?? {};
  const header = (name: string): readonly string[] =>
    listed(headers[`method.response.header.Access-Control-${name}`]);
  const [age] = header('Max-Age');
  return {
    origins: header('Allow-Origin'),
    methods: header('Allow-Methods'),
    headers: header('Allow-Headers'),
    exposeHeaders: header('Expose-Headers'),
    credentials: header('Allow-Credentials')[0] === 'true',
    ...(age !== undefined && { maxAge: Number(age) }),
  };
}

function methodsOf(api: Resource, { stack }: Draft): readonly Section[] {
  return stack.resources
    .filter(({ type }) => type === 'AWS::ApiGateway::Method')
    .map((method) => stack.section(method))
    .filter((method) => method.text('RestApiId') === api.identity.reference);
}

/** A stage of its own, else the one that the deployment makes. */
function stageOf(api: Resource, { stack }: Draft): string {
  const named = ['AWS::ApiGateway::Stage', 'AWS::ApiGateway::Deployment'].flatMap((type) =>
    stack.resources
      .filter((resource) => resource.type === type)
      .map((resource) => stack.section(resource))
      .filter((section) => section.text('RestApiId') === api.identity.reference && section.has('StageName')),
  );
  const stage = named[0]?.text('StageName');
  if (stage === undefined)
    stack.findings.error(
      api.line,
      `${api.id}: no stage: an AWS::ApiGateway::Stage or a Deployment with StageName is missing`,
    );
  for (const section of named) {
    if (section.has('Variables'))
      section.unknown('Variables', '"Variables" of a stage is not played here, left out');
  }
  return stage ?? 'prod';
}
