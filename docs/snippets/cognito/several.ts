import { cognitoHandler } from 'handlersmith/cognito';

export const welcomed: string[] = [];

export const handler = cognitoHandler(
  { unknown: 'pass', logger: false },
  {
    postConfirmation: ({ source, userName }) => {
      if (source === 'PostConfirmation_ConfirmSignUp') welcomed.push(userName);
    },
    customMessage: ({ request }) => ({
      emailSubject: 'Your code',
      emailMessage: `Your code is ${request.codeParameter}.`,
    }),
    preTokenGenerationV2: ({ clientId }) => ({
      claimsAndScopeOverrideDetails: {
        accessTokenGeneration: { claimsToAddOrOverride: { application: clientId } },
      },
    }),
  },
);
