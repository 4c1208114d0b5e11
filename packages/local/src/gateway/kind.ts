/**
 * What the kinds of gateway differ in.
 *
 * @module
 */
import type { AppGateway } from '../template/app.ts';
import type { GatewayAnswer } from './answer.ts';
import type { Identity } from './authorizer.ts';
import type { GatewayRequest } from './request.ts';
import type { RouteMatch } from './routes.ts';

/** Why a gateway answers for the function. */
export type Refusal =
  | 'body-too-large'
  | 'event-too-large'
  | 'function-failed'
  | 'malformed-answer'
  | 'timeout'
  | 'throttled'
  | 'unauthorized'
  | 'forbidden'
  | 'authorizer-failed';

/** One kind of gateway, made for the routes of one gateway. */
export interface GatewayKind {
  /** Bytes of a request's body. */
  readonly bodyLimit: number;
  /** Bytes of an answer, as JSON. */
  readonly answerLimit: number;
  readonly refusals: Readonly<Record<Refusal, GatewayAnswer>>;
  /** The route, or the gateway's own answer where it has none. */
  find(request: GatewayRequest): RouteMatch | GatewayAnswer;
  /** The gateway's own answer to a request that its route does not take, whoever sends it. */
  refuse?(request: GatewayRequest, match: RouteMatch): GatewayAnswer | undefined;
  /** The event of the function, plain data. */
  event(request: GatewayRequest, match: RouteMatch, identity: Identity | undefined): object;
  /** What a client gets for a function's answer; `undefined` where the gateway calls it malformed. */
  read(payload: unknown, request: GatewayRequest, match: RouteMatch): GatewayAnswer | undefined;
}

/** The region a gateway is declared in, which events and ARNs have. */
export function regionOf({ arn }: Pick<AppGateway, 'arn'>): string {
  const [, , , region = ''] = arn.split(':');
  return region === '' ? 'us-east-1' : region;
}
