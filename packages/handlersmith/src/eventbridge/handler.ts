/**
 * `eventBridgeHandler`: functions for the events of a bus, by source and detail type.
 *
 * @module
 */
import type { Context } from 'aws-lambda';

import { extendable, extended, type Merged } from '../handler/defaults.ts';
import type { FunctionEnvironmentOf } from '../handler/environment.ts';
import { buildEventBridge } from './build.ts';
import type { AnyEvent } from './event.ts';
import type { EventBridgeManifest } from './manifest.ts';
import { type EventFunction, tableOf } from './on.ts';
import { checkEventBridgeOptions, type EventBridgeOptions } from './options.ts';

/** A Lambda handler for events of EventBridge. */
export interface EventBridgeHandler {
  (event: AnyEvent, context?: Partial<Context>): Promise<void>;
  /** What the handler is and needs, as plain data. */
  readonly manifest: EventBridgeManifest;
}

/** Makes EventBridge handlers; `extend` makes a factory of your own out of it. */
export interface EventBridgeHandlerFactory<Defaults> {
  /**
   * Makes a Lambda handler out of functions that each handle one kind of event.
   *
   * An event that fails makes the invocation fail: Lambda tries twice more, then sends the event to the function's
   * on-failure destination.
   *
   * @param options - what becomes of events no function is for: everything has a default
   * @param functions - a list of `on({ source, detailType, detail }, run)`; no two for the same events
   * @returns a plain `(event, context) => Promise` function, to be exported as the handler
   * @throws TypeError, now and not in production, naming the wrong option or entry
   * @example
   * const OrderPlaced = z.object({ id: z.string(), total: z.number() });
   *
   * export const handler = eventBridgeHandler({}, [
   *   on({ source: 'shop.orders', detailType: 'Order Placed', detail: OrderPlaced }, async ({ detail, signal }) => {
   *     await invoices.write(detail.id, detail.total, { signal });
   *   }),
   * ]);
   * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
   */
  <const Options extends EventBridgeOptions>(
    options: Options,
    functions: readonly EventFunction<FunctionEnvironmentOf<Merged<Defaults, Options>>>[],
  ): EventBridgeHandler;
  /**
   * The same factory with defaults filled in: one file of these is how a team shares its settings.
   *
   * @param defaults - options; a handler's own go before them, `use` lists are joined
   * @example
   * export const events = eventBridgeHandler.extend({ service: 'shop', unknown: 'ignore' });
   * @throws TypeError naming a wrong option
   */
  extend<const More extends EventBridgeOptions>(
    defaults: More,
  ): EventBridgeHandlerFactory<Merged<Defaults, More>>;
}

const FACTORY = 'eventBridgeHandler';

type Functions = readonly EventFunction<never>[];

/** Makes a Lambda handler for events of EventBridge. See {@link EventBridgeHandlerFactory}. */
export const eventBridgeHandler: EventBridgeHandlerFactory<object> = /* @__PURE__ */ extendable(
  FACTORY,
  checkEventBridgeOptions,
  (defaults: EventBridgeOptions) =>
    (own: EventBridgeOptions, functions: Functions): EventBridgeHandler => {
      const options = extended(defaults, own);
      checkEventBridgeOptions(FACTORY, options);
      const serve = buildEventBridge(FACTORY, options, tableOf(FACTORY, functions));
      // A function of its own: the caller sees events only, as typed here.
      return Object.assign((event: AnyEvent, context?: Partial<Context>) => serve(event, context), {
        manifest: manifestOf(options, functions),
      });
    },
  {},
);

function manifestOf(options: EventBridgeOptions, functions: Functions): EventBridgeManifest {
  return {
    trigger: 'eventbridge',
    service: options.service,
    needs: ['OnFailureDestination'],
    events: functions.map(({ kind }) => kind),
    unknown: options.unknown ?? 'fail',
    onPermanent: options.onPermanent ?? 'retry',
  };
}
