/**
 * The request body of an operation.
 *
 * @module
 */
import type { Schema } from '../handler/schema.ts';
import type { BodyFormat } from '../http/body.ts';
import type { RouteManifest } from '../http/manifest.ts';
import type { OpenApiRequestBody } from './document.ts';
import type { JsonSchema } from './json-schema.ts';
import type { DocumentSchemas } from './schemas.ts';

const media: Readonly<Record<BodyFormat, { readonly type: string; readonly unchecked: JsonSchema }>> = {
  json: { type: 'application/json', unchecked: {} },
  form: { type: 'application/x-www-form-urlencoded', unchecked: { type: 'object' } },
  text: { type: 'text/plain', unchecked: { type: 'string' } },
  bytes: { type: '*/*', unchecked: {} },
};

/**
 * The request body of a route; `undefined` where the route says nothing of one.
 *
 * @param schemas - gives the document's schema of the body
 */
export function requestBodyOf(
  route: RouteManifest,
  schemas: DocumentSchemas,
): OpenApiRequestBody | undefined {
  const { body, consumes } = route.options;
  if (body === undefined && consumes === undefined) return undefined;
  const { type, unchecked } = media[consumes ?? 'json'];
  const required = body !== undefined && !takesUndefined(body);
  // Bytes are no JSON value: no JSON Schema describes them.
  if (consumes === 'bytes') return { required, content: { [type]: {} } };
  const schema = body === undefined ? unchecked : schemas.whole(route, 'body', body, 'input');
  return { required, content: { [type]: { schema } } };
}

/** Whether a request without a body passes, found out by asking the schema, as the handler does. */
function takesUndefined(schema: Schema): boolean {
  try {
    if (!('~standard' in schema)) return schema(undefined);
    const result = schema['~standard'].validate(undefined);
    if (!(result instanceof Promise)) return result.issues === undefined;
    result.catch(() => undefined); // an asynchronous schema cannot say it in time: a body is then asked for
    return false;
  } catch {
    return false;
  }
}
