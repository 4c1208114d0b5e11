/**
 * The five services that send HTTP requests to a function, and the event each of them sends.
 *
 * @module
 */
import type {
  ALBEvent,
  APIGatewayEventRequestContextIAMAuthorizer,
  APIGatewayEventRequestContextJWTAuthorizer,
  APIGatewayEventRequestContextLambdaAuthorizer,
  APIGatewayEventRequestContextV2,
  APIGatewayProxyEvent,
  APIGatewayProxyEventV2WithRequestContext,
} from 'aws-lambda';

/**
 * Where a request comes from:
 * `rest` is an API Gateway REST API (payload 1.0), `httpApi` an API Gateway HTTP API (payload 2.0), `functionUrl` a
 * Lambda Function URL, `alb` a load balancer's target group, and `albMulti` one with multi-value headers on.
 */
export type HttpSource = 'rest' | 'httpApi' | 'functionUrl' | 'alb' | 'albMulti';

/**
 * All sources, for a test that has to hold for every one of them.
 *
 * @example
 * describe.each(httpSources)('%s', (source) => {
 *   const request = requestAs(source);
 *   it('finds the item', async () => {
 *     expect((await request(handler, 'GET /items/1')).status).toBe(200);
 *   });
 * });
 */
export const httpSources: readonly HttpSource[] = ['rest', 'httpApi', 'functionUrl', 'alb', 'albMulti'];

/** Event of an HTTP API; the authorizer is there if the route has one. */
export type HttpApiEvent = APIGatewayProxyEventV2WithRequestContext<
  APIGatewayEventRequestContextV2 & {
    authorizer?:
      | APIGatewayEventRequestContextJWTAuthorizer
      | APIGatewayEventRequestContextLambdaAuthorizer<Record<string, unknown>>
      | APIGatewayEventRequestContextIAMAuthorizer;
  }
>;

/** Event of a Function URL; the authorizer is there if its auth type is `AWS_IAM`. */
export type FunctionUrlEvent = APIGatewayProxyEventV2WithRequestContext<
  APIGatewayEventRequestContextV2 & { authorizer?: APIGatewayEventRequestContextIAMAuthorizer }
>;

/** The event type that goes with each source. */
export interface HttpEvents {
  rest: APIGatewayProxyEvent;
  httpApi: HttpApiEvent;
  functionUrl: FunctionUrlEvent;
  alb: ALBEvent;
  albMulti: ALBEvent;
}
