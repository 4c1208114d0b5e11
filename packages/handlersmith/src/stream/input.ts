/**
 * What `run` gets of a DynamoDB stream, inferred from the options.
 *
 * @module
 */
import type { DynamoDBRecord } from 'aws-lambda';

import type { FunctionEnvironment, FunctionInput } from '../handler/environment.ts';
import type { OutputOf } from '../handler/schema.ts';
import type { Image } from './unmarshall.ts';
import type { StreamWindow } from './window.ts';

type ItemOf<Options> = Options extends { readonly item: infer S } ? OutputOf<S> : Image;
type KeysOf<Options> = Options extends { readonly keys: infer S } ? OutputOf<S> : Image;
type ViewOf<Options> = Options extends { readonly view: infer View } ? View : 'NEW_AND_OLD_IMAGES';

type Before<Options> =
  ViewOf<Options> extends 'NEW_AND_OLD_IMAGES' | 'OLD_IMAGE'
    ? {
        /** The item before the change. */
        readonly before: ItemOf<Options>;
      }
    : NoBefore;
type After<Options> =
  ViewOf<Options> extends 'NEW_AND_OLD_IMAGES' | 'NEW_IMAGE'
    ? {
        /** The item after the change. */
        readonly after: ItemOf<Options>;
      }
    : NoAfter;
/** Named, so that a function may take the images of all changes at once: `({ before, after }) => …`. */
interface NoBefore {
  readonly before?: never;
}
interface NoAfter {
  readonly after?: never;
}
interface NoExpiry {
  readonly expired?: never;
}

/** What all changes have. */
export interface ChangeFacts<Options> {
  /** The item's key, validated by the schema `keys`. */
  readonly keys: KeysOf<Options>;
  /** Id of this change: the same whenever it is delivered again. */
  readonly eventId: string;
  /** Its place in the shard. Longer than a number can be: compare as `BigInt`. */
  readonly sequenceNumber: string | undefined;
  /** When the item was changed, to the second. */
  readonly changedAt: Date | undefined;
  /** The record as it came. */
  readonly record: Readonly<DynamoDBRecord>;
}

/** An item is new: it has `after`. */
export type Inserted<Options = object> = ChangeFacts<Options> & { readonly type: 'insert' } & NoBefore &
  After<Options> &
  NoExpiry;

/** An item has changed: it has `before` and `after`. */
export type Modified<Options = object> = ChangeFacts<Options> & {
  readonly type: 'modify';
} & Before<Options> &
  After<Options> &
  NoExpiry;

/** An item is gone: it has `before`. */
export type Removed<Options = object> = ChangeFacts<Options> & {
  readonly type: 'remove';
  /** Whether DynamoDB removed it because its time to live was over. */
  readonly expired: boolean;
} & Before<Options> &
  NoAfter;

/** One change of an item; `type` tells which images it has, as far as the option `view` lets the stream show them. */
export type Change<Options = object> = Inserted<Options> | Modified<Options> | Removed<Options>;

/** With a tumbling window: the state so far. */
export type WindowInput<Options> = Options extends {
  readonly window: { readonly initial: () => infer State };
}
  ? {
      /** What the record before this one gave. Do not write into it: a record that fails would count half. */
      readonly state: State;
      readonly window: StreamWindow;
    }
  : object;

/** What a function returns: with a tumbling window the next state, else anything. */
export type StreamOutput<Options> = Options extends {
  readonly window: { readonly initial: () => infer State };
}
  ? State | Promise<State>
  : unknown;

/** What `run` gets: one change. */
export type StreamInput<Options, Env extends FunctionEnvironment> = Change<Options> &
  WindowInput<Options> &
  FunctionInput<Env>;

/** The end of a tumbling window. */
export type Close<Options, Env extends FunctionEnvironment> = Options extends { readonly window: unknown }
  ? {
      /** Called at the end of a window, with the state that all its records gave. */
      readonly close?: (input: WindowInput<Options> & FunctionInput<Env>) => unknown;
    }
  : object;

/** One function for each kind of change. Changes without one need no work. */
export type ChangeHandlers<Options, Env extends FunctionEnvironment> = {
  readonly insert?: (
    input: Inserted<Options> & WindowInput<Options> & FunctionInput<Env>,
  ) => StreamOutput<Options>;
  readonly modify?: (
    input: Modified<Options> & WindowInput<Options> & FunctionInput<Env>,
  ) => StreamOutput<Options>;
  readonly remove?: (
    input: Removed<Options> & WindowInput<Options> & FunctionInput<Env>,
  ) => StreamOutput<Options>;
} & Close<Options, Env>;

/** What Lambda is told: the first record that is unfinished, and with a tumbling window the state. */
export type StreamAnswer<Options = object> = {
  batchItemFailures: { itemIdentifier: string }[];
} & (Options extends { readonly window: { readonly initial: () => infer State } }
  ? { state: State }
  : object);
