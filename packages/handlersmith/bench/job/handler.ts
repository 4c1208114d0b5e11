/**
 * What a bundled candidate exports.
 *
 * @module
 */
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';

/** An answer as far as the benchmark reads it. */
export interface Answer {
  readonly statusCode?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
  /** Of a batch. */
  readonly batchItemFailures?: readonly { readonly itemIdentifier: string }[];
}

/** Any candidate's handler, as the harness calls it: with the events of its own rows. */
export type AnyHandler = (event: object, context: Context) => Promise<Answer>;

/** A candidate of the HTTP rows. */
export type CandidateHandler = (event: APIGatewayProxyEventV2, context: Context) => Promise<Answer>;

/**
 * Loads a bundle the way the runtime client does.
 *
 * @param file - absolute path of the bundle
 * @returns its `handler`
 */
export async function loadHandler(file: string): Promise<AnyHandler> {
  const bundle = (await import(file)) as { readonly handler: AnyHandler };
  return bundle.handler;
}
