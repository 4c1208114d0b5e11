/**
 * The events that a Cognito user pool sends to its triggers.
 *
 * @module
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
 */

/** One occasion, as a test states it. */
export interface CognitoOccasion {
  /** A new UUID if not given, as for users who sign up by e-mail. */
  readonly userName?: string;
  /** Beside `sub`, and `email` with `email_verified`. */
  readonly userAttributes?: Readonly<Record<string, string>>;
  /** Fields of the request beside the user attributes. Those the trigger always has are filled in. */
  readonly request?: object;
  /** Version of the event: '2' or '3' for tokens with access token claims. '1' if not given. */
  readonly version?: '1' | '2' | '3';
  /** `eu-west-1_Example01` if not given; the region follows from it. */
  readonly userPoolId?: string;
  readonly clientId?: string;
}

/** An event of a user pool. */
export interface CognitoEvent {
  readonly version: string;
  readonly region: string;
  readonly userPoolId: string;
  readonly userName: string;
  readonly callerContext: { readonly awsSdkVersion: string; readonly clientId: string };
  readonly triggerSource: string;
  readonly request: Readonly<Record<string, unknown>>;
  readonly response: Readonly<Record<string, unknown>>;
}

type Fields = Readonly<Record<string, unknown>>;

/** What Cognito fills in of request and response, by the beginning of the trigger source. */
const families: ReadonlyMap<string, { readonly request?: Fields; readonly response?: Fields }> = new Map([
  ['PreSignUp', { response: { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false } }],
  ['PostConfirmation', {}],
  ['PreAuthentication', {}],
  ['PostAuthentication', { request: { newDeviceUsed: false } }],
  [
    'CustomMessage',
    {
      request: { codeParameter: '{####}', linkParameter: '{##Click Here##}', usernameParameter: null },
      response: { smsMessage: null, emailMessage: null, emailSubject: null },
    },
  ],
  [
    'DefineAuthChallenge',
    {
      request: { session: [] },
      response: { challengeName: null, issueTokens: null, failAuthentication: null },
    },
  ],
  [
    'CreateAuthChallenge',
    {
      request: { challengeName: 'CUSTOM_CHALLENGE', session: [] },
      response: {
        publicChallengeParameters: null,
        privateChallengeParameters: null,
        challengeMetadata: null,
      },
    },
  ],
  [
    'VerifyAuthChallengeResponse',
    {
      request: { privateChallengeParameters: {}, challengeAnswer: '' },
      response: { answerCorrect: null },
    },
  ],
  [
    'UserMigration',
    {
      request: { password: 'test', validationData: null },
      response: {
        userAttributes: null,
        forceAliasCreation: null,
        enableSMSMFA: null,
        finalUserStatus: null,
        messageAction: null,
        desiredDeliveryMediums: null,
      },
    },
  ],
]);

const groups = { groupConfiguration: { groupsToOverride: [], iamRolesToOverride: [], preferredRole: null } };

/**
 * Builds the event of a trigger, with the request and the empty response that Cognito sends.
 *
 * @param triggerSource - `'PreSignUp_SignUp'`, `'TokenGeneration_Authentication'`…
 * @param occasion - what the test has to say about it
 * @example
 * const event = cognitoEvent('PreSignUp_SignUp', { userAttributes: { email: 'ada@example.com' } });
 * const { response } = await invoke(handler, event);
 */
export function cognitoEvent(triggerSource: string, occasion: CognitoOccasion = {}): CognitoEvent {
  const { userName = crypto.randomUUID(), version = '1', userPoolId = 'eu-west-1_Example01' } = occasion;
  const { userAttributes, request, clientId = '1example23456789' } = occasion;
  const [family = ''] = triggerSource.split('_', 1);
  const known = family === 'TokenGeneration' ? tokens(version) : families.get(family);
  const email = userAttributes?.['email'];
  return {
    version,
    region: userPoolId.split('_', 1)[0] ?? '',
    userPoolId,
    userName,
    callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId },
    triggerSource,
    request: {
      // There is no user yet whose attributes Cognito could know.
      ...(family === 'UserMigration'
        ? {}
        : {
            userAttributes: {
              sub: userName,
              ...(email === undefined ? {} : { email_verified: 'false' }),
              ...userAttributes,
            },
          }),
      ...known?.request,
      ...request,
    },
    response: { ...known?.response },
  };
}

function tokens(version: string): { readonly request: Fields; readonly response: Fields } {
  return version === '1'
    ? { request: groups, response: { claimsOverrideDetails: null } }
    : { request: { ...groups, scopes: [] }, response: { claimsAndScopeOverrideDetails: null } };
}
