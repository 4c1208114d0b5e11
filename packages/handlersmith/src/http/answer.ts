/**
 * Answers: a status, a body, headers and cookies, before they take the shape of a source.
 *
 * @module
 */
import { type Cookie, cookieLine } from './cookie.ts';

/** What an answer may carry besides its body. */
export interface AnswerOptions {
  /** Header names in any case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Each sets one cookie: a {@link Cookie}, or a ready `Set-Cookie` line. */
  readonly cookies?: readonly (Cookie | string)[];
}

/**
 * An answer to an HTTP request. Make one with {@link ok}, {@link created} and their like; a plain value that a
 * handler returns is a 200 of its own.
 */
export class HttpAnswer<Status extends number = number, Body = unknown> {
  readonly status: Status;
  readonly body: Body;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** `Set-Cookie` lines. */
  readonly cookies: readonly string[];

  constructor(status: Status, body: Body, options: AnswerOptions = none) {
    this.status = status;
    this.body = body;
    const headers = options.headers === undefined ? noHeaders : lowerCased(options.headers);
    const cookies = options.cookies?.map(lineOf) ?? noCookies;
    const cookieHeader = headers['set-cookie'];
    if (cookieHeader === undefined) {
      this.headers = headers;
      this.cookies = cookies;
      return;
    }
    // Each source has a place of its own for cookies: one among the headers would meet the others there.
    const { 'set-cookie': _moved, ...others } = headers;
    this.headers = others;
    this.cookies = [cookieHeader, ...cookies];
  }
}

const none: AnswerOptions = Object.freeze({});
const noHeaders: Readonly<Record<string, string>> = Object.freeze({});
const noCookies: readonly string[] = Object.freeze([]);

function lineOf(cookie: Cookie | string): string {
  return typeof cookie === 'string' ? cookie : cookieLine(cookie);
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) result[name.toLowerCase()] = value;
  return result;
}

/**
 * Any status.
 *
 * @param status - 200 to 599
 * @param body - JSON, or bytes (`Uint8Array`), or with a textual `content-type` header a string
 * @throws RangeError when the status is not one
 * @example
 * return answer(207, results);
 */
export function answer<Status extends number, Body>(
  status: Status,
  body: Body,
  options?: AnswerOptions,
): HttpAnswer<Status, Body> {
  if (!Number.isInteger(status) || status < 200 || status > 599) {
    throw new RangeError(`answer: expected a status from 200 to 599, got ${String(status)}`);
  }
  return new HttpAnswer(status, body, options);
}

/**
 * 200 with a JSON body and, unlike a plain value, with headers or cookies.
 *
 * @example
 * return ok(item, { headers: { etag: `"${item.version}"` } });
 */
export function ok<Body>(body: Body, options?: AnswerOptions): HttpAnswer<200, Body> {
  return new HttpAnswer(200, body, options);
}

/**
 * 201 with the thing that was made, and where it is.
 *
 * @example
 * return created(item, { location: `/items/${item.id}` });
 */
export function created<Body>(
  body: Body,
  options?: AnswerOptions & { readonly location?: string },
): HttpAnswer<201, Body> {
  return new HttpAnswer(201, body, located(options));
}

/**
 * 202: taken on, not done yet.
 *
 * @example
 * return accepted({ job: job.id }, { location: `/jobs/${job.id}` });
 */
export function accepted<Body>(
  body: Body,
  options?: AnswerOptions & { readonly location?: string },
): HttpAnswer<202, Body> {
  return new HttpAnswer(202, body, located(options));
}

/** 204. Returning nothing from a handler says the same. */
export function noContent(options?: AnswerOptions): HttpAnswer<204, undefined> {
  return new HttpAnswer(204, undefined, options);
}

/** 304, for a request whose `If-None-Match` or `If-Modified-Since` still holds. */
export function notModified(options?: AnswerOptions): HttpAnswer<304, undefined> {
  return new HttpAnswer(304, undefined, options);
}

/** Browsers read `\` as `/`, skip what cannot be seen at the start, and drop tabs and line ends anywhere. */
const otherHost = /^[\p{Cc} ]*[/\\][\t\n\r]*[/\\]/u;

/**
 * Sends the caller elsewhere.
 *
 * @param location - an absolute URL, or a path on this host; one that starts with `//` names another host and is refused
 * @param status - 302 by default; 301 and 308 are for good, 303 says GET, 307 and 308 keep the method
 * @throws TypeError when a path would leave this host
 * @example
 * return redirect('/login', 303);
 */
export function redirect(
  location: string,
  status: 301 | 302 | 303 | 307 | 308 = 302,
  options?: AnswerOptions,
): HttpAnswer<301 | 302 | 303 | 307 | 308, undefined> {
  if (otherHost.test(location)) {
    throw new TypeError('redirect: a location that starts with // names another host; give the whole URL');
  }
  return new HttpAnswer(status, undefined, located({ ...options, location }));
}

/**
 * 200 with an HTML page.
 *
 * @example
 * return html('<!doctype html><title>Hello</title>');
 */
export function html(page: string, options?: AnswerOptions): HttpAnswer<200, string> {
  return new HttpAnswer(200, page, typed('text/html; charset=utf-8', options));
}

/**
 * 200 with plain text.
 *
 * @example
 * return text('pong');
 */
export function text(content: string, options?: AnswerOptions): HttpAnswer<200, string> {
  return new HttpAnswer(200, content, typed('text/plain; charset=utf-8', options));
}

/**
 * 200 with bytes: an image, a PDF, an archive.
 *
 * @param options - `contentType` defaults to `application/octet-stream`
 * @example
 * return binary(await thumbnail(id), { contentType: 'image/webp' });
 */
export function binary(
  bytes: Uint8Array,
  options?: AnswerOptions & { readonly contentType?: string },
): HttpAnswer<200, Uint8Array> {
  return new HttpAnswer(200, bytes, typed(options?.contentType ?? 'application/octet-stream', options));
}

/**
 * 200 with a body that is sent while it is made. Only `httpStreamHandler` sends one.
 *
 * @param chunks - bytes or text: an async generator, a web or Node.js stream
 * @param options - `contentType` defaults to `application/octet-stream`
 * @example
 * return streamed(rows(), { contentType: 'text/csv; charset=utf-8' });
 */
export function streamed(
  chunks: AsyncIterable<Uint8Array | string>,
  options?: AnswerOptions & { readonly contentType?: string },
): HttpAnswer<200, AsyncIterable<Uint8Array | string>> {
  return new HttpAnswer(200, chunks, typed(options?.contentType ?? 'application/octet-stream', options));
}

function located(
  options: (AnswerOptions & { readonly location?: string }) | undefined,
): AnswerOptions | undefined {
  if (options?.location === undefined) return options;
  return { ...options, headers: { ...options.headers, location: options.location } };
}

function typed(contentType: string, options: AnswerOptions | undefined): AnswerOptions {
  return { ...options, headers: { 'content-type': contentType, ...lowerCased(options?.headers ?? {}) } };
}
