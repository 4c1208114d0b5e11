/**
 * The problem answers that the library gives by itself, as components.
 *
 * @module
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
import type { RouteManifest } from '../http/manifest.ts';
import type { OpenApiMedia, OpenApiResponse } from './document.ts';
import { refusesKeys, replayHeader } from './idempotency.ts';
import type { JsonSchema } from './json-schema.ts';

/** The schemas of problems, by component name. */
export const problemSchemas: Readonly<Record<'Problem' | 'ProblemWithErrors', JsonSchema>> = {
  Problem: {
    description: 'What went wrong (RFC 9457).',
    type: 'object',
    properties: {
      type: {
        description: 'A URI that names the kind of problem; about:blank where the status says it all.',
        type: 'string',
        format: 'uri-reference',
      },
      title: { description: 'A short name of the kind.', type: 'string' },
      status: { description: 'The status of the answer.', type: 'integer', minimum: 400, maximum: 599 },
      detail: { description: 'What went wrong this time.', type: 'string' },
      instance: { description: 'A URI that names this occurrence.', type: 'string', format: 'uri-reference' },
      requestId: { description: 'The id of the request, to be given to support.', type: 'string' },
    },
    required: ['type', 'title', 'status'],
  },
  ProblemWithErrors: {
    description: 'What is wrong with a request. The list is absent where the request could not be read.',
    allOf: [{ $ref: '#/components/schemas/Problem' }],
    type: 'object',
    properties: {
      errors: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            in: {
              description: 'The part of the request.',
              enum: ['path', 'query', 'headers', 'cookies', 'body'],
            },
            pointer: {
              description: 'Where in that part: a JSON Pointer (RFC 6901), empty for the whole of it.',
              type: 'string',
            },
            message: { description: 'What is wrong there.', type: 'string' },
          },
          required: ['in', 'pointer', 'message'],
        },
      },
    },
  },
};

/** A problem answer of the library. */
export type ProblemName =
  | 'BadRequest'
  | 'InvalidRequest'
  | 'Unauthorized'
  | 'Forbidden'
  | 'NotFound'
  | 'InProgress'
  | 'AnswerNotKept'
  | 'ContentTooLarge'
  | 'UnsupportedMediaType'
  | 'KeyUsedBefore'
  | 'NothingDone'
  | 'ServiceUnavailable'
  | 'AnyProblem';

interface ProblemResponse {
  readonly status: string;
  readonly schema: keyof typeof problemSchemas;
  readonly description: string;
  readonly headers?: OpenApiResponse['headers'];
}

const retryAfter: OpenApiResponse['headers'] = {
  'Retry-After': {
    description: 'Seconds after which another try makes sense.',
    schema: { type: 'integer', minimum: 1 },
  },
};

const problems: Readonly<Record<ProblemName, ProblemResponse>> = {
  BadRequest: {
    status: '400',
    schema: 'Problem',
    description: 'The request cannot be read.',
  },
  InvalidRequest: {
    status: '400',
    schema: 'ProblemWithErrors',
    description: 'The request cannot be read, or is not as expected.',
  },
  Unauthorized: {
    status: '401',
    schema: 'Problem',
    description: 'The request does not say who is calling.',
    headers: {
      'WWW-Authenticate': { description: 'How to say it.', schema: { type: 'string' } },
    },
  },
  Forbidden: { status: '403', schema: 'Problem', description: 'The caller may not do this.' },
  NotFound: {
    status: '404',
    schema: 'Problem',
    description: 'There is nothing at this path.',
  },
  InProgress: {
    status: '409',
    schema: 'Problem',
    description: 'The same request is being worked on: come back for its answer.',
    headers: retryAfter,
  },
  AnswerNotKept: {
    status: '410',
    schema: 'Problem',
    description: 'The request was carried out before, but its answer was not kept.',
    headers: replayHeader,
  },
  ContentTooLarge: { status: '413', schema: 'Problem', description: 'The body has too many bytes.' },
  UnsupportedMediaType: {
    status: '415',
    schema: 'Problem',
    description: 'The body is of a media type that is not taken here.',
  },
  KeyUsedBefore: {
    status: '422',
    schema: 'Problem',
    description: 'The idempotency key was used before, with another request.',
  },
  NothingDone: {
    status: '503',
    schema: 'Problem',
    description: 'Nothing was done: try again.',
    headers: retryAfter,
  },
  ServiceUnavailable: { status: '503', schema: 'Problem', description: 'The service is not well.' },
  AnyProblem: {
    status: 'default',
    schema: 'Problem',
    description: 'Any other problem: 500 where the service failed, 504 where it took too long.',
  },
};

/** The problem answers of a route, by status. */
export function problemsOf({ path, options }: RouteManifest): ReadonlyMap<string, ProblemName> {
  const { body, consumes, claims, idempotency } = options;
  const readsBody = body !== undefined || consumes !== undefined;
  const isChecked =
    [options.path, options.query, options.headers, options.cookies].some((part) => part !== undefined) ||
    body !== undefined;
  const hasParameters = path.includes('{');
  const names: ProblemName[] = [];
  if (isChecked) names.push('InvalidRequest');
  else if (readsBody || hasParameters || refusesKeys(idempotency)) names.push('BadRequest');
  if (claims !== undefined) names.push('Unauthorized', 'Forbidden');
  if (hasParameters) names.push('NotFound');
  if (idempotency !== undefined) names.push('InProgress', 'AnswerNotKept');
  if (readsBody) names.push('ContentTooLarge');
  if (readsBody && consumes !== 'bytes') names.push('UnsupportedMediaType');
  if (idempotency !== undefined) names.push('KeyUsedBefore', 'NothingDone');
  names.push('AnyProblem');
  return new Map(names.map((name) => [problems[name].status, name]));
}

/** The headers of a problem answer. */
export function problemHeaders(name: ProblemName | undefined): OpenApiResponse['headers'] {
  return name === undefined ? undefined : problems[name].headers;
}

/** The component of a problem answer. */
export function problemResponse(name: ProblemName): OpenApiResponse {
  const { description, headers } = problems[name];
  return {
    description,
    ...(headers !== undefined && { headers }),
    content: problemContent(name),
  };
}

/** The content of a problem answer, for answers that have other content beside it. */
export function problemContent(name: ProblemName): Readonly<Record<string, OpenApiMedia>> {
  return {
    'application/problem+json': { schema: { $ref: `#/components/schemas/${problems[name].schema}` } },
  };
}

/** Every name, in the order of status. */
export const problemNames: readonly ProblemName[] = Object.keys(problems) as ProblemName[]; // its own keys
