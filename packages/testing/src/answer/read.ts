/**
 * The gateway's side of an answer: from what a handler returned to what a client receives.
 *
 * @module
 */
import type { HttpSource } from '../http/source.ts';
import { receivedHeaders } from './headers.ts';
import { AnswerRefused } from './refused.ts';
import { shapedAnswer } from './shape.ts';

/** A response as the client receives it. */
export interface TestResponse {
  readonly status: number;
  /** Names in lower case; a repeated header is joined by `, `. Cookies are not among them. */
  readonly headers: Readonly<Record<string, string>>;
  /** Every `Set-Cookie`, as it was sent. */
  readonly cookies: readonly string[];
  /** The body after base64 is taken off. */
  readonly bytes: Uint8Array;
  /** What the handler returned, untouched. */
  readonly raw: unknown;
  /** Value of a header, its name in any case. */
  header(name: string): string | undefined;
  /** The body read as UTF-8. */
  text(): string;
  /**
   * The body read as JSON.
   *
   * @throws SyntaxError that shows the body when it is not JSON
   */
  json(): unknown;
}

/** What the reader has to know of the request that was answered. */
export interface AnswerContext {
  /** Method of the request. A `HEAD` takes no body. */
  readonly method?: string | undefined;
}

/**
 * Reads an answer as the service would, and refuses what the service would refuse, drop or send differently: unknown
 * keys, a status that is not an integer, values that are not strings, header fields that cannot be sent, a body where
 * none may be, answers over the limit.
 *
 * @param source - service that the handler answered to
 * @param answer - what the handler returned
 * @param context - what is known of the request
 * @throws AnswerRefused that names the rule and says what is wrong
 * @example
 * const response = readAnswer('httpApi', await handler(event, context));
 * expect(response.status).toBe(201);
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/handle-errors-in-lambda-integration.html
 */
export function readAnswer(source: HttpSource, answer: unknown, context: AnswerContext = {}): TestResponse {
  const shaped = shapedAnswer(source, answer);
  const { headers, cookies } = receivedHeaders(source, shaped);
  const { statusCode: status, body, isBase64Encoded } = shaped;
  const isEmpty =
    status < 200 || status === 204 || status === 304 || context.method?.toUpperCase() === 'HEAD';
  if (isEmpty && body !== '') {
    const to = context.method === undefined ? '' : ` to a ${context.method}`;
    throw new AnswerRefused(source, 'H13', `a ${status}${to} carries no body, but there is one.`);
  }
  // A copy, so that what a test gets is a plain Uint8Array and not a view into Node's pool.
  const bytes = Uint8Array.from(Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'));
  const text = (): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  return {
    status,
    headers,
    cookies,
    bytes,
    raw: answer,
    header: (name) => (Object.hasOwn(headers, name.toLowerCase()) ? headers[name.toLowerCase()] : undefined),
    text,
    json: () => parsed(text(), status),
  };
}

function parsed(text: string, status: number): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const start = text.length > 200 ? `${text.slice(0, 200)}…` : text;
    throw new SyntaxError(`The body of this ${status} is not JSON: ${JSON.stringify(start)}`, { cause });
  }
}
