import { describe, expect, test } from 'vitest';

import { cloudFormation, read, sam, told } from '../template.fixture.ts';

const event = (type: string, properties: string): string =>
  `Events:\n  Mine: { Type: ${type}, Properties: { ${properties} } }`;
const authorizer =
  'Check: { Type: AWS::Serverless::Function, Properties: { Runtime: nodejs24.x, CodeUri: ., Handler: app.handler } }';
const http = (own: string): string =>
  sam(
    `${authorizer}\nHttp: { Type: AWS::Serverless::HttpApi, Properties: { Auth: { DefaultAuthorizer: Own, Authorizers: { Own: { FunctionArn: !GetAtt Check.Arn, ${own} } } } } }`,
    event('HttpApi', 'ApiId: !Ref Http'),
  );
const rest = (own: string): string =>
  sam(
    `${authorizer}\nRest: { Type: AWS::Serverless::Api, Properties: { StageName: v1, Auth: { DefaultAuthorizer: Own, Authorizers: { Own: { FunctionArn: !GetAtt Check.Arn, ${own} } } } } }`,
    event('Api', 'RestApiId: !Ref Rest, Path: /, Method: get'),
  );

describe('authorizers that are functions', () => {
  const check =
    'Check: { Type: AWS::Lambda::Function, Properties: { Runtime: nodejs24.x, Code: { S3Bucket: a, S3Key: a.zip }, Handler: app.handler } }';
  const uri =
    "AuthorizerUri: !Sub 'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Check.Arn}/invocations'";
  const declared = (type: string, own: string, parts: string): string =>
    cloudFormation(`${check}\n${parts}\nOwn: { Type: ${type}, Properties: { Name: own, ${uri}, ${own} } }`);
  const httpParts = `Http: { Type: AWS::ApiGatewayV2::Api, Properties: { ProtocolType: HTTP } }
Proxy: { Type: AWS::ApiGatewayV2::Integration, Properties: { ApiId: !Ref Http, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt Work.Arn, PayloadFormatVersion: '2.0' } }
Route: { Type: AWS::ApiGatewayV2::Route, Properties: { ApiId: !Ref Http, Target: !Sub 'integrations/\${Proxy}', RouteKey: $default, AuthorizationType: CUSTOM, AuthorizerId: !Ref Own } }`;
  const restParts = `Rest: { Type: AWS::ApiGateway::RestApi, Properties: { Name: a } }
Stage: { Type: AWS::ApiGateway::Stage, Properties: { RestApiId: !Ref Rest, StageName: v1 } }
Get: { Type: AWS::ApiGateway::Method, Properties: { RestApiId: !Ref Rest, ResourceId: !GetAtt Rest.RootResourceId, HttpMethod: GET, AuthorizationType: CUSTOM, AuthorizerId: !Ref Own, Integration: { Type: AWS_PROXY, Uri: !GetAtt Work.Arn } } }`;

  test.each([
    [
      'SAM, HTTP API',
      http("AuthorizerPayloadFormatVersion: '1.0', Identity: { Headers: [X-Key] }"),
      { gets: 'request', payloadVersion: '1.0', identityHeaders: ['x-key'] },
    ],
    [
      'SAM, HTTP API that asks for nothing',
      http('AuthorizerPayloadFormatVersion: 2.0'),
      { gets: 'request', payloadVersion: '2.0', identityHeaders: [] },
    ],
    [
      'SAM, REST API by token',
      rest('Identity: { Header: X-Token }'),
      { gets: 'token', identityHeaders: ['x-token'] },
    ],
    ['SAM, REST API by request', rest('FunctionPayloadType: REQUEST'), { gets: 'request' }],
    [
      'CloudFormation, HTTP API',
      declared(
        'AWS::ApiGatewayV2::Authorizer',
        "AuthorizerType: REQUEST, AuthorizerPayloadFormatVersion: '2.0', IdentitySource: [$request.header.X-Key]",
        httpParts,
      ),
      { gets: 'request', payloadVersion: '2.0', identityHeaders: ['x-key'] },
    ],
    [
      'CloudFormation, REST API',
      declared(
        'AWS::ApiGateway::Authorizer',
        'Type: TOKEN, IdentitySource: method.request.header.Authorization',
        restParts,
      ),
      { gets: 'token', identityHeaders: ['authorization'] },
    ],
  ])('H21 in %s', async (_, text, form) => {
    const app = await read(text);
    expect(told(app)).toEqual([]);
    expect(app.gateways[0]?.routes[0]?.authorizer).toMatchObject({
      kind: 'lambda',
      function: 'Check',
      ...form,
    });
  });

  test.each([
    ['Identity: { QueryStrings: [a] }', '"QueryStrings" of an authorizer is not played here, left out'],
    ['Nonsense: 1', '"Nonsense" is not played here, left out'],
  ])('H21 %s is named', async (own, message) => {
    expect(told(await read(http(own)))).toEqual([expect.stringContaining(message)]);
  });

  test('H21 a source of identity other than a header is named', async () => {
    const text = declared(
      'AWS::ApiGatewayV2::Authorizer',
      'AuthorizerType: REQUEST, IdentitySource: [$request.querystring.a]',
      httpParts,
    );
    expect(told(await read(text))).toEqual([
      expect.stringContaining('"$request.querystring.a" is not played as a source of identity, left out'),
    ]);
  });
});
