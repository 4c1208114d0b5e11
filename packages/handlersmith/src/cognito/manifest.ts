/**
 * What a Cognito handler says of itself, as plain data: template checks read it.
 *
 * @module
 */
import type { CognitoTrigger } from './event.ts';

/** What a Cognito handler is and what it needs around it. */
export interface CognitoManifest {
  readonly trigger: 'cognito';
  readonly service: string | undefined;
  /** `InvokePermission`: for `cognito-idp.amazonaws.com`, or every sign-in of the pool fails. */
  readonly needs: readonly 'InvokePermission'[];
  /** Triggers there are functions for. */
  readonly triggers: readonly CognitoTrigger[];
  readonly unknown: 'fail' | 'pass';
}
