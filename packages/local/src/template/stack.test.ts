import { describe, expect, test } from 'vitest';

import { cloudFormation, read, sam, told } from './template.fixture.ts';

/** A template with a parameter, whose value is an output. */
function withParameter(declaration: string): string {
  return `Parameters:\n  P: ${declaration}\nResources:\n  A: { Type: AWS::SQS::Queue }\nOutputs:\n  O: { Value: !Ref P }`;
}

const template = (value: string): string =>
  [
    'Parameters: { Stage: { Type: String, Default: dev } }',
    'Conditions: { Prod: !Equals [!Ref Stage, prod] }',
    'Resources:',
    '  A: { Type: AWS::SQS::Queue }',
    '  B: { Type: AWS::SQS::Queue, Condition: Prod }',
    'Outputs:',
    `  O: { Value: ${value} }`,
    '  P: { Value: !Ref B, Condition: Prod }',
  ].join('\n');

describe('parameters', () => {
  test.each([
    [
      '{ Type: String }',
      undefined,
      '2 error parameter "P" has no default and was given no value: --parameter P=… gives one',
    ],
    ['{ Default: a }', undefined, '2 error parameter "P": Type is missing'],
    ['{ Type: Text, Default: a }', undefined, '2 error parameter "P": "Text" is no type of parameters'],
    [
      '{ Type: String, AllowedValues: [a, b] }',
      'c',
      '2 error parameter "P" breaks AllowedValues: expected one of a, b, got "c"',
    ],
    [
      '{ Type: String, AllowedPattern: "[a-z]+" }',
      'a1',
      '2 error parameter "P" breaks AllowedPattern: the value does not match [a-z]+',
    ],
    [
      '{ Type: String, AllowedPattern: "[" }',
      'a',
      '2 error parameter "P" breaks AllowedPattern: it is no regular expression',
    ],
    ['{ Type: String, MinLength: 3 }', 'a', '2 error parameter "P" breaks MinLength: 3, got 1'],
    ['{ Type: String, MaxLength: 3 }', 'abcd', '2 error parameter "P" breaks MaxLength: 3, got 4'],
    ['{ Type: Number, MinValue: 3 }', '2', '2 error parameter "P" breaks MinValue: 3, got 2'],
    ['{ Type: Number, MaxValue: 3 }', '4', '2 error parameter "P" breaks MaxValue: 3, got 4'],
    ['{ Type: Number }', 'many', '2 error parameter "P" breaks Type: expected a number, got "many"'],
    ['{ Type: List<Number> }', '1,b', '2 error parameter "P" breaks Type: expected numbers, got "1,b"'],
  ])('%s with %j is an error', async (declaration, value, expected) => {
    const app = await read(
      withParameter(declaration),
      value === undefined ? {} : { parameters: { P: value } },
    );
    expect(told(app)).toEqual([expected]);
  });

  test('that are given must be declared', async () => {
    const app = await read(withParameter('{ Type: String, Default: a }'), { parameters: { Q: 'x' } });
    expect(told(app)).toEqual(['2 error there is no parameter "Q"']);
  });

  test.each([
    ['{ Type: String, Default: a }', undefined, 'a'],
    ['{ Type: String, Default: "" }', undefined, ''],
    ['{ Type: String, Default: a }', 'b', 'b'],
    ['{ Type: Number, Default: 5 }', undefined, '5'],
    ['{ Type: CommaDelimitedList, Default: "a, b" }', undefined, '["a","b"]'],
    ['{ Type: "List<AWS::EC2::Subnet::Id>", Default: "s-1,s-2" }', undefined, '["s-1","s-2"]'],
    ['{ Type: AWS::EC2::VPC::Id, Default: v-1 }', undefined, 'v-1'],
    ['{ Type: "AWS::SSM::Parameter::Value<String>", Default: /a/b }', 'given', 'given'],
  ])('%s with %j', async (declaration, value, expected) => {
    const app = await read(
      withParameter(declaration),
      value === undefined ? {} : { parameters: { P: value } },
    );
    expect(told(app)).toEqual([]);
    expect(app.outputs['O']).toBe(expected);
  });

  test('from SSM are named where they are used, and only there', async () => {
    const text = withParameter('{ Type: "AWS::SSM::Parameter::Value<String>", Default: /a/b }');
    expect(told(await read(text))).toEqual([
      '6 unknown parameter "P" is the value of SSM parameter "/a/b", which is not known here: its name is taken; give "P" a value',
    ]);
    expect(told(await read(text.replace('!Ref P', 'x')))).toEqual([]);
  });
});

describe('conditions', () => {
  test('leave resources and outputs out', async () => {
    const dev = await read(template('x'));
    expect(told(dev)).toEqual([]);
    expect(dev.queues.map(({ id }) => id)).toEqual(['A']);
    expect(Object.keys(dev.outputs)).toEqual(['O']);
    const prod = await read(template('x'), { parameters: { Stage: 'prod' } });
    expect(prod.queues.map(({ id }) => id)).toEqual(['A', 'B']);
    expect(Object.keys(prod.outputs)).toEqual(['O', 'P']);
  });

  test('make a reference to what they left out an error', async () => {
    expect(told(await read(template('!Ref B')))).toEqual([
      '7 error "B" is not made: its condition "Prod" does not hold',
    ]);
  });

  test('AWS::NoValue takes the property away', async () => {
    const app = await read(
      sam(
        '',
        "Timeout: !If [Never, 60, !Ref 'AWS::NoValue']\nEnvironment: { Variables: { AA: !Ref AWS::NoValue, BB: b } }",
      ).replace('Resources:', 'Conditions: { Never: !Equals [a, b] }\nResources:'),
    );
    expect(told(app)).toEqual([]);
    expect(app.functions[0]).toMatchObject({ timeout: 3, environment: { BB: 'b' } });
    expect(app.functions[0]?.environment).not.toHaveProperty('AA');
  });
});

describe('references between resources', () => {
  test.each([
    [
      'A: { Type: AWS::SQS::Queue, Properties: { Tags: [{ Key: a, Value: !Ref B }] } }',
      'B: { Type: AWS::SQS::Queue, Properties: { Tags: [{ Key: a, Value: !GetAtt A.Arn }] } }',
    ],
    ['A: { Type: AWS::SQS::Queue, DependsOn: B }', 'B: { Type: AWS::SQS::Queue, DependsOn: [A] }'],
    [
      'A: { Type: AWS::SQS::Queue, Properties: { QueueName: !Sub "${B.QueueName}x" } }',
      'B: { Type: AWS::SQS::Queue, Properties: { QueueName: !Sub "${A.QueueName}x" } }',
    ],
  ])('%s in a cycle', async (a, b) => {
    expect(told(await read(`Resources:\n  ${a}\n  ${b}`))).toEqual([
      '2 error a cycle: A needs B needs A; CloudFormation refuses it',
    ]);
  });

  test('a SAM function that knows the bucket which invokes it is a cycle', async () => {
    const events =
      'Events: { New: { Type: S3, Properties: { Bucket: !Ref Files, Events: s3:ObjectCreated:* } } }';
    const files = 'Files: { Type: AWS::S3::Bucket }';
    expect(told(await read(sam(files, events)))).toEqual([]);
    expect(
      told(await read(sam(files, `${events}\nEnvironment: { Variables: { BUCKET: !Ref Files } }`))),
    ).toEqual(['11 error a cycle: Files needs Work needs Files; CloudFormation refuses it']);
  });

  test('DependsOn must name a resource', async () => {
    expect(told(await read('Resources:\n  A: { Type: AWS::SQS::Queue, DependsOn: B }'))).toEqual([
      '2 error A: DependsOn names no resource: "B"',
    ]);
  });

  test('what SAM makes can be referred to', async () => {
    const app = await read(
      sam(
        '',
        'AutoPublishAlias: live\nFunctionUrlConfig: { AuthType: NONE }\nEvents: { Any: { Type: HttpApi }, Old: { Type: Api, Properties: { Path: /, Method: get } } }',
      ) +
        [
          'Outputs:',
          '  Role: { Value: !GetAtt WorkRole.Arn }',
          '  Alias: { Value: !Ref Work.Alias }',
          '  Version: { Value: !Ref Work.Version }',
          '  Url: { Value: !GetAtt WorkUrl.FunctionUrl }',
          "  Http: { Value: !Sub '${ServerlessHttpApi}' }",
          '  Rest: { Value: !Ref ServerlessRestApi.Stage }',
        ].join('\n'),
    );
    expect(told(app)).toEqual([]);
    expect(app.outputs).toEqual({
      Role: 'arn:aws:iam::123456789012:role/shop-WorkRole',
      Alias: 'arn:aws:lambda:eu-west-1:123456789012:function:shop-Work:live',
      Version: 'arn:aws:lambda:eu-west-1:123456789012:function:shop-Work:1',
      Url: 'https://shop-workurl.lambda-url.eu-west-1.on.aws/',
      Http: 'shop-ServerlessHttpApi',
      Rest: 'Prod',
    });
  });
});

describe('resources that are not played', () => {
  test('are named with their line, unless there is nothing to play', async () => {
    const app = await read(
      [
        'Resources:',
        '  Role: { Type: AWS::IAM::Role }',
        '  Logs: { Type: AWS::Logs::LogGroup }',
        '  Alarm: { Type: AWS::CloudWatch::Alarm }',
        '  Flow: { Type: AWS::StepFunctions::StateMachine }',
        '  Site: { Type: AWS::CloudFront::Distribution }',
        '  Mine: { Type: Custom::Mine, Properties: { ServiceToken: !GetAtt Provider.Arn } }',
        '  Provider: { Type: AWS::Lambda::Function, Properties: { Code: { ZipFile: x } } }',
        '  Files: { Type: AWS::S3::Bukket }',
        'Outputs:',
        '  Site: { Value: !GetAtt Site.DomainName }',
      ].join('\n'),
    );
    expect(told(app)).toEqual([
      '5 unknown Flow: resources of type AWS::StepFunctions::StateMachine are not played, left out',
      '6 unknown Site: resources of type AWS::CloudFront::Distribution are not played, left out',
      '7 unknown Mine: a custom resource (Custom::Mine) is not played, it and its function are left out',
      '9 unknown Files: resources of type AWS::S3::Bukket are not played, left out. Did you mean AWS::S3::Bucket?',
      '11 unknown Site.DomainName: not known here, a stand-in is taken',
    ]);
    expect(app.functions).toEqual([]);
  });

  test.each([
    ['A: [1]', 'A: a resource is a map with a Type, got a list of 1'],
    ['A: { Properties: {} }', 'A: a resource is a map with a Type, got a map with Properties'],
    [
      'A: { Type: AWS::SQS::Queue, QueueName: a }',
      'A: a resource has no "QueueName"; do you mean Properties.QueueName?',
    ],
    [
      'A: { Type: AWS::SQS::Queue, Propertys: {} }',
      'A: a resource has no "Propertys". Did you mean Properties?',
    ],
    ['A: { Type: AWS::SQS::Queue, Properties: [1] }', 'A: Properties must be a map, got a list of 1'],
    ['a-b: { Type: AWS::SQS::Queue }', '"a-b": a logical id is letters and digits'],
    ['A: { Type: AWS::SQS::Queue, Condition: Nobody }', 'there is no condition "Nobody"'],
  ])('%s is an error', async (resource, message) => {
    expect(told(await read(`Resources:\n  ${resource}`))).toEqual([`2 error ${message}`]);
  });
});

test('parts of others are named where something of them is left out', async () => {
  const app = await read(
    cloudFormation(
      `Live:
  Type: AWS::Lambda::Alias
  Properties:
    FunctionName: !Ref Work
    FunctionVersion: '1'
    Name: live
    RoutingConfig: { AdditionalVersionWeights: [] }`,
    ),
  );
  expect(told(app)).toEqual(['15 unknown Live: "RoutingConfig" is not played here, left out']);
});

describe('globals', () => {
  test("merge by SAM's rules: maps merged, of the rest the function's own", async () => {
    const globals =
      'Globals:\n  Function:\n    Timeout: 5\n    MemorySize: 256\n    Environment: { Variables: { AA: shared, BB: shared } }\n';
    const app = await read(globals + sam('', 'Timeout: 7\nEnvironment: { Variables: { BB: own, CC: own } }'));
    expect(told(app)).toEqual([]);
    expect(app.functions[0]).toMatchObject({
      timeout: 7,
      memory: 256,
      environment: { AA: 'shared', BB: 'own', CC: 'own' },
    });
  });

  test('an intrinsic function is not merged into', async () => {
    const globals =
      'Globals: { Function: { Timeout: 5, Environment: { Variables: { AA: { Ref: AWS::Region } } } } }\n';
    const app = await read(globals + sam('', 'Environment: { Variables: { AA: !Sub x } }'));
    expect(app.functions[0]?.environment).toEqual({ AA: 'x' });
  });

  test('lists are put one after the other', async () => {
    const globals = 'Globals: { Api: { BinaryMediaTypes: [a~1b] } }\n';
    const api =
      'Rest: { Type: AWS::Serverless::Api, Properties: { StageName: v1, BinaryMediaTypes: [c~1d] } }';
    expect((await read(globals + sam(api))).gateways[0]?.binaryMediaTypes).toEqual(['a/b', 'c/d']);
  });

  test('do not reach a resource that ignores them', async () => {
    const text = `Globals: { Function: { Timeout: 5 } }\n${sam('')}`.replace(
      '    Properties:',
      "    IgnoreGlobals: '*'\n    Properties:",
    );
    expect((await read(text)).functions[0]?.timeout).toBe(3);
  });
});
