/**
 * Resources that are read with what they belong to: what is left of them is named here.
 *
 * @module
 */
import type { Draft } from '../draft.ts';
import type { Resource } from '../stack.ts';

/** Properties that are read elsewhere, or that change nothing of what a request is answered with. */
const known: Readonly<Record<string, string>> = {
  'AWS::ApiGateway::Authorizer':
    'AuthType AuthorizerCredentials AuthorizerResultTtlInSeconds AuthorizerUri IdentitySource IdentityValidationExpression Name ProviderARNs RestApiId Type',
  'AWS::ApiGateway::Resource': 'ParentId PathPart RestApiId',
  'AWS::ApiGateway::Stage':
    'AccessLogSetting CacheClusterEnabled CacheClusterSize ClientCertificateId DeploymentId Description DocumentationVersion MethodSettings RestApiId StageName Tags TracingEnabled Variables',
  'AWS::ApiGatewayV2::Authorizer':
    'ApiId AuthorizerCredentialsArn AuthorizerPayloadFormatVersion AuthorizerResultTtlInSeconds AuthorizerType AuthorizerUri EnableSimpleResponses IdentitySource IdentityValidationExpression JwtConfiguration Name',
  'AWS::ApiGatewayV2::Stage':
    'AccessLogSettings ApiId AutoDeploy ClientCertificateId DefaultRouteSettings DeploymentId Description RouteSettings StageName StageVariables Tags',
  'AWS::ElasticLoadBalancingV2::TargetGroup':
    'HealthCheckEnabled HealthCheckIntervalSeconds HealthCheckPath HealthCheckPort HealthCheckProtocol HealthCheckTimeoutSeconds HealthyThresholdCount Matcher Name Port Protocol ProtocolVersion Tags TargetGroupAttributes TargetType Targets UnhealthyThresholdCount VpcId',
  'AWS::Lambda::Alias': 'Description FunctionName FunctionVersion Name ProvisionedConcurrencyConfig',
  'AWS::Lambda::Version': 'CodeSha256 Description FunctionName ProvisionedConcurrencyConfig RuntimePolicy',
};

export function readPart(resource: Resource, draft: Draft): void {
  const properties = Object.hasOwn(known, resource.type) ? known[resource.type] : undefined;
  if (properties === undefined) return;
  const section = draft.stack.section(resource);
  section.ignore(...properties.split(' '));
  section.close();
}
