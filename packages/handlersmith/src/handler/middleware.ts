/**
 * The `use` slot: any Middy middleware, with what it adds to the context typed through.
 *
 * @module
 */
import type { Context } from 'aws-lambda';

/** What a middleware sees: Middy's own request. */
export interface MiddlewareRequest<Ctx = Context> {
  event: unknown;
  context: Ctx;
  response: unknown;
  error: unknown;
  internal: Record<string, unknown>;
}

/**
 * A Middy middleware. Every package that is written for Middy fits.
 *
 * Only an answer ends the phase early: a value that `before` returns by accident, as in
 * `before: (request) => (request.context.tenant = 'a')`, does not.
 *
 * @see https://middy.js.org/docs/intro/how-it-works
 */
export interface Middleware {
  // Middleware authors type their request as narrowly as they like; a method signature lets each of them in.
  before?(request: never): unknown;
  after?(request: never): unknown;
  onError?(request: never): unknown;
  name?: string;
}

type ContextSeenBy<M> = M extends { before?: (request: infer Request) => unknown }
  ? [Request] extends [never]
    ? unknown
    : Request extends { context: infer Ctx }
      ? Ctx
      : unknown
  : unknown;

/** All contexts at once. By way of parameters: in a union, the `unknown` of one would swallow the others. */
type ContextSeenByAll<M> = (M extends unknown ? (context: ContextSeenBy<M>) => void : never) extends (
  context: infer All,
) => void
  ? All
  : never;

/** The context that `run` gets: Lambda's own, and what each middleware in `use` says it adds. */
export type ContextWith<Use> = Use extends readonly (infer M)[]
  ? [M] extends [never]
    ? Context
    : Context & ContextSeenByAll<M>
  : Context;
