/**
 * The events of a Cognito user pool: what is taken, and which trigger each is of.
 *
 * @module
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
 */
import type {
  CreateAuthChallengeTriggerEvent,
  CustomMessageTriggerEvent,
  DefineAuthChallengeTriggerEvent,
  PostAuthenticationTriggerEvent,
  PostConfirmationTriggerEvent,
  PreAuthenticationTriggerEvent,
  PreSignUpTriggerEvent,
  PreTokenGenerationTriggerEvent,
  PreTokenGenerationV2TriggerEvent,
  PreTokenGenerationV3TriggerEvent,
  UserMigrationTriggerEvent,
  VerifyAuthChallengeResponseTriggerEvent,
} from 'aws-lambda';

import { foreignEvent } from '../handler/function.ts';
import { isObject } from '../handler/object.ts';

/** The triggers of a user pool, and the events of each. */
export interface CognitoEvents {
  readonly preSignUp: PreSignUpTriggerEvent;
  readonly postConfirmation: PostConfirmationTriggerEvent;
  readonly preAuthentication: PreAuthenticationTriggerEvent;
  readonly postAuthentication: PostAuthenticationTriggerEvent;
  /** Event version 1: claims of the identity token. */
  readonly preTokenGeneration: PreTokenGenerationTriggerEvent;
  /** Event versions 2 and 3: claims and scopes of both tokens. */
  readonly preTokenGenerationV2: PreTokenGenerationV2TriggerEvent | PreTokenGenerationV3TriggerEvent;
  readonly customMessage: CustomMessageTriggerEvent;
  readonly defineAuthChallenge: DefineAuthChallengeTriggerEvent;
  readonly createAuthChallenge: CreateAuthChallengeTriggerEvent;
  readonly verifyAuthChallengeResponse: VerifyAuthChallengeResponseTriggerEvent;
  readonly userMigration: UserMigrationTriggerEvent;
}

/** Name of a trigger. */
export type CognitoTrigger = keyof CognitoEvents;

/** What every event of a user pool has. */
export interface AnyCognitoEvent {
  readonly version: string;
  readonly region: string;
  readonly userPoolId: string;
  readonly triggerSource: string;
  /** Missing where an application asks for tokens of its own. */
  readonly userName?: string;
  readonly callerContext: { readonly awsSdkVersion: string; readonly clientId: string };
  readonly request: object;
  readonly response: object;
}

const EXPECTED = 'an event of a Cognito user pool: { triggerSource, userPoolId, request, response, … }';

/**
 * Looks at what the choice of a function and the answer hang on.
 *
 * @throws TypeError naming the keys that came
 */
export function eventOf(event: unknown): AnyCognitoEvent {
  if (!isCognitoEvent(event)) throw foreignEvent(EXPECTED, event);
  return event;
}

function isCognitoEvent(event: unknown): event is AnyCognitoEvent {
  if (!isObject(event)) return false;
  const { triggerSource, userPoolId, request, response } = event as Partial<AnyCognitoEvent>; // of unknown type until looked at, below
  const isNamed = [triggerSource, userPoolId].every((each) => typeof each === 'string' && each !== '');
  return isNamed && isObject(request) && isObject(response);
}

/** Trigger sources begin with one of these. */
const triggers: ReadonlyMap<string, CognitoTrigger> = new Map([
  ['PreSignUp', 'preSignUp'],
  ['PostConfirmation', 'postConfirmation'],
  ['PreAuthentication', 'preAuthentication'],
  ['PostAuthentication', 'postAuthentication'],
  ['CustomMessage', 'customMessage'],
  ['DefineAuthChallenge', 'defineAuthChallenge'],
  ['CreateAuthChallenge', 'createAuthChallenge'],
  ['VerifyAuthChallengeResponse', 'verifyAuthChallengeResponse'],
  ['UserMigration', 'userMigration'],
]);

/** Every trigger there is. */
export const triggerNames: readonly CognitoTrigger[] = [
  ...triggers.values(),
  'preTokenGeneration',
  'preTokenGenerationV2',
];

/** Triggers whose response has no fields. */
export const silentTriggers: ReadonlySet<CognitoTrigger> = new Set([
  'postConfirmation',
  'preAuthentication',
  'postAuthentication',
]);

/** The trigger of an event; `undefined` for one that is not known here. */
export function triggerOf({ triggerSource, version }: AnyCognitoEvent): CognitoTrigger | undefined {
  const [family = ''] = triggerSource.split('_', 1);
  if (family !== 'TokenGeneration') return triggers.get(family);
  return version === '1' ? 'preTokenGeneration' : 'preTokenGenerationV2';
}
