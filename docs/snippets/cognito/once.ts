import { cognitoHandler } from 'handlersmith/cognito';
import { memoryStore } from 'handlersmith/idempotency'; // dynamoStore({ tableName }) when deployed

export const mails: string[] = [];

export const handler = cognitoHandler(
  {
    logger: false,
    idempotency: {
      store: memoryStore(),
      key: ({ source, userPoolId, userName }) => [source, userPoolId, userName],
    },
  },
  { postConfirmation: ({ userName }) => mails.push(userName) },
);
