import { describe, expect, it } from 'vitest';

import { cognitoEvent } from './event.ts';

describe('cognitoEvent', () => {
  it('says twice what a real event says twice', () => {
    const event = cognitoEvent('PreSignUp_SignUp', {
      userName: 'u1',
      userPoolId: 'us-east-1_Abc',
      userAttributes: { email: 'ada@example.com' },
    });
    expect(event).toMatchObject({
      version: '1',
      region: 'us-east-1',
      userPoolId: 'us-east-1_Abc',
      userName: 'u1',
      triggerSource: 'PreSignUp_SignUp',
      request: { userAttributes: { sub: 'u1', email: 'ada@example.com', email_verified: 'false' } },
      response: { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false },
    });
  });

  it.each([
    ['1', { claimsOverrideDetails: null }],
    ['2', { claimsAndScopeOverrideDetails: null }],
    ['3', { claimsAndScopeOverrideDetails: null }],
  ] as const)('has the response of its version: %s', (version, response) => {
    expect(cognitoEvent('TokenGeneration_Authentication', { version }).response).toEqual(response);
  });

  it('knows no attributes of a user who is not there yet, and takes more of a request', () => {
    const { request } = cognitoEvent('UserMigration_Authentication', { request: { password: 'p' } });
    expect(request).toEqual({ password: 'p', validationData: null });
  });

  it('gives each user a name, and each event objects of its own', () => {
    const [one, other] = [cognitoEvent('CustomMessage_SignUp'), cognitoEvent('CustomMessage_SignUp')];
    expect(one.userName).not.toBe(other.userName);
    expect(one.response).not.toBe(other.response);
  });
});
