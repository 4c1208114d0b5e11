/**
 * What an OpenAPI document is made of, as far as we write it.
 *
 * @module
 * @see https://spec.openapis.org/oas/v3.1.1.html
 */
import type { JsonSchema } from './json-schema.ts';

/** An OpenAPI 3.1 document: plain JSON. */
export interface OpenApiDocument {
  readonly openapi: '3.1.1';
  readonly info: OpenApiInfo;
  readonly servers?: readonly OpenApiServer[];
  readonly tags?: readonly OpenApiTag[];
  readonly paths: Readonly<Record<string, OpenApiPathItem>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>;
    readonly responses: Readonly<Record<string, OpenApiResponse>>;
    readonly securitySchemes?: Readonly<Record<string, object>>;
  };
}

/** What the API is called and who stands behind it. */
export interface OpenApiInfo {
  readonly title: string;
  /** The version of the API, not of OpenAPI. */
  readonly version: string;
  readonly summary?: string;
  /** Markdown. */
  readonly description?: string;
  readonly termsOfService?: string;
  readonly contact?: { readonly name?: string; readonly url?: string; readonly email?: string };
  readonly license?: { readonly name: string; readonly identifier?: string; readonly url?: string };
}

/** Where the API is. */
export interface OpenApiServer {
  readonly url: string;
  readonly description?: string;
  readonly variables?: Readonly<
    Record<
      string,
      { readonly default: string; readonly enum?: readonly string[]; readonly description?: string }
    >
  >;
}

/** A group of operations. */
export interface OpenApiTag {
  readonly name: string;
  readonly description?: string;
  readonly externalDocs?: { readonly url: string; readonly description?: string };
}

/** The operations of a path, by method in lower case. */
export type OpenApiPathItem = Readonly<Record<string, OpenApiOperation>>;

/** Names of security schemes, each with the scopes it asks for. */
export type OpenApiSecurityRequirement = Readonly<Record<string, readonly string[]>>;

/** One route. Further members (`externalDocs`, `x-…`) are yours to add. */
export interface OpenApiOperation {
  readonly operationId: string;
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly deprecated?: boolean;
  readonly security?: readonly OpenApiSecurityRequirement[];
  readonly parameters?: readonly OpenApiParameter[];
  readonly requestBody?: OpenApiRequestBody;
  readonly responses: Readonly<Record<string, OpenApiResponse | OpenApiReference>>;
  readonly [more: string]: unknown;
}

/** One parameter of the path, the query, the headers or the cookies. */
export interface OpenApiParameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header' | 'cookie';
  readonly required?: boolean;
  readonly description?: string;
  readonly deprecated?: boolean;
  readonly schema: JsonSchema;
}

/** The body of a request. */
export interface OpenApiRequestBody {
  readonly description?: string;
  readonly required: boolean;
  readonly content: Readonly<Record<string, OpenApiMedia>>;
}

/** A body in one media type. */
export interface OpenApiMedia {
  readonly schema?: JsonSchema;
  readonly [more: string]: unknown;
}

/** One answer. */
export interface OpenApiResponse {
  readonly description: string;
  readonly headers?: Readonly<Record<string, { readonly description?: string; readonly schema: JsonSchema }>>;
  readonly content?: Readonly<Record<string, OpenApiMedia>>;
  readonly [more: string]: unknown;
}

/** Points to a component. */
export interface OpenApiReference {
  readonly $ref: string;
}
