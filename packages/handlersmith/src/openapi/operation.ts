/**
 * One route as an operation.
 *
 * @module
 */
import type { Schema } from '../handler/schema.ts';
import type { RouteManifest } from '../http/manifest.ts';
import { requestBodyOf } from './body.ts';
import type { ComponentSchemas } from './components.ts';
import type { OpenApiOperation, OpenApiParameter, OpenApiSecurityRequirement } from './document.ts';
import { withKeyHeader } from './idempotency.ts';
import type { OpenApiOptions } from './options.ts';
import { parametersOf, pathParametersOf } from './parameters.ts';
import type { Place } from './paths.ts';
import { referenceTo } from './responses.ts';
import type { DocumentSchemas } from './schemas.ts';

/** What the operations of a document share. */
export interface OperationSettings {
  readonly schemas: DocumentSchemas;
  readonly components: ComponentSchemas;
  readonly options: OpenApiOptions;
}

/** Describes a route. */
export function operationOf(
  route: RouteManifest,
  operationId: string,
  place: Place,
  responses: OpenApiOperation['responses'],
  settings: OperationSettings,
): OpenApiOperation {
  const { summary, description, tags, deprecated, claims } = route.options;
  const parameters = allParametersOf(route, place, settings);
  const requestBody = requestBodyOf(route, settings.schemas);
  const security = claims === undefined ? undefined : securityOf(settings.options);
  return {
    operationId,
    ...(summary !== undefined && { summary }),
    ...(description !== undefined && { description }),
    ...(tags !== undefined && { tags }),
    ...(deprecated !== undefined && { deprecated }),
    ...(security !== undefined && { security }),
    ...(parameters.length > 0 && { parameters }),
    ...(requestBody !== undefined && { requestBody }),
    responses,
  };
}

/** Describes the health check. */
export function healthOperation(operationId: string): OpenApiOperation {
  return {
    operationId,
    summary: 'Tells whether the service is well',
    responses: {
      200: {
        description: 'It is.',
        content: {
          'application/json': {
            schema: { type: 'object', properties: { status: { const: 'ok' } }, required: ['status'] },
          },
        },
      },
      503: referenceTo('ServiceUnavailable'),
      default: referenceTo('AnyProblem'),
    },
  };
}

function allParametersOf(
  route: RouteManifest,
  place: Place,
  { schemas, components }: OperationSettings,
): OpenApiParameter[] {
  const { path, query, headers, cookies, idempotency } = route.options;
  const converted = path === undefined ? undefined : schemas.parts(route, 'path', path);
  const parameters = pathParametersOf(place.parameters, converted, components);
  const add = (kind: 'query' | 'header' | 'cookie', part: string, schema: Schema | undefined): void => {
    if (schema === undefined) return;
    parameters.push(...parametersOf(kind, schemas.parts(route, part, schema), components));
  };
  add('query', 'query', query);
  add('header', 'headers', headers);
  add('cookie', 'cookies', cookies);
  return withKeyHeader(parameters, idempotency);
}

function securityOf({
  security,
  securitySchemes,
}: OpenApiOptions): readonly OpenApiSecurityRequirement[] | undefined {
  if (security !== undefined) return security;
  const [name, ...more] = Object.keys(securitySchemes ?? {});
  return name === undefined || more.length > 0 ? undefined : [{ [name]: [] }];
}
