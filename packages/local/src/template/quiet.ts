/**
 * Types of resources: those that are played, and those that have nothing to play.
 *
 * @module
 */

/** Read into the app. */
export const playedTypes: ReadonlySet<string> = new Set([
  'AWS::ApiGateway::Authorizer',
  'AWS::ApiGateway::Method',
  'AWS::ApiGateway::Resource',
  'AWS::ApiGateway::RestApi',
  'AWS::ApiGateway::Stage',
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Authorizer',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Stage',
  'AWS::DynamoDB::GlobalTable',
  'AWS::DynamoDB::Table',
  'AWS::ElasticLoadBalancingV2::Listener',
  'AWS::ElasticLoadBalancingV2::ListenerRule',
  'AWS::ElasticLoadBalancingV2::TargetGroup',
  'AWS::Events::Rule',
  'AWS::Kinesis::Stream',
  'AWS::Lambda::Alias',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Function',
  'AWS::Lambda::Url',
  'AWS::Lambda::Version',
  'AWS::S3::Bucket',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::Subscription',
  'AWS::SNS::Topic',
  'AWS::SQS::Queue',
  'AWS::Scheduler::Schedule',
  'AWS::Serverless::Api',
  'AWS::Serverless::Function',
  'AWS::Serverless::HttpApi',
  'AWS::Serverless::SimpleTable',
  'Custom::S3BucketNotifications',
]);

/** Permissions, logs, alarms, networks, deployments: nothing of an app runs differently here without them. */
const quietServices: readonly string[] = [
  'AWS::Budgets::',
  'AWS::CDK::',
  'AWS::CloudWatch::',
  'AWS::CodeDeploy::',
  'AWS::IAM::',
  'AWS::Logs::',
  'AWS::ResourceGroups::',
  'AWS::XRay::',
];

const quiet: ReadonlySet<string> = new Set([
  'AWS::ApiGateway::Account',
  'AWS::ApiGateway::Deployment',
  'AWS::ApiGatewayV2::Deployment',
  'AWS::ApplicationInsights::Application',
  'AWS::CloudFormation::WaitConditionHandle',
  'AWS::ElasticLoadBalancingV2::LoadBalancer',
  'AWS::Events::EventBus',
  'AWS::Events::EventBusPolicy',
  'AWS::KMS::Alias',
  'AWS::KMS::Key',
  'AWS::Lambda::CodeSigningConfig',
  'AWS::Lambda::LayerVersionPermission',
  'AWS::Lambda::Permission',
  'AWS::SES::ConfigurationSet',
  'AWS::SES::EmailIdentity',
  'AWS::SNS::TopicInlinePolicy',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueueInlinePolicy',
  'AWS::SQS::QueuePolicy',
  'AWS::Scheduler::ScheduleGroup',
]);

export function isPlayed(type: string): boolean {
  return playedTypes.has(type);
}

/** Left out without a word. */
export function isQuiet(type: string): boolean {
  return quiet.has(type) || quietServices.some((service) => type.startsWith(service)) || isNetwork(type);
}

function isNetwork(type: string): boolean {
  return type.startsWith('AWS::EC2::') && !/Instance|Launch|Fleet|Host|Volume/.test(type);
}
