/**
 * From anything that was thrown to what the caller may see of it.
 *
 * @module
 */
import { DeadlineReached } from '../handler/deadline.ts';
import { RetryLater } from '../handler/later.ts';
import type { Issue } from '../handler/schema.ts';
import { HttpAnswer } from './answer.ts';
import { HttpProblem } from './problem.ts';
import { statusText } from './status.ts';

/** One wrong field of a request: which part of it, where in it, and what is wrong. */
export interface FieldError {
  readonly in: string;
  readonly pointer: string;
  readonly message: string;
}

/** What to answer instead, and what to log of it. A plain value, not an error: most refusals need no stack. */
export class Refusal {
  readonly status: number;
  readonly detail: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly errors: readonly FieldError[] | undefined;
  /** The fault behind it, to be logged with its stack; `undefined` where the caller is at fault. */
  readonly error: unknown;
  /** The problem that said so, for its type, title and extensions. */
  readonly problem: HttpProblem | undefined;

  constructor(status: number, detail?: string, more: RefusalOptions = {}) {
    this.status = status;
    this.detail = detail;
    this.headers = more.headers ?? noHeaders;
    this.errors = more.errors;
    this.error = more.error;
    this.problem = more.problem;
  }
}

interface RefusalOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly errors?: readonly FieldError[];
  readonly error?: unknown;
  readonly problem?: HttpProblem;
}

const noHeaders: Readonly<Record<string, string>> = Object.freeze({});

/** A refusal as an error, for the middlewares of a team: their `onError` runs, their `after` does not. */
export class RequestRefused extends Error {
  override readonly name = 'RequestRefused';
  readonly statusCode: number;
  readonly expose = true;
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.detail ?? statusText(refusal.status));
    this.statusCode = refusal.status;
    this.refusal = refusal;
  }
}

/** 400 with every wrong field. */
export function refuseFields(errors: readonly FieldError[]): Refusal {
  return new Refusal(400, 'The request is not as expected: see errors', { errors });
}

/** Field errors of one part of a request. */
export function fieldErrors(part: string, issues: readonly Issue[]): FieldError[] {
  return issues.map(({ pointer, message }) => ({ in: part, pointer, message }));
}

/**
 * Maps anything thrown. Cannot throw itself, whatever it is given.
 *
 * Shown are only errors made to be shown: an {@link HttpProblem}, and a 4xx that says `expose: true` as Middy's own
 * errors do. An upstream client's error that happens to carry a `statusCode` is a 500 like any other.
 */
export function refusalOf(error: unknown): Refusal {
  try {
    return (
      known(error) ??
      new Refusal(500, undefined, { error: error ?? new Error(`The handler threw ${String(error)}`) })
    );
  } catch {
    return new Refusal(500, undefined, { error }); // a getter or a proxy that throws when it is looked at
  }
}

function known(error: unknown): Refusal | undefined {
  if (error instanceof RequestRefused) return error.refusal;
  if (error instanceof HttpProblem) return refusalOfProblem(error);
  if (error instanceof RetryLater) return refusalOfRetry(error);
  if (error instanceof DeadlineReached) return new Refusal(504, 'The request took too long', { error });
  if (!(error instanceof Error) || !('statusCode' in error) || !('expose' in error)) return undefined;
  const { statusCode, expose, message } = error;
  if (expose !== true || !Number.isInteger(statusCode)) return undefined;
  const status = Number(statusCode);
  return status >= 400 && status < 500 ? new Refusal(status, message) : undefined;
}

/** Told when to come back. A 503 is a fault, and logged as one. */
function refusalOfRetry(error: RetryLater): Refusal {
  return new Refusal(error.statusCode, error.message, {
    headers: { 'retry-after': String(Math.max(1, Math.ceil(error.retryAfter))) },
    error: error.statusCode >= 500 ? error : undefined,
  });
}

/** A problem that a handler threw or returned. A 5xx one is a fault, and logged as one. */
export function refusalOfProblem(problem: HttpProblem): Refusal {
  const { status, detail, headers, cause } = problem;
  return new Refusal(status, detail, {
    headers,
    problem,
    error: cause ?? (status >= 500 ? problem : undefined),
  });
}

/** The `application/problem+json` answer of a refusal. */
export function problemAnswer(refusal: Refusal, requestId: string | undefined): HttpAnswer {
  const { status, detail, errors, problem } = refusal;
  const body =
    problem === undefined
      ? { type: 'about:blank', title: statusText(status), status, detail, requestId, errors }
      : {
          ...problem.extensions,
          type: problem.type,
          title: problem.title,
          status,
          detail,
          instance: problem.instance,
          requestId,
        };
  return new HttpAnswer(status, body, {
    headers: { ...refusal.headers, 'content-type': 'application/problem+json' },
  });
}
