/**
 * What a document says of routes that run once per key.
 *
 * @module
 * @see https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 */
import type { RouteOptions } from '../http/options.ts';
import type { OpenApiParameter, OpenApiResponse } from './document.ts';

type Idempotency = RouteOptions['idempotency'];

/** On every answer that was given before. */
export const replayHeader: NonNullable<OpenApiResponse['headers']> = {
  'Idempotency-Replayed': {
    description: 'The request was carried out before; this is the answer it got.',
    schema: { const: 'true' },
  },
};

const DESCRIPTION =
  'One key for one request, however often it is sent: 1 to 255 visible ASCII characters, in quotes or without.';

/**
 * Adds the header that the key is taken from, where it is taken from one. Where the route's schema of headers
 * describes it, that stands, but for whether it must be there.
 */
export function withKeyHeader(
  parameters: readonly OpenApiParameter[],
  idempotency: Idempotency,
): OpenApiParameter[] {
  const name = headerOf(idempotency);
  if (name === undefined) return [...parameters];
  const required = idempotency?.required === false ? {} : { required: true };
  const isIt = (parameter: OpenApiParameter): boolean =>
    parameter.in === 'header' && parameter.name.toLowerCase() === name.toLowerCase();
  if (parameters.some(isIt))
    return parameters.map((parameter) => (isIt(parameter) ? { ...parameter, ...required } : parameter));
  const added: OpenApiParameter = {
    name,
    in: 'header',
    ...required,
    description: DESCRIPTION,
    schema: { type: 'string', minLength: 1 },
  };
  const afterHeaders = parameters.findIndex((parameter) => parameter.in === 'cookie');
  return parameters.toSpliced(afterHeaders === -1 ? parameters.length : afterHeaders, 0, added);
}

/** Whether a request may be refused for its key: it is absent, or no key. */
export function refusesKeys(idempotency: Idempotency): boolean {
  return idempotency !== undefined && (idempotency.required !== false || headerOf(idempotency) !== undefined);
}

/** The header that keys come from: `idempotencyKeyHeader()` says so, a function of the team's own does not. */
function headerOf(idempotency: Idempotency): string | undefined {
  const key: object | undefined = idempotency?.key;
  return key !== undefined && 'header' in key && typeof key.header === 'string' ? key.header : undefined;
}
