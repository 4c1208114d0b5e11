/**
 * Handlers of the triggers of Cognito user pools.
 *
 * @module
 */
export type { AnyCognitoEvent, CognitoEvents, CognitoTrigger } from './event.ts';
export { type CognitoHandler, cognitoHandler, type CognitoHandlerFactory } from './handler.ts';
export type { CognitoFunctions, CognitoInput, CognitoOutput } from './input.ts';
export type { CognitoManifest } from './manifest.ts';
export type { CognitoOptions, IdempotentTrigger } from './options.ts';
export { CognitoRefusal, CognitoTriggerFailed, refusal } from './refusal.ts';
export type {
  FunctionEnvironment,
  FunctionEnvironmentOf,
  FunctionInput,
  FunctionOptions,
} from '../handler/environment.ts';
export type { Merged } from '../handler/defaults.ts';
export type { Middleware, MiddlewareRequest } from '../handler/middleware.ts';
