/**
 * What a function gets: one event.
 *
 * @module
 */
import type { FunctionEnvironment, FunctionInput } from '../handler/environment.ts';
import type { Invocation } from '../handler/invocation.ts';
import { Provided } from '../handler/provided.ts';
import type { OutputOf } from '../handler/schema.ts';
import type { AnyEvent } from './event.ts';

type TextOf<Kind, Name extends string> = Kind extends { readonly [Key in Name]: infer Text extends string }
  ? Text
  : string;

/** One event, as a function sees it. */
export interface EventBridgeInput<Kind, Env extends FunctionEnvironment> extends FunctionInput<Env> {
  /** The validated detail; as it came where there is no schema. */
  readonly detail: Kind extends { readonly detail: infer S } ? OutputOf<S> : unknown;
  /** Id of the event: the same whenever it is delivered again. */
  readonly id: string;
  readonly source: TextOf<Kind, 'source'>;
  readonly detailType: TextOf<Kind, 'detailType'>;
  /** When it happened, as its sender says. */
  readonly time: Date;
  readonly account: string;
  readonly region: string;
  /** ARNs of what the event is about: its `resources`. */
  readonly arns: readonly string[];
  /** Name of the archive replay that sent it again; `undefined` for an event that is new. */
  readonly replay: string | undefined;
  /** The event as it came. */
  readonly event: Readonly<AnyEvent>;
}

/** One event on its way through a handler. */
export class EventView
  extends Provided
  implements Record<keyof EventBridgeInput<object, FunctionEnvironment>, unknown>
{
  readonly event: AnyEvent;
  /** As it came, until a schema has made something of it. */
  detail: unknown;

  constructor(event: AnyEvent, invocation: Invocation) {
    super(invocation);
    this.event = event;
    this.detail = event.detail;
  }

  get id(): string {
    return this.event.id;
  }

  get source(): string {
    return this.event.source;
  }

  get detailType(): string {
    return this.event['detail-type'];
  }

  get time(): Date {
    return new Date(this.event.time);
  }

  get account(): string {
    return this.event.account;
  }

  get region(): string {
    return this.event.region;
  }

  get arns(): readonly string[] {
    return (this.event as Partial<AnyEvent>).resources ?? []; // hand-made events lack them
  }

  get replay(): string | undefined {
    return this.event['replay-name'];
  }
}
