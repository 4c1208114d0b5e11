/**
 * The SDK's clients: loaded when something is first stored or read, and not before.
 *
 * @module
 */
import type * as DynamoSdk from '@aws-sdk/client-dynamodb';
import type * as S3Sdk from '@aws-sdk/client-s3';

import { once } from '../handler/resources.ts';

/** An `S3Client` of `@aws-sdk/client-s3`, of any version 3. */
export interface BlobClient {
  send(command: never, options?: never): Promise<unknown>;
  readonly config: object;
  readonly middlewareStack: object;
}

/** A `DynamoDBClient` of `@aws-sdk/client-dynamodb`, of any version 3. */
export type TableClient = BlobClient;

/** The S3 client, and the commands it takes. */
export interface S3Access {
  readonly client: S3Sdk.S3Client;
  readonly sdk: typeof S3Sdk;
}

/** The DynamoDB client, and the commands it takes. */
export interface DynamoAccess {
  readonly client: DynamoSdk.DynamoDBClient;
  readonly sdk: typeof DynamoSdk;
}

/**
 * @param own - the team's client; default one with the SDK's own settings, made once per environment
 * @throws Error that says what to install where it is not
 */
export function s3Access(own: BlobClient | undefined): () => S3Access | Promise<S3Access> {
  if (own === undefined) return defaultS3;
  // A client's own type ties each command to its output; BlobClient leaves that out so that any version fits.
  return once(async () => ({ client: own as unknown as S3Sdk.S3Client, sdk: await loadS3() }));
}

/** As {@link s3Access}. */
export function dynamoAccess(own: TableClient | undefined): () => DynamoAccess | Promise<DynamoAccess> {
  if (own === undefined) return defaultDynamo;
  // As above.
  return once(async () => ({ client: own as unknown as DynamoSdk.DynamoDBClient, sdk: await loadDynamo() }));
}

const defaultS3 = /* @__PURE__ */ once<S3Access>(async () => {
  const sdk = await loadS3();
  return { client: new sdk.S3Client({}), sdk };
});

const defaultDynamo = /* @__PURE__ */ once<DynamoAccess>(async () => {
  const sdk = await loadDynamo();
  return { client: new sdk.DynamoDBClient({}), sdk };
});

async function loadS3(): Promise<typeof S3Sdk> {
  try {
    return await import('@aws-sdk/client-s3');
  } catch (error) {
    throw missing('@aws-sdk/client-s3', error);
  }
}

async function loadDynamo(): Promise<typeof DynamoSdk> {
  try {
    return await import('@aws-sdk/client-dynamodb');
  } catch (error) {
    throw missing('@aws-sdk/client-dynamodb', error);
  }
}

function missing(name: string, cause: unknown): Error {
  return new Error(`blobStore needs the package ${name}: npm install ${name}`, { cause });
}
