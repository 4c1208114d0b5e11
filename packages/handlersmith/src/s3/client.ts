/**
 * The S3 client: loaded when an object is read, and not before.
 *
 * @module
 */
import type {
  GetObjectCommand,
  GetObjectCommandInput,
  HeadObjectCommand,
  HeadObjectCommandInput,
  S3Client,
} from '@aws-sdk/client-s3';

import { once } from '../handler/resources.ts';

/** An `S3Client` of `@aws-sdk/client-s3`, of any version 3. */
export interface S3ClientLike {
  send(command: never, options?: { readonly abortSignal?: AbortSignal }): Promise<unknown>;
}

/** What is used of the SDK. */
export interface S3Sdk {
  readonly GetObjectCommand: new (input: GetObjectCommandInput) => GetObjectCommand;
  readonly HeadObjectCommand: new (input: HeadObjectCommandInput) => HeadObjectCommand;
  readonly S3Client: new () => S3Client;
}

/**
 * Loads the SDK.
 *
 * @throws Error that says what to install where it is not
 */
export async function loadSdk(load?: () => Promise<S3Sdk>): Promise<S3Sdk> {
  try {
    // Awaited within the try: bundlers then do without it where it is not installed.
    return load === undefined ? await import('@aws-sdk/client-s3') : await load();
  } catch (error) {
    throw new Error('Reading objects needs the package @aws-sdk/client-s3: npm install @aws-sdk/client-s3', {
      cause: error,
    });
  }
}

/** Made once per environment, with the SDK's own settings, for all that do not bring a client of their own. */
export const defaultClient: () => S3ClientLike | Promise<S3ClientLike> = /* @__PURE__ */ once<S3ClientLike>(
  async () => new (await loadSdk()).S3Client(),
);
