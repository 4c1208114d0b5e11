import { httpEvent } from '@handlersmith/testing';
import { describe, expect, it } from 'vitest';

import { identityOfV1, identityOfV2 } from './identity.ts';

const nobody = { kind: 'none' };

describe('H21 HTTP API and Function URL', () => {
  it.each([
    [undefined],
    [null],
    ['jwt'],
    [7],
    [true],
    [{}],
    [[]],
    [{ jwt: null }],
    [{ jwt: 'x' }],
    [{ iam: null }],
    [{ iam: {} }],
    [{ iam: { userArn: 7 } }],
    [{ other: {} }],
  ])('has nobody in %j', (authorizer) => {
    expect(identityOfV2(authorizer)).toEqual(nobody);
  });

  it.each([
    [{ claims: { sub: 'a' }, scopes: ['read', 'write'] }, { sub: 'a' }, ['read', 'write']],
    [{ claims: { sub: 'a' }, scopes: null }, { sub: 'a' }, []],
    [{ claims: { sub: 'a' }, scopes: 'read write' }, { sub: 'a' }, ['read', 'write']],
    [{ claims: { sub: 'a' }, scopes: '' }, { sub: 'a' }, []],
    [{ claims: { sub: 'a' }, scopes: ['read', 7, null] }, { sub: 'a' }, ['read']],
    [{ claims: { sub: 'a' } }, { sub: 'a' }, []],
    [{ claims: null }, {}, []],
    [{}, {}, []],
  ])('has a JWT in %j', (jwt, claims, scopes) => {
    expect(identityOfV2({ jwt })).toEqual({ kind: 'jwt', claims, scopes });
  });

  it.each([
    [
      { tenant: 'a', level: 3 },
      { tenant: 'a', level: 3 },
    ],
    [{}, {}],
    [null, {}],
    ['text', {}],
  ])('has what a Lambda authorizer returned in %j', (lambda, context) => {
    expect(identityOfV2({ lambda })).toEqual({ kind: 'lambda', context, principalId: undefined });
  });

  it('has a signer', () => {
    const iam = { userArn: 'arn:aws:iam::123456789012:user/a', accountId: '123456789012', callerId: 'AIDA' };
    expect(identityOfV2({ iam })).toEqual({ kind: 'iam', ...iam });
    expect(identityOfV2({ iam: { userArn: iam.userArn, accountId: null } })).toEqual({
      kind: 'iam',
      userArn: iam.userArn,
      accountId: undefined,
      callerId: undefined,
    });
  });

  it.each(['httpApi', 'functionUrl'] as const)('is read from the event of %s', (source) => {
    const event = httpEvent(source, { authorizer: { iam: { userArn: 'arn:a' } } });
    const { requestContext } = event;
    expect(
      identityOfV2('authorizer' in requestContext ? requestContext.authorizer : undefined),
    ).toMatchObject({ kind: 'iam', userArn: 'arn:a' });
  });
});

describe('H21 REST API', () => {
  it.each([
    [undefined, undefined],
    [null, null],
    ['x', 'x'],
    [{}, {}],
    [{ claims: null }, { userArn: null }],
  ])('has nobody in %j, %j', (authorizer, identity) => {
    expect(identityOfV1(authorizer, identity)).toEqual(nobody);
  });

  it.each([
    [{ claims: { sub: 'a', scope: 'read write' } }, ['read', 'write']],
    [{ claims: { sub: 'a' } }, []],
    [{ claims: { sub: 'a', scope: 'read' }, scopes: ['admin'] }, ['admin']],
  ])('has the claims of a user pool in %j', (authorizer, scopes) => {
    expect(identityOfV1(authorizer, {})).toEqual({ kind: 'jwt', claims: authorizer.claims, scopes });
  });

  it.each([
    [{ principalId: 'user|a', tenant: 'a', integrationLatency: 3 }, { tenant: 'a' }, 'user|a'],
    [{ principalId: 'user|a' }, {}, 'user|a'],
    [{ tenant: 'a' }, { tenant: 'a' }, undefined],
    [{ principalId: 7 }, {}, undefined],
  ])('has what a Lambda authorizer returned in %j', (authorizer, context, principalId) => {
    expect(identityOfV1(authorizer, { userArn: 'arn:a' })).toEqual({ kind: 'lambda', context, principalId });
  });

  it('has a signer in the identity', () => {
    const identity = { userArn: 'arn:a', accountId: '1', caller: 'AIDA', sourceIp: '127.0.0.1' };
    expect(identityOfV1(undefined, identity)).toEqual({
      kind: 'iam',
      userArn: 'arn:a',
      accountId: '1',
      callerId: 'AIDA',
    });
  });

  it('is read from its event', () => {
    const { requestContext } = httpEvent('rest', { authorizer: { cognito: { claims: { sub: 'a' } } } });
    expect(identityOfV1(requestContext.authorizer, requestContext.identity)).toMatchObject({
      kind: 'jwt',
      claims: { sub: 'a' },
    });
    const open = httpEvent('rest');
    expect(identityOfV1(open.requestContext.authorizer, open.requestContext.identity)).toEqual(nobody);
  });
});
