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
}

/** A candidate's handler. */
export type CandidateHandler = (event: APIGatewayProxyEventV2, context: Context) => Promise<Answer>;

/**
 * Loads a bundle the way the runtime client does.
 *
 * @param file - absolute path of the bundle
 * @returns its `handler`
 */
export async function loadHandler(file: string): Promise<CandidateHandler> {
  const bundle = (await import(file)) as { readonly handler: CandidateHandler };
  return bundle.handler;
}
