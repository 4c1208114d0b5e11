import { cognitoHandler } from 'handlersmith/cognito';

export const userPool = cognitoHandler.extend({ service: 'accounts', unknown: 'pass' });
