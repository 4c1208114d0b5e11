/**
 * The answers of an operation.
 *
 * @module
 */
import type { RouteManifest } from '../http/manifest.ts';
import { statusText } from '../http/status.ts';
import type { OpenApiReference, OpenApiResponse } from './document.ts';
import { replayHeader } from './idempotency.ts';
import { problemContent, problemHeaders, type ProblemName, problemResponse, problemsOf } from './problems.ts';
import type { DocumentSchemas } from './schemas.ts';

/** Answers that carry no body whatever their schema says. */
function isBodiless(status: number): boolean {
  return status === 204 || (status >= 300 && status < 400);
}

const redirects = new Set([301, 302, 303, 307, 308]);

const location: OpenApiResponse['headers'] = {
  Location: { description: 'Where to go.', schema: { type: 'string', format: 'uri-reference' } },
};

/**
 * The answers of a route: those it declares, then the library's own problems. A declared 4xx or 5xx may also come as
 * a problem, since `run` may throw one.
 *
 * @param schemas - gives the document's schema of a declared answer
 */
export function responsesOf(
  route: RouteManifest,
  schemas: DocumentSchemas,
): Record<string, OpenApiResponse | OpenApiReference> {
  const responses: Record<string, OpenApiResponse | OpenApiReference> = {};
  const declared = Object.entries(route.options.response ?? {});
  const headOnly = route.method === 'HEAD';
  const isReplayed = route.options.idempotency !== undefined;
  const problems = problemsOf(route);
  for (const [code, schema] of declared) {
    const status = Number(code);
    const headers = {
      ...(redirects.has(status) && location),
      ...problemHeaders(problems.get(code)),
      ...(isReplayed && status < 500 && replayHeader),
    };
    const response = {
      description: statusText(status),
      ...(Object.keys(headers).length > 0 && { headers }),
    };
    if (headOnly || isBodiless(status)) {
      responses[status] = response;
      continue;
    }
    const content = {
      'application/json': { schema: schemas.whole(route, `response ${status}`, schema, 'output') },
    };
    responses[status] =
      status < 400
        ? { ...response, content }
        : { ...response, content: { ...content, ...problemContent(problems.get(code) ?? 'AnyProblem') } };
  }
  if (!declared.some(([code]) => Number(code) < 400))
    responses['2XX'] = { description: 'Success', ...(isReplayed && { headers: replayHeader }) };
  for (const [status, name] of problems) responses[status] ??= headOnly ? headOf(name) : referenceTo(name);
  return responses;
}

/** Points to a problem answer. */
export function referenceTo(name: ProblemName): OpenApiReference {
  return { $ref: `#/components/responses/${name}` };
}

function headOf(name: ProblemName): OpenApiResponse {
  const { description, headers } = problemResponse(name);
  return headers === undefined ? { description } : { description, headers };
}
