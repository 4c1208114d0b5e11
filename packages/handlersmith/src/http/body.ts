/**
 * The body of a request: its bytes, its text, its value.
 *
 * @module
 */
import jsonBodyParser from '@middy/http-json-body-parser';

import { withoutStack } from '../handler/stackless.ts';
import { groupQuery, parseQuery } from './query.ts';

/** How a route reads bodies: the media types it takes, and what `body` then is. */
export type BodyFormat = 'json' | 'form' | 'text' | 'bytes';

/** A body as an event carries it. */
export interface CarriedBody {
  readonly body?: string | null | undefined;
  readonly isBase64Encoded?: boolean | undefined;
}

/** A body that cannot be read. */
export class UnreadableBody extends Error {
  override readonly name = 'UnreadableBody';
  readonly statusCode: 400 | 415;
  /** The message is for the caller. */
  readonly expose = true;

  constructor(statusCode: 400 | 415, message: string) {
    super(message);
    this.statusCode = statusCode;
  }
}

/** A blank may stand before the semicolon (RFC 9110, section 5.6.6). */
const mediaTypes: Readonly<Record<Exclude<BodyFormat, 'bytes'>, RegExp>> = {
  json: /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i,
  form: /^application\/x-www-form-urlencoded\s*(?:;|$)/i,
  text: /^text\/[\w.+-]+\s*(?:;|$)/i,
};

const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i;

/** Tells whether an event carries a body at all: absent, `null` and `""` are none. */
export function hasBody(carried: CarriedBody): boolean {
  return typeof carried.body === 'string' && carried.body !== '';
}

/**
 * Tells whether a middleware in `use` has parsed the body already. `null` is how REST says that there is none, so a
 * parsed JSON `null` counts as none too.
 */
export function isParsed(carried: CarriedBody): boolean {
  const { body }: { readonly body?: unknown } = carried; // a middleware may put anything there
  return body !== undefined && body !== null && typeof body !== 'string';
}

/** Whether the body has more bytes than `limit`, found out without decoding it. */
export function exceeds(carried: CarriedBody, limit: number): boolean {
  const { body } = carried;
  if (typeof body !== 'string') return false;
  if (carried.isBase64Encoded === true) return Math.floor((body.length * 3) / 4) - padding(body) > limit;
  // UTF-8 takes one to three bytes for each UTF-16 unit: most bodies need no counting.
  if (body.length > limit) return true;
  return body.length * 3 > limit && Buffer.byteLength(body) > limit;
}

function padding(base64: string): number {
  return base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
}

/** The bytes of the body, as the client sent them. Base64 never goes by way of a UTF-8 string. */
export function bytesOf(carried: CarriedBody): Uint8Array {
  return Buffer.from(carried.body ?? '', carried.isBase64Encoded === true ? 'base64' : 'utf8');
}

/**
 * Reads a body that is there.
 *
 * @param format - what the route takes
 * @param contentType - the request's `content-type`
 * @throws UnreadableBody 415 for another media type, 400 for a body that is not what its type says
 */
export function readBody(carried: CarriedBody, format: BodyFormat, contentType: string | undefined): unknown {
  if (format === 'bytes') return bytesOf(carried);
  if (!takes(format, contentType)) {
    throw unreadable(
      415,
      `Expected ${expected[format]}, got ${contentType === undefined ? 'no content type' : `"${contentType.slice(0, 100)}"`}`,
    );
  }
  const content = textOf(carried);
  if (format === 'text') return content;
  return format === 'json' ? parseJson(content) : parseForm(content);
}

/** Reads a body for a route that asked for nothing: JSON where it says so, else text. */
export function guessBody(carried: CarriedBody, contentType: string | undefined): unknown {
  if (!hasBody(carried)) return undefined;
  const content = textOf(carried);
  return contentType !== undefined && takes('json', contentType) ? parseJson(content) : content;
}

const expected: Readonly<Record<Exclude<BodyFormat, 'bytes'>, string>> = {
  json: 'application/json',
  form: 'application/x-www-form-urlencoded',
  text: 'text/plain',
};

function takes(format: Exclude<BodyFormat, 'bytes'>, contentType: string | undefined): boolean {
  if (contentType === 'application/json') return format === 'json';
  if (contentType === undefined || !mediaTypes[format].test(contentType)) return false;
  if (!contentType.includes(';')) return true;
  const named = charset.exec(contentType)?.[1]?.toLowerCase();
  return named === undefined || named === 'utf-8' || named === 'utf8' || named === 'us-ascii';
}

/** Also takes a byte order mark away. */
function textOf(carried: CarriedBody): string {
  const { body } = carried;
  if (typeof body !== 'string') return '';
  if (carried.isBase64Encoded !== true) return body.charCodeAt(0) === 0xfeff ? body.slice(1) : body;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(body, 'base64'));
  } catch {
    throw unreadable(400, 'The body is not valid UTF-8');
  }
}

/** Decoding errors of a form are errors of the body. */
function parseForm(content: string): unknown {
  try {
    return groupQuery(parseQuery(content));
  } catch {
    throw unreadable(400, 'The form holds a malformed percent-encoding');
  }
}

/**
 * `JSON.parse`, and `@middy/http-json-body-parser` for a text that may spell a forbidden key: its reviver, which
 * looks at every key, costs 8 to 13 times a plain parse, and no text without those letters can hold one.
 */
function parseJson(content: string): unknown {
  if (mayHoldForbiddenKey(content)) return parseGuarded(content);
  try {
    return JSON.parse(content);
  } catch {
    throw unreadable(400, 'The body is not valid JSON'); // the parser's own message quotes the body
  }
}

/** `__proto__` or `constructor`, plain or with letters written as `\u005f`. */
function mayHoldForbiddenKey(content: string): boolean {
  return (
    content.includes('__proto__') ||
    content.includes('"constructor"') ||
    (content.includes('\\u00') && /\\u00(?:5f|63|6[ef]|7[02345])/i.test(content))
  );
}

// Its types ask for a whole Lambda request; it reads these two fields and writes the body back.
const { before: parseEvent } = jsonBodyParser({ disableContentTypeCheck: true }) as unknown as {
  before: (request: { event: { body: unknown; isBase64Encoded: boolean } }) => void;
};

function parseGuarded(content: string): unknown {
  const event: { body: unknown; isBase64Encoded: boolean } = { body: content, isBase64Encoded: false }; // ours to be written into
  try {
    withoutStack(() => parseEvent({ event }));
  } catch (error) {
    const forbidden = error instanceof Error && error.message.startsWith('Forbidden key');
    throw unreadable(
      400,
      forbidden
        ? 'The body holds a forbidden key: __proto__ or constructor.prototype'
        : 'The body is not valid JSON',
    );
  }
  return event.body;
}

function unreadable(status: 400 | 415, reason: string): UnreadableBody {
  return withoutStack(() => new UnreadableBody(status, reason));
}
