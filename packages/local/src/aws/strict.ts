/**
 * A look at servers before a proof is built on them: what passes on a lax one proves nothing.
 *
 * @module
 */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { S3Client } from '@aws-sdk/client-s3';

export interface StrictOptions {
  /** A client of the server to look at, and a bucket of it that may be written to. */
  s3?: { client: S3Client; bucket: string };
  /** A client of the server to look at, and a table of it with string keys that may be written to. */
  dynamoDb?: { client: DynamoDBClient; table: string; partitionKey: string; sortKey?: string };
}

/** What a server did that AWS would not. */
export class LaxServer extends Error {
  /** One line each. */
  readonly findings: readonly string[];

  constructor(findings: readonly string[]) {
    super(
      `assertStrict: this is not how AWS answers, so nothing it passes is proven:\n- ${findings.join('\n- ')}`,
    );
    this.name = 'LaxServer';
    this.findings = findings;
  }
}

/**
 * Refuses servers that take what AWS refuses. Call it before tests whose point is a condition or a checksum: an emulator
 * that passes over `If-None-Match` lets every one of them pass.
 *
 * Asked: a second `If-None-Match: *` gets 412, also on a completed upload; a wrong checksum or Content-MD5 gets 400 and
 * stores nothing; tags leave the object alone; a failed DynamoDB condition gives the item, in a transaction too.
 * It writes under `handlersmith-strict/` and deletes what it wrote.
 *
 * @throws LaxServer with everything that was wrong
 * @throws the client's own error where a server cannot be asked at all
 * @example
 * await assertStrict({
 *   s3: { client: new S3Client(s3.clientConfig), bucket: 'photos' },
 *   dynamoDb: { client: new DynamoDBClient(dynamoDb.clientConfig), table: 'rows', partitionKey: 'pk' },
 * });
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export async function assertStrict({ s3, dynamoDb }: StrictOptions): Promise<void> {
  // Who looks at one server need not have the client of the other installed.
  const findings = await Promise.all([
    s3 && import('./strict-s3.ts').then(({ laxnessOfS3 }) => laxnessOfS3(s3.client, s3.bucket)),
    dynamoDb && import('./strict-dynamodb.ts').then(({ laxnessOfDynamoDb }) => laxnessOfDynamoDb(dynamoDb)),
  ]);
  const all = findings.flatMap((some) => some ?? []);
  if (all.length > 0) throw new LaxServer(all);
}
