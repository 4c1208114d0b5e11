import { describe, expect, test } from 'vitest';

import { cloudFormation, read, sam, told } from '../template.fixture.ts';

const event = (type: string, properties: string): string =>
  `Events:\n  Mine: { Type: ${type}, Properties: { ${properties} } }`;
const authorizer =
  'Check: { Type: AWS::Serverless::Function, Properties: { Runtime: nodejs24.x, CodeUri: ., Handler: app.handler } }';

const api = (
  route: string,
  integration = '',
): string => `Http: { Type: AWS::ApiGatewayV2::Api, Properties: { Name: a, ProtocolType: HTTP, CorsConfiguration: { AllowOrigins: ['*'] } } }
Stage: { Type: AWS::ApiGatewayV2::Stage, Properties: { ApiId: !Ref Http, StageName: v1, AutoDeploy: true } }
Proxy: { Type: AWS::ApiGatewayV2::Integration, Properties: { ApiId: !Ref Http, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt Work.Arn, PayloadFormatVersion: '2.0'${integration} } }
Login: { Type: AWS::ApiGatewayV2::Authorizer, Properties: { ApiId: !Ref Http, AuthorizerType: JWT, Name: login } }
Route: { Type: AWS::ApiGatewayV2::Route, Properties: { ApiId: !Ref Http, Target: !Sub 'integrations/\${Proxy}'${route} } }`;
const method = (
  properties: string,
): string => `Rest: { Type: AWS::ApiGateway::RestApi, Properties: { Name: a, BinaryMediaTypes: ['*/*'] } }
Rows: { Type: AWS::ApiGateway::Resource, Properties: { RestApiId: !Ref Rest, ParentId: !GetAtt Rest.RootResourceId, PathPart: rows } }
Row: { Type: AWS::ApiGateway::Resource, Properties: { RestApiId: !Ref Rest, ParentId: !Ref Rows, PathPart: '{id}' } }
Deployment: { Type: AWS::ApiGateway::Deployment, DependsOn: Get, Properties: { RestApiId: !Ref Rest, StageName: v1 } }
Get: { Type: AWS::ApiGateway::Method, Properties: { RestApiId: !Ref Rest, ResourceId: !Ref Row, HttpMethod: GET, ${properties} } }`;
const balancer = (
  rule: string,
): string => `Group: { Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: { TargetType: lambda, Targets: [{ Id: !GetAtt Work.Arn }], TargetGroupAttributes: [{ Key: lambda.multi_value_headers.enabled, Value: 'true' }] } }
Balancer: { Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: { Subnets: [a, b] } }
Listener: { Type: AWS::ElasticLoadBalancingV2::Listener, Properties: { LoadBalancerArn: !Ref Balancer, Port: 80, Protocol: HTTP, DefaultActions: [{ Type: fixed-response, FixedResponseConfig: { StatusCode: '404' } }] } }
Late: { Type: AWS::ElasticLoadBalancingV2::ListenerRule, Properties: { ListenerArn: !Ref Listener, Priority: 9, Conditions: [{ Field: path-pattern, Values: ['/*'] }], Actions: [{ Type: forward, TargetGroupArn: !Ref Group }] } }
Rule: { Type: AWS::ElasticLoadBalancingV2::ListenerRule, Properties: { ListenerArn: !Ref Listener, Priority: 1, ${rule} } }`;

describe('SAM: HTTP APIs', () => {
  test('an event without anything takes every request of the API that SAM makes', async () => {
    const app = await read(sam('', 'Events: { Any: { Type: HttpApi } }'));
    expect(told(app)).toEqual([]);
    expect(app.gateways).toMatchObject([
      {
        id: 'ServerlessHttpApi',
        kind: 'http-api',
        stage: '$default',
        routes: [
          {
            method: 'ANY',
            path: '$default',
            function: 'Work',
            payloadVersion: '2.0',
            timeout: 30_000,
            place: { line: 9 },
          },
        ],
      },
    ]);
  });

  test('have stage, CORS, authorizers and routes of their own', async () => {
    const app = await read(
      sam(
        `${authorizer}
Http:
  Type: AWS::Serverless::HttpApi
  Properties:
    StageName: v1
    CorsConfiguration: { AllowOrigins: [https://a.example], AllowMethods: [GET], AllowHeaders: [x], ExposeHeaders: [etag], MaxAge: 60, AllowCredentials: true }
    Auth:
      DefaultAuthorizer: Login
      Authorizers:
        Login: { AuthorizationScopes: [read], IdentitySource: $request.header.Authorization, JwtConfiguration: { issuer: x, audience: [y] } }
        Own: { FunctionArn: !GetAtt Check.Arn, AuthorizerPayloadFormatVersion: 2.0 }`,
        `Events:
  One: { Type: HttpApi, Properties: { ApiId: !Ref Http, Path: '/a/{id}', Method: get, TimeoutInMillis: 5000, PayloadFormatVersion: '1.0' } }
  Two: { Type: HttpApi, Properties: { ApiId: !Ref Http, Path: '/b/{rest+}', Method: POST, Auth: { Authorizer: Own } } }
  Three: { Type: HttpApi, Properties: { ApiId: !Ref Http, Path: /open, Method: ANY, Auth: { Authorizer: NONE } } }
  Four: { Type: HttpApi, Properties: { ApiId: !Ref Http, Path: /iam, Method: GET, Auth: { Authorizer: AWS_IAM } } }`,
      ),
    );
    expect(told(app)).toEqual([]);
    expect(app.gateways).toMatchObject([
      {
        id: 'Http',
        stage: 'v1',
        cors: {
          origins: ['https://a.example'],
          methods: ['GET'],
          headers: ['x'],
          exposeHeaders: ['etag'],
          credentials: true,
          maxAge: 60,
        },
        routes: [
          {
            method: 'GET',
            path: '/a/{id}',
            payloadVersion: '1.0',
            timeout: 5000,
            authorizer: { name: 'Login', kind: 'jwt', scopes: ['read'] },
          },
          {
            method: 'POST',
            path: '/b/{rest+}',
            authorizer: { name: 'Own', kind: 'lambda', function: 'Check' },
          },
          { method: 'ANY', path: '/open' },
          { method: 'GET', path: '/iam', authorizer: { name: 'AWS_IAM', kind: 'iam' } },
        ],
      },
    ]);
    expect(app.gateways[0]?.routes[2]).not.toHaveProperty('authorizer');
  });

  test.each([
    ['Path: items, Method: GET', 'route "GET items": a path begins with /'],
    ['Path: "/{a+}/b", Method: GET', '{name+} must be the last part of the path'],
    ['Path: "/a{b}", Method: GET', 'a parameter fills a whole part of the path: {name}'],
    ['Path: "/{a}/{a}", Method: GET', 'a parameter is there twice'],
    ['Path: /a, Method: FETCH', '"FETCH" is no method'],
    [
      'Path: /a, Method: GET, TimeoutInMillis: 30001',
      '"TimeoutInMillis" must be a whole number from 50 to 30000 milliseconds, got "30001"',
    ],
    ['Path: /a, Method: GET, ApiId: other', '"ApiId" is no API of this template: other'],
    ['Path: /a, Method: GET, Auth: { Authorizer: Nobody }', 'there is no authorizer "Nobody"'],
    [
      'Path: /a, Method: GET, PayloadFormatVersion: 3',
      '"PayloadFormatVersion" must be one of 1.0, 2.0, got "3"',
    ],
  ])('%s is an error', async (properties, message) => {
    expect(told(await read(sam('', event('HttpApi', properties))))).toEqual([
      expect.stringContaining(message),
    ]);
  });

  test('the same route twice is an error, whatever its parameters are called', async () => {
    const app = await read(
      sam(
        '',
        "Events:\n  One: { Type: HttpApi, Properties: { Path: '/{a}', Method: GET } }\n  Two: { Type: HttpApi, Properties: { Path: '/{b}', Method: get } }",
      ),
    );
    expect(told(app)).toEqual([
      '11 error ServerlessHttpApi: route "get /{b}" is there twice: line 10 has it for Work',
    ]);
  });

  test.each([
    [
      'CorsConfiguration: { AllowOrigins: ["*"], AllowCredentials: true }',
      'credentials and the origin * exclude each other',
    ],
    [
      'DefinitionBody: {}',
      '"DefinitionBody" is not played here, left out; routes come from the events of functions',
    ],
    ['Nonsense: 1', '"Nonsense" is not played here, left out'],
  ])('%s', async (property, message) => {
    const app = await read(sam(`Http: { Type: AWS::Serverless::HttpApi, Properties: { ${property} } }`));
    expect(told(app)).toEqual([expect.stringContaining(message)]);
  });

  test('one path may have several methods', async () => {
    const events =
      "Events:\n  One: { Type: HttpApi, Properties: { Path: '/{a}', Method: GET } }\n  Two: { Type: HttpApi, Properties: { Path: '/{a}', Method: POST } }";
    const app = await read(sam('', events));
    expect(told(app)).toEqual([]);
    expect(app.gateways[0]?.routes.map((route) => route.method)).toEqual(['GET', 'POST']);
  });

  test('CORS may be a word', async () => {
    const app = await read(
      sam('Http: { Type: AWS::Serverless::HttpApi, Properties: { CorsConfiguration: true } }'),
    );
    expect(app.gateways[0]?.cors?.origins).toEqual(['*']);
  });
});

describe('SAM: REST APIs', () => {
  test('have a stage, CORS in quotes, binary types and the 29 seconds', async () => {
    const app = await read(
      sam(
        `Rest: { Type: AWS::Serverless::Api, Properties: { StageName: v1, BinaryMediaTypes: [image~1png], Cors: { AllowOrigin: "'https://a.example'", AllowMethods: "'GET,POST'", AllowHeaders: "'x'", MaxAge: "'60'" }, Auth: { DefaultAuthorizer: Pool, Authorizers: { Pool: { UserPoolArn: arn:aws:cognito } } } } }`,
        event('Api', 'RestApiId: !Ref Rest, Path: "/a/{id}", Method: get'),
      ),
    );
    expect(told(app)).toEqual([]);
    expect(app.gateways).toMatchObject([
      {
        kind: 'rest-api',
        stage: 'v1',
        binaryMediaTypes: ['image/png'],
        cors: {
          origins: ['https://a.example'],
          methods: ['GET', 'POST'],
          headers: ['x'],
          credentials: false,
          maxAge: 60,
        },
        routes: [
          {
            method: 'GET',
            path: '/a/{id}',
            payloadVersion: '1.0',
            timeout: 29_000,
            authorizer: { name: 'Pool', kind: 'cognito' },
          },
        ],
      },
    ]);
  });

  test('that SAM makes have the stage Prod, and the globals', async () => {
    const app = await read(
      `Globals: { Api: { Cors: "'*'" } }\n${sam('', event('Api', 'Path: /, Method: any'))}`,
    );
    expect(app.gateways).toMatchObject([
      { id: 'ServerlessRestApi', stage: 'Prod', cors: { origins: ['*'] }, routes: [{ method: 'ANY' }] },
    ]);
  });

  test.each([
    ['the event', '', 'ApiKeyRequired: true', true],
    ['the API', 'ApiKeyRequired: true', '', true],
    ['the event more than the API', 'ApiKeyRequired: true', 'ApiKeyRequired: false', undefined],
    ['nobody', '', '', undefined],
  ])('need a key where %s says so, and that any key will do is told', async (_, ofApi, ofEvent, needsKey) => {
    const app = await read(
      sam(
        `Rest: { Type: AWS::Serverless::Api, Properties: { StageName: v1, Auth: { ${ofApi} } } }`,
        event('Api', `RestApiId: !Ref Rest, Path: /, Method: get, Auth: { ${ofEvent} }`),
      ),
    );
    expect(app.gateways[0]?.routes[0]?.needsKey).toBe(needsKey);
    const message = 'a request needs an x-api-key, and any will do';
    expect(told(app).map((text) => text.includes(message))).toEqual(needsKey === true ? [true] : []);
  });

  test('take keys of the header alone', async () => {
    const rest =
      'Rest: { Type: AWS::Serverless::Api, Properties: { StageName: v1, ApiKeySourceType: AUTHORIZER } }';
    const asked = event('Api', 'RestApiId: !Ref Rest, Path: /, Method: get, Auth: { ApiKeyRequired: true }');
    expect(told(await read(sam(rest, asked)))).toEqual([
      expect.stringContaining('a key that an authorizer gives is not played'),
    ]);
  });

  test('need path and method', async () => {
    expect(told(await read(sam('', event('Api', 'Path: /'))))).toEqual([
      expect.stringContaining('"Method" is missing'),
    ]);
  });
});

describe('Function URLs', () => {
  test.each([
    [
      'SAM',
      sam(
        '',
        'FunctionUrlConfig: { AuthType: AWS_IAM, InvokeMode: RESPONSE_STREAM, Cors: { AllowOrigins: [a] } }',
      ),
    ],
    [
      'CloudFormation',
      cloudFormation(
        'WorkUrl: { Type: AWS::Lambda::Url, Properties: { TargetFunctionArn: !GetAtt Work.Arn, AuthType: AWS_IAM, InvokeMode: RESPONSE_STREAM, Cors: { AllowOrigins: [a] } } }',
      ),
    ],
  ])('in %s', async (_, text) => {
    const app = await read(text);
    expect(app.gateways).toMatchObject([
      {
        id: 'WorkUrl',
        kind: 'function-url',
        streams: true,
        cors: { origins: ['a'] },
        routes: [{ method: 'ANY', path: '$default', function: 'Work', authorizer: { kind: 'iam' } }],
      },
    ]);
  });

  test('say who may call them', async () => {
    expect(told(await read(sam('', 'FunctionUrlConfig: { InvokeMode: BUFFERED }')))).toEqual([
      expect.stringContaining('"AuthType" is missing'),
    ]);
  });
});

describe('CloudFormation: HTTP APIs', () => {
  test('are API, stage, integration, route and authorizer', async () => {
    const app = await read(
      cloudFormation(
        api(
          ", RouteKey: 'GET /a/{id}', AuthorizationType: JWT, AuthorizerId: !Ref Login, AuthorizationScopes: [read]",
          ', TimeoutInMillis: 1000',
        ),
      ),
    );
    expect(told(app)).toEqual([]);
    expect(app.gateways).toMatchObject([
      {
        id: 'Http',
        kind: 'http-api',
        stage: 'v1',
        cors: { origins: ['*'] },
        routes: [
          {
            method: 'GET',
            path: '/a/{id}',
            function: 'Work',
            payloadVersion: '2.0',
            timeout: 1000,
            authorizer: { name: 'login', kind: 'jwt', scopes: ['read'] },
          },
        ],
      },
    ]);
  });

  test("an integration's address may be API Gateway's own", async () => {
    const uri =
      "!Sub 'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Work.Arn}/invocations'";
    const app = await read(cloudFormation(api(', RouteKey: $default').replace('!GetAtt Work.Arn', uri)));
    expect(app.gateways[0]?.routes).toMatchObject([{ method: 'ANY', path: '$default', function: 'Work' }]);
  });

  test.each([
    [', RouteKey: GET', '"RouteKey" must be a method and a path, or $default, got "GET"'],
    ['', '"RouteKey" is missing'],
    [', RouteKey: $default, AuthorizationType: JWT', '"AuthorizerId" is no authorizer of this template'],
  ])('a route with %j', async (route, message) => {
    expect(told(await read(cloudFormation(api(route)))).join('\n')).toContain(message);
  });

  test.each([
    [
      'AWS_PROXY',
      'HTTP_PROXY',
      'an integration with no function is not played; route "$default" is left out',
    ],
    [
      '!GetAtt Work.Arn',
      'arn:aws:lambda:eu-west-1:1:function:other',
      '"IntegrationUri" is no function of this template',
    ],
    ["PayloadFormatVersion: '2.0'", 'Description: x', '"PayloadFormatVersion" is missing'],
    [
      'integrations/${Proxy}',
      'integrations/x',
      '"Target" must be integrations/ and an integration of this template, got integrations/x',
    ],
    ['ProtocolType: HTTP', 'ProtocolType: WEBSOCKET', 'a WebSocket API is not played, left out'],
  ])('%s replaced by %s', async (before, after, message) => {
    expect(
      told(await read(cloudFormation(api(', RouteKey: $default').replace(before, after)))).join('\n'),
    ).toContain(message);
  });
});

describe('CloudFormation: REST APIs', () => {
  const proxy =
    "Integration: { Type: AWS_PROXY, IntegrationHttpMethod: POST, Uri: !Sub 'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Work.Arn}/invocations' }";

  test('are resources and methods, with paths from their parents', async () => {
    const app = await read(cloudFormation(method(`AuthorizationType: AWS_IAM, ${proxy}`)));
    expect(told(app)).toEqual([]);
    expect(app.gateways).toMatchObject([
      {
        kind: 'rest-api',
        stage: 'v1',
        binaryMediaTypes: ['*/*'],
        routes: [
          {
            method: 'GET',
            path: '/rows/{id}',
            function: 'Work',
            timeout: 29_000,
            authorizer: { kind: 'iam' },
          },
        ],
      },
    ]);
  });

  test.each([
    [
      'Integration: { Type: HTTP, Uri: x }',
      'an integration other than AWS_PROXY is not played; route "GET /rows/{id}" is left out',
    ],
    ['Integration: { Type: AWS_PROXY, Uri: x }', '"Uri" is no function of this template: x'],
    [`ApiKeyRequired: true, ${proxy}`, 'a request needs an x-api-key, and any will do'],
    [`RequestValidatorId: x, ${proxy}`, '"RequestValidatorId" is not played here, left out'],
  ])('a method with %s', async (properties, message) => {
    expect(told(await read(cloudFormation(method(properties))))).toEqual([expect.stringContaining(message)]);
  });

  test('need a stage, and resources that lead to the root', async () => {
    const text = cloudFormation(method(proxy));
    expect(told(await read(text.replace(', StageName: v1', '')))).toEqual([
      expect.stringContaining('no stage'),
    ]);
    expect(told(await read(text.replace('ParentId: !Ref Rows', 'ParentId: other')))).toEqual([
      expect.stringContaining('"ResourceId" is no resource of this API, or its parents lead nowhere'),
    ]);
  });
});

describe('load balancers', () => {
  const forward = 'Actions: [{ Type: forward, TargetGroupArn: !Ref Group }]';

  test('forward by the priority of their rules', async () => {
    const app = await read(
      cloudFormation(
        balancer(
          `Conditions: [{ Field: path-pattern, PathPatternConfig: { Values: [/a, /b*] } }, { Field: http-request-method, HttpRequestMethodConfig: { Values: [GET] } }], ${forward}`,
        ),
      ),
    );
    expect(told(app)).toEqual([
      expect.stringContaining('an action "fixed-response" is not played, left out'),
    ]);
    expect(app.gateways).toMatchObject([
      {
        id: 'Listener',
        kind: 'alb',
        multiValueHeaders: true,
        routes: [
          { method: 'GET', path: '/a', function: 'Work' },
          { method: 'GET', path: '/b*', function: 'Work' },
          { method: 'ANY', path: '/*', function: 'Work' },
        ],
      },
    ]);
  });

  test('name conditions and targets that are not played', async () => {
    const app = await read(
      cloudFormation(
        balancer(
          `Conditions: [{ Field: host-header, HostHeaderConfig: { Values: [a] } }], ${forward}`,
        ).replace('Id: !GetAtt Work.Arn', 'Id: other'),
      ),
    );
    expect(told(app).join('\n')).toContain(
      'a condition on host-header is not played: it holds for every request',
    );
    expect(told(app).join('\n')).toContain('"Id" is no function of this template: other');
  });
});
