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
  for (const [section, names] of [
    [auth, ['ApiKeyRequired', 'ResourcePolicy', 'OverrideApiAuth']],
    [ofApi, ['ApiKeyRequired', 'ResourcePolicy', 'UsagePlan']],
  ] as const) {
    for (const name of names) {
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
      : namedAuthorizer(name, authorizers, auth ?? ofApi, draft);
  ofApi.ignore('Authorizers');
  return found && { ...found, ...(scopes.length > 0 && { scopes }) };
}

function namedAuthorizer(
  name: string,
  authorizers: Section | undefined,
  asking: Section,
  draft: Draft,
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
  // What the stub of an authorizer does not look at.
  declared.ignore(
    'AuthorizerPayloadFormatVersion',
    'EnableFunctionDefaultPermissions',
    'EnableSimpleResponses',
  );
  declared.ignore(
    'FunctionInvokeRole',
    'FunctionPayloadType',
    'Identity',
    'IdentitySource',
    'JwtConfiguration',
  );
  declared.ignore('DisableFunctionDefaultPermissions', 'AuthorizationScopes', 'UserPoolArn');
  const scopes = declared.texts('AuthorizationScopes');
  const withScopes = scopes.length > 0 ? { scopes } : {};
  if (declared.has('FunctionArn')) {
    const target = functionIn(declared, 'FunctionArn', draft);
    return { name, kind: 'lambda', ...(target !== undefined && { function: target }) };
  }
  if (declared.has('UserPoolArn')) return { name, kind: 'cognito', ...withScopes };
  if (declared.has('JwtConfiguration')) return { name, kind: 'jwt', ...withScopes };
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
  const kind = type === 'JWT' ? 'jwt' : type === 'CUSTOM' ? 'lambda' : 'cognito';
  const target =
    kind === 'lambda'
      ? functionOf(draft.stack.section(resource).text('AuthorizerUri'), draft.stack)
      : undefined;
  if (kind === 'lambda' && target === undefined)
    draft.stack.findings.error(
      resource.line,
      `${resource.id}: "AuthorizerUri" is no function of this template`,
    );
  return {
    name: draft.stack.section(resource).text('Name') ?? resource.id,
    kind,
    ...(scopes.length > 0 && { scopes }),
    ...(target !== undefined && { function: target }),
  };
}
