/**
 * Holds documents against the official schema of OpenAPI 3.1, and answers against the schemas of a document.
 *
 * @module
 */
import type { TestResponse } from '@handlersmith/testing';
import { validate } from '@hyperjump/json-schema/openapi-3-1';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { OpenApiDocument, OpenApiOperation, OpenApiResponse } from 'handlersmith/openapi';

/** The official schema, with the dialect of JSON Schema that OpenAPI's own schemas are written in. */
const OFFICIAL = 'https://spec.openapis.org/oas/3.1/schema-base';

/** What the official schema says against a document, and references that lead nowhere. Empty for a good one. */
export async function faultsOf(document: object): Promise<readonly string[]> {
  // Documents are JSON; the validator's type of JSON asks for an index signature.
  const output = await validate(OFFICIAL, document as never, 'BASIC');
  const faults = output.valid
    ? []
    : (output.errors ?? []).map((error) => `${error.instanceLocation} ${error.absoluteKeywordLocation}`);
  for (const reference of referencesIn(document)) {
    if (!reference.startsWith('#/') || at(document, reference) === undefined)
      faults.push(`${reference} leads nowhere`);
  }
  return faults;
}

function referencesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) =>
    key === '$ref' && typeof each === 'string' ? [each] : referencesIn(each),
  );
}

/** What a JSON Pointer leads to. */
export function at(document: unknown, pointer: string): unknown {
  let value = document;
  for (const segment of pointer.split('/').slice(1)) {
    const key = segment.replaceAll('~1', '/').replaceAll('~0', '~');
    value = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  }
  return value;
}

/** One operation of a document, by `GET /items`. */
export function operationIn(document: OpenApiDocument, line: string): OpenApiOperation {
  const [method = '', path = ''] = line.split(' ');
  const operation = document.paths[path]?.[method.toLowerCase()];
  if (operation === undefined) throw new Error(`The document has no ${line}`);
  return operation;
}

/** One answer of an operation, its reference followed. */
export function responseIn(document: OpenApiDocument, line: string, status: string): OpenApiResponse {
  const response = operationIn(document, line).responses[status];
  const followed =
    response !== undefined && '$ref' in response ? at(document, String(response.$ref)) : response;
  if (followed === undefined) throw new Error(`${line} documents no ${status}`);
  return followed as OpenApiResponse; // the official schema has seen to that
}

/**
 * Why an answer is not the one that the document describes; empty when it is.
 *
 * @param status - the key under `responses` that must describe it
 */
export function mismatches(
  document: OpenApiDocument,
  line: string,
  answer: TestResponse,
  status = String(answer.status),
): readonly string[] {
  const { content } = responseIn(document, line, status);
  if (content === undefined) return answer.text() === '' ? [] : ['a body is not documented'];
  const type = answer.header('content-type')?.split(';')[0] ?? 'none';
  const media = content[type];
  if (media === undefined) return [`${type} is not documented`];
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  const check = ajv.compile({ ...media.schema, components: document.components });
  return check(answer.json()) ? [] : [ajv.errorsText(check.errors)];
}
