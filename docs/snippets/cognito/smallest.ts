import { cognitoHandler, refusal } from 'handlersmith/cognito';

export const handler = cognitoHandler(
  { service: 'accounts' },
  {
    preSignUp: ({ request }) => {
      const isOurs = request.userAttributes['email']?.endsWith('@example.com') ?? false;
      if (!isOurs) throw refusal('Please use your work address.');
      return { autoConfirmUser: true, autoVerifyEmail: true };
    },
  },
);
