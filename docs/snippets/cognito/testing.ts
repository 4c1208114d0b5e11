import { cognitoEvent, invoke } from '@handlersmith/testing';
import { expect, it } from 'vitest';

import { handler, mails } from './once.ts';

it('welcomes a user once, also when Cognito calls again', async () => {
  const event = cognitoEvent('PostConfirmation_ConfirmSignUp', { userName: 'ada' });
  expect(await invoke(handler, event)).toEqual(event);
  expect(await invoke(handler, event)).toEqual(event);
  expect(mails).toEqual(['ada']);
});
