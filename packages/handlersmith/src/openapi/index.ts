/**
 * The OpenAPI 3.1 document of an HTTP handler, from its routes and their schemas.
 *
 * @module
 */
export { openapi } from './openapi.ts';
export type {
  OpenApiDocument,
  OpenApiInfo,
  OpenApiMedia,
  OpenApiOperation,
  OpenApiParameter,
  OpenApiPathItem,
  OpenApiReference,
  OpenApiRequestBody,
  OpenApiResponse,
  OpenApiSecurityRequirement,
  OpenApiServer,
  OpenApiTag,
} from './document.ts';
export type { OpenApiOptions } from './options.ts';
export type { JsonSchema } from './json-schema.ts';
export type { SchemaForm } from './convert.ts';
