/**
 * Authorizers of routes.
 *
 * @module
 */
import type { RouteAuthorizer } from '../app.ts';
import { functionIn, functionOf } from '../draft.ts';
import type { Draft } from '../draft.ts';
import { sectionOf } from '../section.ts';
import type { Section } from '../section.ts';
import type { Resource } from '../stack.ts';
import { valueOf } from '../tree.ts';
import { identityHeaders } from './identity-source.ts';

/** The authorizer of a SAM event: its own, else the default of the API. */
export function authorizerOfEvent(
  auth: Section | undefined,
  api: Resource,
  draft: Draft,
): RouteAuthorizer | undefined {
  const ofApi = sectionOf(valueOf(api.properties, 'Auth'), `${api.id}.Auth`, draft.stack.findings, api.line);
  ofApi.ignore(
    'AddApiKeyRequiredToCorsPreflight',
    'AddDefaultAuthorizerToCorsPreflight',
    'EnableIamAuthorizer',
    'InvokeRole',
  );
  const isHttpApi = api.type === 'AWS::Serverless::HttpApi' || api.type === 'AWS::ApiGatewayV2::Api';
  // Keys of a REST API are read beside it; an HTTP API has none.
  const keys = isHttpApi ? ['ApiKeyRequired'] : [];
  if (!isHttpApi) for (const section of [auth, ofApi]) section?.ignore('ApiKeyRequired');
  for (const [section, names] of [
    [auth, ['ResourcePolicy', 'OverrideApiAuth']],
    [ofApi, ['ResourcePolicy', 'UsagePlan']],
  ] as const) {
    for (const name of [...keys, ...names]) {
      if (section?.has(name) === true) section.unknown(name, `"${name}" is not played here, left out`);
      section?.ignore(name);
    }
  }
  auth?.ignore('InvokeRole');
  const own = auth?.text('Authorizer');
  const scopes = auth?.texts('AuthorizationScopes') ?? [];
  const usual = ofApi.text('DefaultAuthorizer');
  const authorizers = ofApi.section('Authorizers');
  const name = own ?? usual;
  const found =
    name === undefined || name === 'NONE'
      ? undefined
      : namedAuthorizer(name, authorizers, auth ?? ofApi, { isHttpApi, draft });
  // Those that other routes ask for are read with them.
  authorizers?.ignore(...authorizers.keys);
  ofApi.close();
  return found && { ...found, ...(scopes.length > 0 && { scopes }) };
}

function namedAuthorizer(
  name: string,
  authorizers: Section | undefined,
  asking: Section,
  { isHttpApi, draft }: { readonly isHttpApi: boolean; readonly draft: Draft },
): RouteAuthorizer | undefined {
  if (name === 'AWS_IAM') return { name, kind: 'iam' };
  const declared = authorizers?.section(name);
  if (declared === undefined) {
    asking.error(
      asking.has('Authorizer') ? 'Authorizer' : 'DefaultAuthorizer',
      `there is no authorizer "${name}"`,
    );
    return undefined;
  }
  // Rights to call the function, and what the stub of a token does not look at.
  declared.ignore(
    'DisableFunctionDefaultPermissions',
    'EnableFunctionDefaultPermissions',
    'FunctionInvokeRole',
  );
  declared.ignore('EnableSimpleResponses', 'JwtConfiguration', 'UserPoolArn');
  const headers = identityHeaders(declared);
  const scopes = declared.texts('AuthorizationScopes');
  const common = {
    name,
    ...(scopes.length > 0 && { scopes }),
    ...(headers !== undefined && { identityHeaders: headers }),
  };
  if (declared.has('FunctionArn')) {
    const target = functionIn(declared, 'FunctionArn', draft);
    const version = declared.text('AuthorizerPayloadFormatVersion', { of: ['1.0', '2.0', '1', '2'] });
    const type = declared.text('FunctionPayloadType', { of: ['TOKEN', 'REQUEST'] });
    const form = isHttpApi
      ? httpApiForm(version, headers)
      : ({ gets: type === 'REQUEST' ? 'request' : 'token' } as const);
    return { ...common, kind: 'lambda', ...(target !== undefined && { function: target }), ...form };
  }
  if (declared.has('UserPoolArn')) return { ...common, kind: 'cognito' };
  if (declared.has('JwtConfiguration')) return { ...common, kind: 'jwt' };
  declared.error(undefined, 'an authorizer needs JwtConfiguration, FunctionArn or UserPoolArn');
  return undefined;
}

/** The authorizer that a CloudFormation route or method names. */
export function authorizerOfRoute(section: Section, draft: Draft): RouteAuthorizer | undefined {
  const type = section.text('AuthorizationType', {
    of: ['NONE', 'JWT', 'AWS_IAM', 'CUSTOM', 'COGNITO_USER_POOLS'],
  });
  const reference = section.text('AuthorizerId');
  const scopes = section.texts('AuthorizationScopes');
  if (type === undefined || type === 'NONE') return undefined;
  if (type === 'AWS_IAM') return { name: type, kind: 'iam' };
  const resource = draft.stack.find(
    reference,
    'AWS::ApiGatewayV2::Authorizer',
    'AWS::ApiGateway::Authorizer',
  );
  if (resource === undefined) {
    section.error('AuthorizerId', `"AuthorizerId" is no authorizer of this template`);
    return undefined;
  }
  const declared = draft.stack.section(resource);
  const name = declared.text('Name') ?? resource.id;
  const headers = identityHeaders(declared);
  const common = {
    name,
    ...(scopes.length > 0 && { scopes }),
    ...(headers !== undefined && { identityHeaders: headers }),
  };
  if (type !== 'CUSTOM') return { ...common, kind: type === 'JWT' ? 'jwt' : 'cognito' };

  const target = functionOf(declared.text('AuthorizerUri'), draft.stack);
  if (target === undefined)
    declared.error('AuthorizerUri', '"AuthorizerUri" is no function of this template');
  const form =
    resource.type === 'AWS::ApiGatewayV2::Authorizer'
      ? httpApiForm(declared.text('AuthorizerPayloadFormatVersion', { of: ['1.0', '2.0'] }), headers)
      : ({ gets: declared.text('Type') === 'REQUEST' ? 'request' : 'token' } as const);
  return { ...common, kind: 'lambda', ...(target !== undefined && { function: target }), ...form };
}

/** What a Lambda authorizer of an HTTP API gets. It needs no identity unless it says so. */
function httpApiForm(
  version: string | undefined,
  headers: readonly string[] | undefined,
): Pick<RouteAuthorizer, 'gets' | 'payloadVersion' | 'identityHeaders'> {
  return {
    gets: 'request',
    payloadVersion: version?.startsWith('1') === true ? '1.0' : '2.0',
    identityHeaders: headers ?? [],
  };
}
