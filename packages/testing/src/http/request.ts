/**
 * An HTTP request as a test states it, before a source has made an event of it.
 *
 * @module
 */

/** Who called, as the authorizer in front of the function found out. Not every source has every kind. */
export type AuthorizerStatement =
  /** JWT authorizer of an HTTP API. */
  | { readonly jwt: { readonly claims: Claims; readonly scopes?: readonly string[] | undefined } }
  /** Lambda authorizer of a REST or HTTP API: the context it returned. */
  | { readonly lambda: Readonly<Record<string, unknown>> }
  /** IAM signature on a REST API, HTTP API or Function URL. */
  | { readonly iam: IamIdentity }
  /** Cognito user pool authorizer of a REST API. */
  | { readonly cognito: { readonly claims: Claims } };

/** Claims of a token as its issuer wrote them; gateways turn them into strings, each in its own way. */
export type Claims = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** The signer of an IAM request. What a test leaves out is filled in. */
export interface IamIdentity {
  readonly accessKey?: string | undefined;
  readonly accountId?: string | undefined;
  readonly callerId?: string | undefined;
  readonly principalOrgId?: string | undefined;
  readonly userArn?: string | undefined;
  readonly userId?: string | undefined;
}

/** A request as a client sends it, and what stands between that client and the function. */
export interface HttpRequest {
  /** `GET` if not given. */
  readonly method?: string | undefined;
  /**
   * Path as on the wire: percent-encoded, without stage, base path and query. `/` if not given. Characters that cannot
   * be on the wire are encoded.
   */
  readonly path?: string | undefined;
  /** A string is sent as it is (`a=1&b=%20`); names and values of a record or of pairs are encoded. */
  readonly query?:
    | string
    | Readonly<Record<string, string | readonly string[]>>
    | ReadonlyArray<readonly [name: string, value: string]>
    | undefined;
  /** A list repeats the header; an empty list takes away one that would be sent by default, such as `accept`. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>> | undefined;
  /** Values of a record are percent-encoded where a cookie could not hold them; `name=value` strings are sent as they are. */
  readonly cookies?: Readonly<Record<string, string>> | readonly string[] | undefined;
  /**
   * A string is sent as UTF-8, a `Uint8Array` as it is, and everything else as JSON, `null` included. Leave it out, or
   * `''`, for no body.
   */
  readonly body?: unknown;
  /** Whether the event holds the body as base64. If not given, as the source decides for that content type. */
  readonly base64?: boolean | undefined;
  /** Shorter than stating the header. `application/json` if the body is sent as JSON, else none. */
  readonly contentType?: string | undefined;
  readonly authorizer?: AuthorizerStatement | undefined;
  /** Stage of the API. `prod` on a REST API and `$default` on an HTTP API if not given; other sources have none. */
  readonly stage?: string | undefined;
  /** Base path mapping of a custom domain, `v1` or `/v1`. REST and HTTP APIs only. */
  readonly basePath?: string | undefined;
  /** Route of the API, such as `/items/{id}` or `/{proxy+}`. If not given, the one that catches everything. */
  readonly resource?: string | undefined;
  /** Address of the client. */
  readonly sourceIp?: string | undefined;
  /** The gateway's id of the request. A new UUID if not given. */
  readonly requestId?: string | undefined;
  /** When the gateway got the request. Now if not given. */
  readonly time?: Date | undefined;
}
