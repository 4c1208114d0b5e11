/**
 * `cognitoHandler`: functions for the triggers of a user pool.
 *
 * @module
 */
import type { Context } from 'aws-lambda';

import { extendable, extended, type Merged } from '../handler/defaults.ts';
import type { FunctionEnvironmentOf } from '../handler/environment.ts';
import { buildCognito } from './build.ts';
import { type AnyCognitoEvent, triggerNames } from './event.ts';
import type { CognitoFunctions } from './input.ts';
import type { CognitoManifest } from './manifest.ts';
import { checkCognitoOptions, type CognitoOptions, functionsOf } from './options.ts';

/** A Lambda handler for the triggers of a user pool. */
export interface CognitoHandler {
  <Event extends AnyCognitoEvent>(event: Event, context?: Partial<Context>): Promise<Event>;
  /** What the handler is and needs, as plain data. */
  readonly manifest: CognitoManifest;
}

/** Makes Cognito handlers; `extend` makes a factory of your own out of it. */
export interface CognitoHandlerFactory<Defaults> {
  /**
   * Makes a Lambda handler out of functions for the triggers of a user pool.
   *
   * It answers with a copy of the event, its response filled in. Cognito waits five seconds and then calls again, so
   * work is stopped before that. What goes wrong is logged; the user is told of refusals only.
   *
   * @param options - what becomes of triggers no function is for: everything has a default
   * @param functions - by trigger; each returns the fields of the response that it sets, or nothing
   * @returns a plain `(event, context) => Promise` function, to be exported as the handler
   * @throws TypeError, now and not in production, naming the wrong option or trigger
   * @example
   * export const handler = cognitoHandler({ service: 'accounts' }, {
   *   preSignUp: ({ request }) => {
   *     if (!request.userAttributes['email']?.endsWith('@example.com')) throw refusal('Please use your work address.');
   *     return { autoConfirmUser: true };
   *   },
   *   postConfirmation: async ({ request, signal }) => mail.welcome(request.userAttributes['email'], { signal }),
   * });
   * @see https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
   */
  <const Options extends CognitoOptions>(
    options: Options,
    functions: CognitoFunctions<FunctionEnvironmentOf<Merged<Defaults, Options>>>,
  ): CognitoHandler;
  /**
   * The same factory with defaults filled in: one file of these is how a team shares its settings.
   *
   * @param defaults - options; a handler's own go before them, `use` lists are joined
   * @example
   * export const userPool = cognitoHandler.extend({ service: 'accounts', unknown: 'pass' });
   * @throws TypeError naming a wrong option
   */
  extend<const More extends CognitoOptions>(defaults: More): CognitoHandlerFactory<Merged<Defaults, More>>;
}

const FACTORY = 'cognitoHandler';

/** Makes a Lambda handler for the triggers of a user pool. See {@link CognitoHandlerFactory}. */
export const cognitoHandler: CognitoHandlerFactory<object> = /* @__PURE__ */ extendable(
  FACTORY,
  checkCognitoOptions,
  (defaults: CognitoOptions) =>
    (own: CognitoOptions, given: object): CognitoHandler => {
      const options = extended(defaults, own);
      checkCognitoOptions(FACTORY, options);
      const functions = functionsOf(FACTORY, given);
      const serve = buildCognito(FACTORY, options, functions);
      return Object.assign(
        // The answer is a copy of the event.
        <Event extends AnyCognitoEvent>(event: Event, context?: Partial<Context>) =>
          serve(event, context) as Promise<Event>,
        {
          manifest: {
            trigger: 'cognito' as const,
            service: options.service,
            needs: ['InvokePermission' as const],
            triggers: triggerNames.filter((name) => functions.has(name)),
            unknown: options.unknown ?? ('fail' as const),
          },
        },
      );
    },
  {},
);
