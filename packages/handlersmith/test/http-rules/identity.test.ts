import { httpSources, requestAs } from '@handlersmith/testing';
import { httpHandler } from 'handlersmith/http';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const whoami = httpHandler({ logger: false }, ({ identity, claims }) => ({ identity, claims }));
const mine = httpHandler(
  { logger: false, claims: z.object({ sub: z.string(), 'custom:tenant': z.string().min(1) }) },
  ({ claims }) => `${claims.sub} of ${claims['custom:tenant']}`,
);
const claims = { sub: 'user-1', 'custom:tenant': 'acme' };

describe.each(httpSources)('%s', (source) => {
  const request = requestAs(source);

  it('H21 nobody is said to be nobody', async () => {
    expect((await request(whoami, 'GET /')).json()).toEqual({ identity: { kind: 'none' }, claims: {} });
    const refused = await request(mine, 'GET /');
    expect(refused.status).toBe(401);
    expect(refused.header('www-authenticate')).toBe('Bearer');
  });

  it('H21 headers of the client give no identity', async () => {
    const headers = {
      authorization: 'Bearer x.y.z',
      'x-amzn-oidc-data': 'x.y.z',
      'x-amzn-oidc-identity': 'root',
    };
    expect((await request(whoami, 'GET /', { headers })).json()).toMatchObject({
      identity: { kind: 'none' },
    });
  });
});

describe('H21 the claims of a token', () => {
  it.each([
    ['rest', { cognito: { claims: { ...claims, scope: 'a b' } } }],
    ['httpApi', { jwt: { claims, scopes: ['a', 'b'] } }],
  ] as const)('%s', async (source, authorizer) => {
    const request = requestAs(source);
    expect((await request(whoami, 'GET /', { authorizer })).json()).toMatchObject({
      identity: { kind: 'jwt', claims, scopes: ['a', 'b'] },
      claims,
    });
    expect((await request(mine, 'GET /', { authorizer })).json()).toBe('user-1 of acme');
  });

  it.each([
    ['rest', { cognito: { claims: { sub: 'user-1' } } }],
    ['httpApi', { jwt: { claims: { sub: 'user-1' } } }],
  ] as const)('%s: others than the route asks for are a 403 that shows none', async (source, authorizer) => {
    const response = await requestAs(source)(mine, 'GET /', { authorizer });
    expect(response.status).toBe(403);
    expect(response.text()).not.toContain('user-1');
  });
});

describe('H21 what a Lambda authorizer returned', () => {
  it.each([
    ['rest', '1'],
    ['httpApi', 1],
  ] as const)('%s', async (source, level) => {
    const authorizer = { lambda: { tenant: 'acme', level: 1 } };
    expect((await requestAs(source)(whoami, 'GET /', { authorizer })).json()).toMatchObject({
      identity: { kind: 'lambda', context: { tenant: 'acme', level } },
      claims: { tenant: 'acme', level },
    });
  });
});

it.each(['rest', 'httpApi', 'functionUrl'] as const)(
  'H21 %s: the signer of an IAM request',
  async (source) => {
    const authorizer = { iam: { userArn: 'arn:aws:iam::123456789012:role/caller', callerId: 'AIDA' } };
    expect((await requestAs(source)(whoami, 'GET /', { authorizer })).json()).toEqual({
      identity: {
        kind: 'iam',
        userArn: 'arn:aws:iam::123456789012:role/caller',
        accountId: '123456789012',
        callerId: 'AIDA',
      },
      claims: {},
    });
  },
);
