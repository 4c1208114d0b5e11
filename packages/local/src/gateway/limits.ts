/**
 * What gateways and Lambda allow.
 *
 * @module
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
 */

/** Bytes of a request's body at an API. */
export const API_BODY_LIMIT: number = 10 * 1024 * 1024;

/** Bytes of an event and of an answer, as JSON. */
export const INVOCATION_PAYLOAD_LIMIT: number = 6 * 1024 * 1024;

/** Bytes of a request's body and of an answer at a load balancer. */
export const ALB_LIMIT: number = 1024 * 1024;

/** Bytes of the request line and all headers. */
export const REQUEST_HEAD_LIMIT = 10_240;

/** Milliseconds an HTTP API waits for the function, at most. */
export const INTEGRATION_TIMEOUT_MS = 30_000;
