/**
 * From what a handler returned to what a source takes: JSON or bytes, headers, cookies, limits.
 *
 * @module
 */
import { isObject } from '../handler/object.ts';
import { HttpAnswer } from './answer.ts';
import type { EncodedAnswer, HttpSource } from './source/event.ts';

/** An answer that cannot be sent. It becomes a 500; the message is for the log. */
export class UnsendableAnswer extends Error {
  override readonly name = 'UnsendableAnswer';
}

const fieldName = /^[\w!#$%&'*+.^`|~-]+$/;
/** Visible ASCII, blank, tab and the upper half of Latin-1 (RFC 9110, section 5.5): no CR, no LF, no NUL. */
const fieldValue = /^[\t\x20-\x7e\x80-\xff]*$/;
/** Escaping and UTF-8 make no character longer than this in the JSON that Lambda sends on. */
const MOST_BYTES_PER_CHARACTER = 6;
/** Room for status, headers and the like in the JSON round the body. */
const ENVELOPE_BYTES = 16 * 1024;

const answerKeys = new Set([
  'statusCode',
  'statusDescription',
  'headers',
  'multiValueHeaders',
  'body',
  'isBase64Encoded',
  'cookies',
]);

/**
 * What a handler returned, as an answer. `undefined` is 204. An object with an integer `statusCode` and no keys but
 * those of a Lambda answer is taken as one; any other value, also one with a field `body`, is the JSON of a 200.
 */
export function answerOf(returned: unknown): HttpAnswer {
  if (returned instanceof HttpAnswer) return returned;
  if (returned === undefined) return new HttpAnswer(204, undefined);
  return isProxyResult(returned) ? fromProxyResult(returned) : new HttpAnswer(200, returned);
}

interface ProxyResult {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly multiValueHeaders?: Readonly<Record<string, readonly unknown[]>>;
  readonly body?: unknown;
  readonly isBase64Encoded?: boolean;
  readonly cookies?: readonly string[];
}

/** Tells a Lambda proxy answer, as hand-written handlers and Middy middlewares return it, from other objects. */
export function isProxyResult(value: unknown): value is ProxyResult {
  if (!isObject(value) || !('statusCode' in value)) return false;
  const { statusCode } = value;
  return (
    Number.isInteger(statusCode) &&
    Number(statusCode) >= 200 &&
    Number(statusCode) <= 599 &&
    Object.keys(value).every((key) => answerKeys.has(key))
  );
}

function fromProxyResult(result: ProxyResult): HttpAnswer {
  const headers: Record<string, string> = {};
  const cookies = [...(result.cookies ?? [])];
  for (const given of [result.headers, result.multiValueHeaders]) {
    for (const [name, value] of Object.entries(given ?? {})) {
      if (value === undefined) continue; // middlewares leave holes where a header might have been
      const values = [value].flat().map(String);
      const key = name.toLowerCase();
      if (key === 'set-cookie') cookies.push(...values);
      else headers[key] = values.join(', ');
    }
  }
  const body =
    result.isBase64Encoded === true
      ? Buffer.from(typeof result.body === 'string' ? result.body : '', 'base64')
      : result.body;
  // A ready answer's string body is sent as it is, JSON or not.
  if (typeof body === 'string') headers['content-type'] ??= 'application/json';
  return new HttpAnswer(result.statusCode, body === '' || body === null ? undefined : body, {
    headers,
    cookies,
  });
}

/**
 * An answer as Middy middlewares know it, a Lambda proxy answer of its own for them to change. One whose body is a
 * stream stays what it is.
 *
 * @throws UnsendableAnswer like {@link encode}
 */
export function proxyResultOf(answer: HttpAnswer): unknown {
  if (isStream(answer.body)) return answer;
  const { status, headers, cookies, body, isBase64Encoded } = encode(answer, { ...answer.headers }, false);
  const result = { statusCode: status, headers, body, isBase64Encoded };
  return cookies.length === 0 ? result : { ...result, cookies: [...cookies] };
}

function isStream(body: unknown): boolean {
  return isObject(body) && Symbol.asyncIterator in body;
}

/**
 * Encodes an answer.
 *
 * @param headers - the answer's own and those the library adds, in an object of this answer alone: the content type
 *   is put into it
 * @param headOnly - the request was `HEAD`: everything but the body
 * @throws UnsendableAnswer when a header holds characters that HTTP does not allow, or the body is no JSON
 */
export function encode(
  answer: HttpAnswer,
  headers: Record<string, string>,
  headOnly: boolean,
): EncodedAnswer {
  for (const name in answer.headers) {
    const value = answer.headers[name];
    if (!fieldName.test(name) || typeof value !== 'string' || !fieldValue.test(value)) {
      throw new UnsendableAnswer(
        `The answer's header "${name.slice(0, 100)}" holds characters that a header cannot hold`,
      );
    }
  }
  for (const cookie of answer.cookies) {
    if (!fieldValue.test(cookie))
      throw new UnsendableAnswer('A cookie of the answer holds characters that a header cannot hold');
  }
  const { status, body, cookies } = answer;
  const encoded = { status, headers, cookies, body: '', isBase64Encoded: false };
  if (body === undefined || status === 204 || status === 304) return encoded;
  const isBinary = body instanceof Uint8Array;
  if (isBinary) headers['content-type'] ??= 'application/octet-stream';
  if (isStream(body))
    throw new UnsendableAnswer('The answer is a stream, which only httpStreamHandler sends');
  const isReady = typeof body === 'string' && headers['content-type'] !== undefined;
  headers['content-type'] ??= 'application/json';
  if (headOnly) return encoded;
  if (isReady) encoded.body = body;
  else if (isBinary) {
    encoded.body = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('base64');
    encoded.isBase64Encoded = true;
  } else encoded.body = jsonOf(body);
  return encoded;
}

function jsonOf(body: unknown): string {
  let json: string;
  try {
    json = JSON.stringify(body);
  } catch (error) {
    throw new UnsendableAnswer("The answer's body cannot be written as JSON", { cause: error });
  }
  // JSON.stringify's types leave out what it gives for functions and symbols.
  if ((json as string | undefined) === undefined)
    throw new UnsendableAnswer(`The answer's body, a ${typeof body}, cannot be written as JSON`);
  if (json === '{}' && isOpaque(body)) {
    const kind = Object.prototype.toString.call(body).slice('[object '.length, -1);
    throw new UnsendableAnswer(`The answer's body, of the kind ${kind}, cannot be written as JSON`);
  }
  return json;
}

/** What JSON has nothing of, and would write as an empty object: a `Map`, an `Error`, the `Response` of a `fetch`. */
function isOpaque(body: unknown): boolean {
  if (!isObject(body) || Object.keys(body).length > 0 || 'toJSON' in body) return false;
  const prototype = Reflect.getPrototypeOf(body);
  return prototype !== null && Reflect.getPrototypeOf(prototype) !== null; // a plain object's has none, in any realm
}

/**
 * Bytes by which an answer is over its source's limit, counted as Lambda counts: the JSON that carries it.
 * 0 when it fits.
 */
export function bytesOverLimit(answer: EncodedAnswer, source: HttpSource): number {
  if (answer.body.length * MOST_BYTES_PER_CHARACTER + ENVELOPE_BYTES < source.answerLimit) return 0;
  const bytes = Buffer.byteLength(JSON.stringify(source.respond(answer)));
  return Math.max(0, bytes - source.answerLimit);
}
