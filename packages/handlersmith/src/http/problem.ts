/**
 * Problems: errors that are meant for the caller.
 *
 * @module
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
import { withoutStack } from '../handler/stackless.ts';
import { statusText } from './status.ts';

/** What a problem may say besides its status and detail. */
export interface ProblemOptions {
  /** A URI that names the kind of problem. Default `about:blank`: the status says it all. */
  readonly type?: string;
  /** A short name of the kind, the same each time. Default: the reason phrase of the status. */
  readonly title?: string;
  /** A URI that names this occurrence. */
  readonly instance?: string;
  /** Members of your own, beside the standard ones. */
  readonly extensions?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** What went wrong underneath. Logged, never shown. */
  readonly cause?: unknown;
}

/** Says when to come back. */
export interface RetryOptions extends ProblemOptions {
  /** Seconds, for the `Retry-After` header. */
  readonly retryAfter?: number;
}

/**
 * An error whose text the caller may see, sent as `application/problem+json`. Throw it or return it.
 *
 * Any other error becomes a 500 that shows nothing.
 *
 * @example
 * throw new HttpProblem(409, 'The order is already paid', { extensions: { orderId } });
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly status: number;
  readonly type: string;
  readonly title: string;
  readonly detail: string | undefined;
  readonly instance: string | undefined;
  readonly extensions: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  /**
   * @param status - 400 to 599
   * @param detail - one or two sentences for the caller
   * @throws RangeError when the status is not one of an error
   */
  constructor(status: number, detail?: string, options: ProblemOptions = {}) {
    super(detail ?? statusText(status), options.cause === undefined ? undefined : { cause: options.cause });
    if (!Number.isInteger(status) || status < 400 || status > 599) {
      throw new RangeError(`HttpProblem: expected a status from 400 to 599, got ${String(status)}`);
    }
    this.status = status;
    this.type = options.type ?? 'about:blank';
    this.title = options.title ?? statusText(status);
    this.detail = detail;
    this.instance = options.instance;
    this.extensions = options.extensions ?? {};
    this.headers = options.headers ?? {};
  }

  /** The status, by the name that Middy's packages look for. */
  get statusCode(): number {
    return this.status;
  }

  /** Tells Middy's packages that the message is meant for the caller. */
  get expose(): true {
    return true;
  }
}

function problem(
  status: number,
  detail: string | undefined,
  options: ProblemOptions | undefined,
): HttpProblem {
  return withoutStack(() => new HttpProblem(status, detail, options));
}

/** 400: the request makes no sense as it is. */
export function badRequest(detail?: string, options?: ProblemOptions): HttpProblem {
  return problem(400, detail, options);
}

/**
 * 401: say who you are.
 *
 * @param options - `challenge` is the `WWW-Authenticate` header, `Bearer` by default
 */
export function unauthorized(
  detail?: string,
  options: ProblemOptions & { readonly challenge?: string } = {},
): HttpProblem {
  return problem(401, detail, {
    ...options,
    headers: { 'www-authenticate': options.challenge ?? 'Bearer', ...options.headers },
  });
}

/** 403: we know who you are; you may not. */
export function forbidden(detail?: string, options?: ProblemOptions): HttpProblem {
  return problem(403, detail, options);
}

/**
 * 404: there is no such thing.
 *
 * @example
 * return (await items.get(path.id)) ?? notFound(`No item ${path.id}`);
 */
export function notFound(detail?: string, options?: ProblemOptions): HttpProblem {
  return problem(404, detail, options);
}

/** 409: the request clashes with the state of things. */
export function conflict(detail?: string, options?: ProblemOptions): HttpProblem {
  return problem(409, detail, options);
}

/** 410: it was here and is gone for good. */
export function gone(detail?: string, options?: ProblemOptions): HttpProblem {
  return problem(410, detail, options);
}

/** 412: an `If-Match` or its like did not hold. */
export function preconditionFailed(detail?: string, options?: ProblemOptions): HttpProblem {
  return problem(412, detail, options);
}

/** 413: the body is too large. */
export function contentTooLarge(detail?: string, options?: ProblemOptions): HttpProblem {
  return problem(413, detail, options);
}

/** 415: this media type is not taken here. */
export function unsupportedMediaType(detail?: string, options?: ProblemOptions): HttpProblem {
  return problem(415, detail, options);
}

/** 422: well formed, understood, and still not possible. */
export function unprocessable(detail?: string, options?: ProblemOptions): HttpProblem {
  return problem(422, detail, options);
}

/** 428: ask conditionally (`If-Match`), so that nobody's change is lost. */
export function preconditionRequired(detail?: string, options?: ProblemOptions): HttpProblem {
  return problem(428, detail, options);
}

/** 429: too many requests. */
export function tooManyRequests(detail?: string, options?: RetryOptions): HttpProblem {
  return problem(429, detail, retrying(options));
}

/** 503: not now. */
export function serviceUnavailable(detail?: string, options?: RetryOptions): HttpProblem {
  return problem(503, detail, retrying(options));
}

function retrying(options: RetryOptions | undefined): ProblemOptions | undefined {
  if (options?.retryAfter === undefined) return options;
  return {
    ...options,
    headers: { 'retry-after': String(Math.ceil(options.retryAfter)), ...options.headers },
  };
}
