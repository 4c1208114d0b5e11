/**
 * What a function gets of a trigger, and what it may return.
 *
 * @module
 */
import type { FunctionEnvironment, FunctionInput } from '../handler/environment.ts';
import type { Invocation } from '../handler/invocation.ts';
import { Provided } from '../handler/provided.ts';
import type { AnyCognitoEvent, CognitoEvents, CognitoTrigger } from './event.ts';

/** One event of a user pool, as a function sees it. */
export interface CognitoInput<Event, Env extends FunctionEnvironment> extends FunctionInput<Env> {
  /** What Cognito says: user attributes, client metadata and what the trigger is about. */
  readonly request: Event extends { readonly request: infer Request } ? Request : object;
  /** Which occasion of the trigger it is: `'PreSignUp_SignUp'`, `'PreSignUp_AdminCreateUser'`. */
  readonly source: Event extends { readonly triggerSource: infer Source } ? Source : string;
  /** Empty where an application asks for tokens of its own. */
  readonly userName: string;
  readonly userPoolId: string;
  /** Id of the application that the user came by. */
  readonly clientId: string;
  /** A copy of the event. */
  readonly event: Readonly<Event>;
}

type ResponseOf<Event> = Event extends { readonly response: infer Response } ? Response : never;

/** What a function returns: the fields of the response that it sets, or nothing. Where there are none to set, anything. */
export type CognitoOutput<Event> = keyof ResponseOf<Event> extends never
  ? unknown
  : Partial<ResponseOf<Event>> | undefined | void | Promise<Partial<ResponseOf<Event>> | undefined | void>;

/** A function for each trigger; those that a pool does not have are left out. */
export type CognitoFunctions<Env extends FunctionEnvironment> = {
  readonly [Name in CognitoTrigger]?: (
    input: CognitoInput<CognitoEvents[Name], Env>,
  ) => CognitoOutput<CognitoEvents[Name]>;
};

/** One event on its way through a handler. */
export class CognitoView
  extends Provided
  implements Record<keyof CognitoInput<object, FunctionEnvironment>, unknown>
{
  readonly event: AnyCognitoEvent;

  constructor(event: AnyCognitoEvent, invocation: Invocation) {
    super(invocation);
    this.event = event;
  }

  get request(): object {
    return this.event.request;
  }

  get source(): string {
    return this.event.triggerSource;
  }

  get userName(): string {
    return this.event.userName ?? '';
  }

  get userPoolId(): string {
    return this.event.userPoolId;
  }

  get clientId(): string {
    return (this.event as Partial<AnyCognitoEvent>).callerContext?.clientId ?? ''; // hand-made events lack it
  }
}
