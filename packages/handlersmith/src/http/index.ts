/**
 * HTTP handlers for API Gateway (REST and HTTP API), Function URLs and load balancers.
 *
 * @module
 */
export {
  accepted,
  answer,
  type AnswerOptions,
  binary,
  created,
  html,
  HttpAnswer,
  noContent,
  notModified,
  ok,
  redirect,
  streamed,
  text,
} from './answer.ts';
export type { BodyFormat } from './body.ts';
export type { Cookie, Cookies } from './cookie.ts';
export type { CorsOptions } from './cors.ts';
export type { FieldError } from './fault.ts';
export { type HttpHandler, httpHandler, type HttpHandlerFactory } from './handler.ts';
export type { IdempotentRequest } from './idempotency.ts';
export type { Identity } from './identity.ts';
export type { HttpInput, HttpOutput } from './input.ts';
export type {
  FunctionEnvironment,
  FunctionEnvironmentOf,
  FunctionInput,
  FunctionOptions,
} from '../handler/environment.ts';
export type { HttpManifest, RouteManifest } from './manifest.ts';
export type { HealthOptions, HttpOptions, RouteOptions } from './options.ts';
export type { Method, PathParameters, Pattern } from './pattern.ts';
export {
  badRequest,
  conflict,
  contentTooLarge,
  forbidden,
  gone,
  HttpProblem,
  notFound,
  preconditionFailed,
  preconditionRequired,
  type ProblemOptions,
  type RetryOptions,
  serviceUnavailable,
  tooManyRequests,
  unauthorized,
  unprocessable,
  unsupportedMediaType,
} from './problem.ts';
export type { Query } from './query.ts';
export { type Route, route, type RouteFunction } from './route.ts';
export { httpRouter, type HttpRouterFactory } from './router.ts';
export { httpStreamHandler, type HttpStreamHandlerFactory } from './stream.ts';
export type { HttpEvent, HttpResult, HttpSourceName } from './source/event.ts';
export type { ContextWith, Middleware, MiddlewareRequest } from '../handler/middleware.ts';
export type { CompiledSchema, InputOf, OutputOf, Schema, StandardSchema } from '../handler/schema.ts';
