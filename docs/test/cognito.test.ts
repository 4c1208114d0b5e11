import { readFileSync } from 'node:fs';

import { captureLogs, cognitoEvent, invoke } from '@handlersmith/testing';
import { describe, expect, it } from 'vitest';
import { parse, type ScalarTag } from 'yaml';

import { handler as several, welcomed } from '../snippets/cognito/several.ts';
import { handler as smallest } from '../snippets/cognito/smallest.ts';
import { userPool } from '../snippets/cognito/team.ts';
await import('../snippets/cognito/testing.ts'); // a test of its own

const signUp = (email: string) => cognitoEvent('PreSignUp_SignUp', { userAttributes: { email } });

describe('the smallest handler', () => {
  it('confirms its own people, and tells others why not', async () => {
    expect(await invoke(smallest, signUp('ada@example.com'))).toMatchObject({
      response: { autoConfirmUser: true, autoVerifyEmail: true, autoVerifyPhone: false },
    });
    const { result } = await captureLogs(() =>
      invoke(smallest, signUp('eve@example.org')).then(
        () => 'done',
        (error: unknown) => (error instanceof Error ? error.message : ''),
      ),
    );
    expect(result).toBe('Please use your work address.');
  });
});

describe('several triggers', () => {
  it('each go to their function', async () => {
    await invoke(several, cognitoEvent('PostConfirmation_ConfirmSignUp', { userName: 'ada' }));
    await invoke(several, cognitoEvent('PostConfirmation_ConfirmForgotPassword', { userName: 'eve' }));
    expect(welcomed).toEqual(['ada']);
    expect(await invoke(several, cognitoEvent('CustomMessage_SignUp'))).toMatchObject({
      response: { emailSubject: 'Your code', emailMessage: 'Your code is {####}.', smsMessage: null },
    });
    const tokens = cognitoEvent('TokenGeneration_Authentication', { version: '2', clientId: 'web' });
    expect(await invoke(several, tokens)).toMatchObject({
      response: {
        claimsAndScopeOverrideDetails: {
          accessTokenGeneration: { claimsToAddOrOverride: { application: 'web' } },
        },
      },
    });
  });

  it('others are passed on', async () => {
    const event = cognitoEvent('PreAuthentication_Authentication');
    expect(await invoke(several, event)).toEqual(event);
  });
});

it('team defaults are filled in', () => {
  expect(userPool({}, { preSignUp: () => {} }).manifest).toMatchObject({
    service: 'accounts',
    unknown: 'pass',
  });
});

describe("the page's template", () => {
  const customTags: ScalarTag[] = ['Ref', 'GetAtt'].map((name) => ({
    tag: `!${name}`,
    resolve: (text: string) => ({ [name]: text }),
  }));

  it('gives Cognito the permission the manifest asks for, by an event of its kind', () => {
    const text = readFileSync(new URL('../snippets/cognito/template.yaml', import.meta.url), 'utf8');
    const { SignUpFunction } = (
      parse(text, { customTags }) as { Resources: Record<string, { Properties: object }> }
    ).Resources; // its shape is what is tested
    expect(smallest.manifest).toMatchObject({ needs: ['InvokePermission'], triggers: ['preSignUp'] });
    expect(SignUpFunction?.Properties).toMatchObject({
      Events: { SignUp: { Type: 'Cognito', Properties: { Trigger: 'PreSignUp' } } },
    });
  });
});
