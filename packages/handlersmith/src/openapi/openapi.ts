/**
 * `openapi`: from a handler to its document.
 *
 * @module
 */
import type { HttpManifest, RouteManifest } from '../http/manifest.ts';
import { ComponentSchemas } from './components.ts';
import type { OpenApiDocument, OpenApiInfo, OpenApiOperation, OpenApiResponse } from './document.ts';
import { operationIdsOf } from './names.ts';
import { healthOperation, operationOf } from './operation.ts';
import { checkOpenApi, type OpenApiOptions } from './options.ts';
import { placesOf } from './paths.ts';
import { problemNames, problemResponse, problemSchemas } from './problems.ts';
import { referenceTo, responsesOf } from './responses.ts';
import { schemasOf } from './schemas.ts';

/**
 * Makes the OpenAPI 3.1 document of a handler: plain JSON, the same each time, so that a copy of it in a repository
 * shows what a change does to the API.
 *
 * Schemas become JSON Schema by the Standard JSON Schema interface (zod, arktype), by the vendor's converter
 * (`toJsonSchema`: zod/mini, valibot), or are it already (typebox, Ajv). Requests are described by what a schema
 * takes, answers by what it gives. A schema with a name (zod's `meta({ id })`, a `title`) or with several uses is
 * written once, under `components.schemas`; where its two forms differ, the one of requests is called `…Input`.
 *
 * Besides the declared answers, each route has the problems that the library answers by itself, as
 * `application/problem+json`:
 *
 * - 400 where a part of the request is checked or parsed, with the list of wrong fields
 * - 401 and 403 with a `claims` schema
 * - 404 with path parameters
 * - 413 and 415 where a body is read
 * - `default` for all others: 500, 504, and what `run` throws or returns
 *
 * A route that declares no success has a `2XX` of unknown content.
 *
 * @param handler - what `httpRouter` made
 * @param info - title and version of the API, and what else OpenAPI knows of it
 * @param options - servers, security, converters
 * @returns the document, to be written to a file or answered by a route
 * @throws TypeError naming the route and the part whose schema nobody can convert, a wrong option, an `operationId`
 *   that stands twice, or routes that OpenAPI cannot tell apart; also for a handler without routes
 * @example
 * // A route that serves the document. `handler` is read when a request comes, so nothing is circular; its type is
 * // written out because TypeScript could not find it out by way of itself.
 * let document: OpenApiDocument | undefined;
 *
 * export const handler: HttpHandler = httpRouter({ service: 'items-api' }, {
 *   'GET /items/{id}': route({ response: { 200: Item } }, async ({ path }) => (await items.get(path.id)) ?? notFound()),
 *   'GET /openapi.json': route(() => {
 *     document ??= openapi(handler, { title: 'Items', version: '1.0.0' }, {
 *       include: ({ path }) => path !== '/openapi.json',
 *     });
 *     return document;
 *   }),
 * });
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-open-api.html
 */
export function openapi(
  handler: { readonly manifest: HttpManifest },
  info: OpenApiInfo,
  options: OpenApiOptions = {},
): OpenApiDocument {
  checkOpenApi(info, options);
  // A handler of another trigger, or none at all, where nobody checks types.
  if (!Array.isArray((handler as Partial<typeof handler> | undefined)?.manifest?.routes))
    throw new TypeError('openapi: expected a handler that httpRouter made');
  const included = includedRoutes(handler.manifest, options);
  const components = new ComponentSchemas(problemSchemas);
  const ids = operationIdsOf(included);
  const places = placesOf(included);
  const schemas = schemasOf(included, ids, components, options);
  // All answers before all requests: of the two forms of a schema, the one of answers gets the plain name.
  const answers = included.map((route) => responsesOf(route, schemas));

  const paths: Record<string, Record<string, OpenApiOperation>> = {};
  for (const [index, route] of included.entries()) {
    const [operationId, place, responses] = [ids[index], places[index], answers[index]];
    if (operationId === undefined || place === undefined || responses === undefined) continue; // one each, always
    const operation = isHealth(route, handler.manifest)
      ? healthOperation(operationId)
      : operationOf(route, operationId, place, responses, { schemas, components, options });
    const item = (paths[place.path] ??= {});
    item[route.method.toLowerCase()] = options.operation?.(operation, route) ?? operation;
  }
  const { servers, tags, securitySchemes } = options;
  return {
    openapi: '3.1.1',
    info,
    ...(servers !== undefined && { servers }),
    ...(tags !== undefined && { tags }),
    paths,
    components: {
      schemas: components.all,
      responses: usedResponses(paths),
      ...(securitySchemes !== undefined && { securitySchemes }),
    },
  };
}

/** The routes to describe, the health check among them: it is asked before a route on its path would be. */
function includedRoutes(manifest: HttpManifest, options: OpenApiOptions): readonly RouteManifest[] {
  const { routes, healthPath } = manifest;
  if (routes.length === 0) {
    throw new TypeError('openapi: this handler has no routes to describe; make it with httpRouter');
  }
  const all: RouteManifest[] = routes.filter((route) => !isHealth(route, manifest));
  if (healthPath !== undefined) all.push({ method: 'GET', path: healthPath, options: {} });
  return all.filter((route) => options.include?.(route) ?? true);
}

function isHealth({ method, path }: RouteManifest, { healthPath }: HttpManifest): boolean {
  return path === healthPath && (method === 'GET' || method === 'HEAD');
}

/** The problem answers that operations point to, in the order of status. */
function usedResponses(
  paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>,
): Record<string, OpenApiResponse> {
  const used = new Set<unknown>();
  for (const item of Object.values(paths)) {
    for (const { responses } of Object.values(item)) {
      for (const response of Object.values(responses)) used.add(response['$ref']);
    }
  }
  return Object.fromEntries(
    problemNames
      .filter((name) => used.has(referenceTo(name).$ref))
      .map((name) => [name, problemResponse(name)]),
  );
}
