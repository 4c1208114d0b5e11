/**
 * What resources are called: physical names, ARNs, and what `Ref` and `Fn::GetAtt` give.
 *
 * @module
 */

/** What a resource is known by. */
export interface Identity {
  readonly name: string;
  readonly arn: string;
  /** What `Ref` gives. */
  readonly reference: string;
  /** What `Fn::GetAtt` gives, all of it; `undefined` where the type is not known here. */
  readonly attributes: Readonly<Record<string, string>> | undefined;
}

/** What names are made of. */
export interface Naming {
  readonly id: string;
  readonly type: string;
  readonly stack: string;
  readonly region: string;
  readonly accountId: string;
  readonly queueEndpoint: string;
  /** A property of the resource, as text. */
  property(name: string): string | undefined;
}

type Identify = (naming: Naming) => Identity;

/** The part of a stream's ARN that AWS makes of the time: the embedded DynamoDB makes its own. */
const STREAM_LABEL = '2000-01-01T00:00:00.000';

export function identify(naming: Naming): Identity {
  const known = Object.hasOwn(identities, naming.type) ? identities[naming.type] : undefined;
  return (known ?? other)(naming);
}

/** A function's ARN without version or alias. */
export function unqualified(arn: string): string {
  return arn.split(':').slice(0, 7).join(':');
}

const aFunction = named('FunctionName', 'lambda', 'function:', (arn) => ({ Arn: arn }));
const aTable = named('TableName', 'dynamodb', 'table/', (arn, name) => ({
  Arn: arn,
  StreamArn: `${arn}/stream/${STREAM_LABEL}`,
  TableId: name,
}));
const aTopic = named('TopicName', 'sns', '', (arn, name) => ({ TopicArn: arn, TopicName: name }), 'arn');

const identities: Readonly<Record<string, Identify>> = {
  'AWS::Serverless::Function': aFunction,
  'AWS::Lambda::Function': aFunction,
  'AWS::Lambda::Version': qualified(() => '1'),
  'AWS::Lambda::Alias': qualified((naming) => naming.property('Name') ?? naming.id),
  'AWS::Lambda::Url': (naming) => {
    const name = `${naming.stack}-${naming.id}`.toLowerCase();
    const target = naming.property('TargetFunctionArn') ?? name;
    const arn = target.startsWith('arn:') ? target : arnOf(naming, 'lambda', `function:${target}`);
    const url = `https://${name}.lambda-url.${naming.region}.on.aws/`;
    return { name, arn, reference: arn, attributes: { FunctionArn: arn, FunctionUrl: url } };
  },
  'AWS::DynamoDB::Table': aTable,
  'AWS::DynamoDB::GlobalTable': aTable,
  'AWS::Serverless::SimpleTable': aTable,
  'AWS::S3::Bucket': (naming) => {
    const name = naming.property('BucketName') ?? `${naming.stack}-${naming.id}`.toLowerCase();
    const arn = `arn:aws:s3:::${name}`;
    const attributes = {
      Arn: arn,
      DomainName: `${name}.s3.amazonaws.com`,
      DualStackDomainName: `${name}.s3.dualstack.${naming.region}.amazonaws.com`,
      RegionalDomainName: `${name}.s3.${naming.region}.amazonaws.com`,
      WebsiteURL: `http://${name}.s3-website-${naming.region}.amazonaws.com`,
    };
    return { name, arn, reference: name, attributes };
  },
  'AWS::SQS::Queue': (naming) => {
    const name = fifoName(naming, 'QueueName', 'FifoQueue');
    const arn = arnOf(naming, 'sqs', name);
    const url = `${naming.queueEndpoint.replace(/\/$/, '')}/${naming.accountId}/${name}`;
    return { name, arn, reference: url, attributes: { Arn: arn, QueueName: name, QueueUrl: url } };
  },
  'AWS::SNS::Topic': (naming) =>
    aTopic({
      ...naming,
      property: (name) =>
        name === 'TopicName' ? fifoName(naming, name, 'FifoTopic') : naming.property(name),
    }),
  'AWS::Kinesis::Stream': named('Name', 'kinesis', 'stream/', (arn) => ({ Arn: arn })),
  'AWS::Events::Rule': (naming) => {
    const bus = (naming.property('EventBusName') ?? 'default').split('/').at(-1) ?? 'default';
    const prefix = bus === 'default' ? 'rule/' : `rule/${bus}/`;
    return named('Name', 'events', prefix, (arn) => ({ Arn: arn }))(naming);
  },
  'AWS::Events::EventBus': named('Name', 'events', 'event-bus/', (arn, name) => ({ Arn: arn, Name: name })),
  'AWS::Scheduler::Schedule': (naming) =>
    named('Name', 'scheduler', `schedule/${naming.property('GroupName') ?? 'default'}/`, (arn) => ({
      Arn: arn,
    }))(naming),
  'AWS::Serverless::HttpApi': httpApi,
  'AWS::ApiGatewayV2::Api': httpApi,
  'AWS::Serverless::Api': restApi,
  'AWS::ApiGateway::RestApi': restApi,
  'AWS::ApiGateway::Stage': (naming) => plainly(naming, naming.property('StageName') ?? 'prod'),
  'AWS::ApiGatewayV2::Stage': (naming) => plainly(naming, naming.property('StageName') ?? '$default'),
  'AWS::IAM::Role': named('RoleName', 'iam', 'role/', (arn, name) => ({ Arn: arn, RoleId: name })),
  'AWS::Logs::LogGroup': named('LogGroupName', 'logs', 'log-group:', (arn) => ({ Arn: `${arn}:*` })),
  'AWS::ElasticLoadBalancingV2::LoadBalancer': balanced('loadbalancer/app/', (arn, name, { region }) => ({
    LoadBalancerArn: arn,
    LoadBalancerName: name,
    LoadBalancerFullName: `app/${name}/0000000000000000`,
    DNSName: `${name}.${region}.elb.amazonaws.com`.toLowerCase(),
    CanonicalHostedZoneID: 'Z00000000000000000000',
  })),
  'AWS::ElasticLoadBalancingV2::Listener': balanced('listener/app/', (arn) => ({ ListenerArn: arn })),
  'AWS::ElasticLoadBalancingV2::ListenerRule': balanced('listener-rule/app/', (arn) => ({
    RuleArn: arn,
    IsDefault: 'false',
  })),
  'AWS::ElasticLoadBalancingV2::TargetGroup': balanced('targetgroup/', (arn, name) => ({
    TargetGroupArn: arn,
    TargetGroupName: name,
    TargetGroupFullName: `targetgroup/${name}/0000000000000000`,
  })),
};

/** A resource whose name is a property, and whose ARN ends with that name. */
function named(
  property: string,
  service: string,
  prefix: string,
  attributes: (arn: string, name: string, naming: Naming) => Readonly<Record<string, string>>,
  reference: 'name' | 'arn' = 'name',
): Identify {
  return (naming) => {
    const name = naming.property(property) ?? `${naming.stack}-${naming.id}`;
    const arn = arnOf(naming, service, `${prefix}${name}`);
    return {
      name,
      arn,
      reference: reference === 'arn' ? arn : name,
      attributes: attributes(arn, name, naming),
    };
  };
}

function balanced(prefix: string, attributes: Parameters<typeof named>[3]): Identify {
  return named('Name', 'elasticloadbalancing', prefix, attributes, 'arn');
}

/** A version or an alias of a function. */
function qualified(qualifier: (naming: Naming) => string): Identify {
  return (naming) => {
    const target = naming.property('FunctionName') ?? naming.id;
    const version = qualifier(naming);
    const base = target.startsWith('arn:')
      ? unqualified(target)
      : arnOf(naming, 'lambda', `function:${target}`);
    const arn = `${base}:${version}`;
    const attributes = { AliasArn: arn, FunctionArn: arn, FunctionVersion: '1', Version: '1' };
    return { name: version, arn, reference: arn, attributes };
  };
}

function httpApi(naming: Naming): Identity {
  const api = plainly(naming, `${naming.stack}-${naming.id}`);
  const url = `https://${api.name}.execute-api.${naming.region}.amazonaws.com`;
  return { ...api, attributes: { ApiEndpoint: url, ApiId: api.name } };
}

function restApi(naming: Naming): Identity {
  const api = plainly(naming, `${naming.stack}-${naming.id}`);
  return { ...api, attributes: { RestApiId: api.name, RootResourceId: rootOf(api.name) } };
}

/** The id of the resource at the root of a REST API. */
export function rootOf(api: string): string {
  return `${api}/`;
}

function plainly(naming: Naming, name: string): Identity {
  return { name, arn: arnOf(naming, 'apigateway', `/apis/${name}`), reference: name, attributes: undefined };
}

/** A type without rules of its own: enough that what refers to it can be read on. */
function other(naming: Naming): Identity {
  const name = `${naming.stack}-${naming.id}`;
  const service = naming.type.split('::')[1]?.toLowerCase() ?? 'cloudformation';
  return { name, arn: arnOf(naming, service, name), reference: name, attributes: undefined };
}

function fifoName(naming: Naming, property: string, flag: string): string {
  const suffix = naming.property(flag)?.toLowerCase() === 'true' ? '.fifo' : '';
  return naming.property(property) ?? `${naming.stack}-${naming.id}${suffix}`;
}

function arnOf({ region, accountId }: Naming, service: string, resource: string): string {
  // IAM knows no region, REST and HTTP APIs no account.
  return `arn:aws:${service}:${service === 'iam' ? '' : region}:${service === 'apigateway' ? '' : accountId}:${resource}`;
}
