import type {
  CustomMessageTriggerHandler,
  PostConfirmationTriggerHandler,
  PreSignUpTriggerHandler,
  PreTokenGenerationV2TriggerHandler,
} from 'aws-lambda';
import { expectTypeOf, test } from 'vitest';

import { cognitoHandler, type CognitoManifest } from './index.ts';

test('A8 a handler fits the types of @types/aws-lambda', () => {
  const handler = cognitoHandler({}, { preSignUp: () => {} });
  expectTypeOf(handler).toExtend<PreSignUpTriggerHandler>();
  expectTypeOf(handler).toExtend<PostConfirmationTriggerHandler>();
  expectTypeOf(handler).toExtend<CustomMessageTriggerHandler>();
  expectTypeOf(handler).toExtend<PreTokenGenerationV2TriggerHandler>();
  expectTypeOf(handler.manifest).toEqualTypeOf<CognitoManifest>();
});

test('request, source and response follow from the trigger', () => {
  cognitoHandler(
    { resources: async () => 7 },
    {
      preSignUp: ({ request, source, resources }) => {
        expectTypeOf(request.userAttributes).toEqualTypeOf<{ [name: string]: string }>();
        expectTypeOf(source).toEqualTypeOf<
          'PreSignUp_SignUp' | 'PreSignUp_ExternalProvider' | 'PreSignUp_AdminCreateUser'
        >();
        expectTypeOf(resources).toEqualTypeOf<number>();
        return { autoConfirmUser: true };
      },
      verifyAuthChallengeResponse: async ({ request }) => ({
        answerCorrect: request.challengeAnswer === request.privateChallengeParameters['answer'],
      }),
      preTokenGenerationV2: () => ({
        claimsAndScopeOverrideDetails: { accessTokenGeneration: { scopesToAdd: ['read'] } },
      }),
      postConfirmation: async () => 'anything',
    },
  );
});

test('A6 slips are type errors', () => {
  // @ts-expect-error there is no such trigger
  cognitoHandler({}, { preSignup: () => {} });
  // @ts-expect-error the field is a boolean
  cognitoHandler({}, { preSignUp: () => ({ autoConfirmUser: 'yes' }) });
  // @ts-expect-error no such choice
  cognitoHandler({ unknown: 'ignore' }, { preSignUp: () => {} });
  expectTypeOf<CognitoManifest['unknown']>().toEqualTypeOf<'fail' | 'pass'>();
});
