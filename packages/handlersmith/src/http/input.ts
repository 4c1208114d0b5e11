/**
 * What `run` gets, inferred from the options.
 *
 * @module
 */
import type { FunctionEnvironment, FunctionInput } from '../handler/environment.ts';
import type { InputOf, OutputOf } from '../handler/schema.ts';
import type { HttpAnswer } from './answer.ts';
import type { Cookies } from './cookie.ts';
import type { Identity } from './identity.ts';
import type { HttpProblem } from './problem.ts';
import type { Query } from './query.ts';
import type { HttpEvent, HttpSourceName } from './source/event.ts';

type Validated<Options, Name extends string, Otherwise> = Options extends { readonly [Key in Name]: infer S }
  ? OutputOf<S>
  : Otherwise;

type UncheckedBody<Options> = Options extends { readonly consumes: infer Format }
  ? Format extends 'bytes'
    ? Uint8Array | undefined
    : Format extends 'text'
      ? string | undefined
      : Format extends 'form'
        ? Query | undefined
        : unknown
  : unknown;

/** One request, as a handler sees it. */
export interface HttpInput<Options, Path, Env extends FunctionEnvironment> extends FunctionInput<Env> {
  /** The validated body; without a schema, JSON or text as it came, `undefined` where there is none. */
  readonly body: Validated<Options, 'body', UncheckedBody<Options>>;
  /** Query parameters, decoded once; a repeated name gives a list. */
  readonly query: Validated<Options, 'query', Query>;
  /** Path parameters, decoded once. */
  readonly path: Validated<Options, 'path', Path>;
  /** Request headers, names in lower case, repeats joined with a comma. */
  readonly headers: Validated<Options, 'headers', Readonly<Record<string, string>>>;
  readonly cookies: Validated<Options, 'cookies', Cookies>;
  /** What the authorizer knows of the caller, validated by the `claims` schema. */
  readonly claims: Validated<Options, 'claims', Readonly<Record<string, unknown>>>;
  /** Who calls, as the gateway's authorizer found out. */
  readonly identity: Identity;
  /** The body's bytes as the client sent them, for webhook signatures. */
  readonly rawBody: Uint8Array;
  readonly method: string;
  /** The path of the request without stage and base path, percent-encoded unless the source decodes it (HTTP API). */
  readonly pathname: string;
  /** The pattern that matched, such as `GET /items/{id}`. */
  readonly route: string;
  /** Which of the five sources sent the event. */
  readonly source: HttpSourceName;
  /** The gateway's request id, or Lambda's. It is in every problem answer. */
  readonly requestId: string | undefined;
  /** The event as it came. */
  readonly event: Readonly<HttpEvent>;
}

type DeclaredAnswer<Responses> = {
  [Status in keyof Responses & number]:
    | HttpAnswer<Status, InputOf<Responses[Status]>>
    | (Status extends 200 ? InputOf<Responses[Status]> : never)
    // oxlint-disable-next-line typescript/no-invalid-void-type -- a function that returns nothing is typed so
    | (Status extends 204 ? undefined | void : never);
}[keyof Responses & number];

type BodilessAnswer = HttpAnswer<204 | 301 | 302 | 303 | 304 | 307 | 308, undefined>;

/** What `run` may return: where answers are declared, one of them, a bodiless one or a problem; else anything. */
export type HttpOutput<Options> = Options extends { readonly response: infer Responses }
  ? DeclaredAnswer<Responses> | BodilessAnswer | HttpProblem
  : unknown;
