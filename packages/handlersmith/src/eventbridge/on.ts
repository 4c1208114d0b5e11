/**
 * `on`: one kind of event and the function for it.
 *
 * @module
 */
import type { FunctionEnvironment } from '../handler/environment.ts';
import { checkOptions, type OptionRules, text } from '../handler/options.ts';
import { type Check, checkOf, type Schema, schemaRule } from '../handler/schema.ts';
import type { EventBridgeInput } from './input.ts';

/** Which events a function is for. */
export interface EventKind {
  /** The event's `source`: `'shop.orders'`, `'aws.s3'`. */
  readonly source: string;
  /** The event's `detail-type`: `'Order Placed'`, `'Object Created'`. */
  readonly detailType: string;
  /** Schema of the detail. An event that does not match is a permanent failure. Default: any detail. */
  readonly detail?: Schema;
}

/** One kind of event and its function. Make it with {@link on}. */
export interface EventFunction<Env extends FunctionEnvironment> {
  readonly kind: EventKind;
  /** A method: it is called with the events of its own kind only. */
  run(input: EventBridgeInput<EventKind, Env>): unknown;
}

/**
 * Says which function handles which events.
 *
 * @param kind - `source`, `detailType` and the schema of the detail
 * @param run - gets one event with its validated detail. It is done when `run` returns; it comes again when `run`
 *   throws
 * @returns an entry for the list that `eventBridgeHandler` takes, which checks it
 * @example
 * const placed = on({ source: 'shop.orders', detailType: 'Order Placed', detail: OrderPlaced }, async ({ detail }) => {
 *   await mail.thanks(detail.customer);
 * });
 */
export function on<const Kind extends EventKind, Env extends FunctionEnvironment>(
  kind: Kind,
  run: (input: EventBridgeInput<Kind, Env>) => unknown,
): EventFunction<Env> {
  return { kind, run };
}

/** One kind of event, made ready when the handler is built. */
export interface EventWork {
  readonly check: Check | undefined;
  readonly run: (input: object) => unknown;
}

const rules: OptionRules = {
  source: text,
  detailType: text,
  detail: schemaRule,
};

/** Functions by source and detail type. */
export type EventTable = ReadonlyMap<string, ReadonlyMap<string, EventWork>>;

/**
 * Makes the list ready.
 *
 * @throws TypeError for an entry that is none, or one whose events another has already
 */
export function tableOf(factory: string, entries: unknown): EventTable {
  if (!Array.isArray(entries) || entries.length === 0)
    throw new TypeError(`${factory}: the second parameter must be a list of on({ source, detailType }, run)`);
  const table = new Map<string, Map<string, EventWork>>();
  for (const entry of entries as readonly unknown[]) {
    const { kind, run } = looked(factory, entry);
    const bySource = table.get(kind.source) ?? new Map<string, EventWork>();
    if (bySource.has(kind.detailType))
      throw new TypeError(
        `${factory}: two functions for source "${kind.source}" and detail-type "${kind.detailType}"`,
      );
    table.set(kind.source, bySource.set(kind.detailType, { check: checkFor(factory, kind), run }));
  }
  return table;
}

function looked(factory: string, entry: unknown): { kind: EventKind; run: EventWork['run'] } {
  if (typeof entry !== 'object' || entry === null || !('kind' in entry) || !('run' in entry))
    throw new TypeError(
      `${factory}: the list must hold on({ source, detailType }, run), got ${typeof entry}`,
    );
  const { kind, run } = entry;
  checkOptions(`${factory}: on`, kind, rules);
  const { source, detailType } = kind as Partial<EventKind>; // an object of such options
  if (source === undefined || detailType === undefined)
    throw new TypeError(
      `${factory}: on: option "${source === undefined ? 'source' : 'detailType'}" is missing; it must be ${text.expected}`,
    );
  if (typeof run !== 'function')
    throw new TypeError(`${factory}: on: the second parameter must be a function, got ${typeof run}`);
  return { kind: kind as EventKind, run: run as EventWork['run'] }; // both looked at
}

function checkFor(factory: string, { detail }: EventKind): Check | undefined {
  return detail === undefined ? undefined : checkOf(`${factory}: on: option "detail"`, detail);
}
