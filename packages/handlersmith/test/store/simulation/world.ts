/**
 * A strict S3 and a strict DynamoDB on this machine, and clients whose requests a simulation directs.
 *
 * @module
 */
import { CreateTableCommand, DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { assertStrict, startDynamoDb, startS3 } from '@handlersmith/local';

import { Gone } from './faults.ts';
import { BUCKET, LEDGER, ROWS } from './names.ts';
import { currentTask, type SimulatedRequest } from './task.ts';

/** Both clients. */
export interface Clients {
  readonly s3: S3Client;
  readonly dynamodb: DynamoDBClient;
}

export interface World extends AsyncDisposable {
  /** Requests of tasks are directed; others go through. */
  readonly directed: Clients;
  /** The same, with two tries of the SDK's own. */
  readonly directedTwice: Clients;
  /** Never directed: for looking at what there is. */
  readonly plain: Clients;
  /** Where clients of other processes find both. */
  readonly endpoints: { readonly s3: string; readonly dynamodb: string };
  /** Makes a table of records. Each simulation that runs at a time needs its own: retired blobs are listed in it. */
  recordTable(name: string): Promise<string>;
}

/** Starts both, and makes sure first that they are strict: what passes on a lax server proves nothing. */
export async function startWorld(): Promise<World> {
  const [s3Server, dynamoServer] = await Promise.all([startS3({ buckets: [BUCKET] }), startDynamoDb()]);
  const make = (tries: number, directed: boolean): Clients => {
    const clients = clientsFor(
      { ...s3Server.clientConfig, ...triesOf(tries) },
      { ...dynamoServer.clientConfig, ...triesOf(tries) },
    );
    if (directed) {
      direct(clients.s3, 's3');
      direct(clients.dynamodb, 'dynamodb');
    }
    return clients;
  };
  const directed = make(1, true);
  const directedTwice = make(2, true);
  const plain = make(3, false);
  await createTable(plain.dynamodb, ROWS, ['scope', 'id']);
  await createTable(plain.dynamodb, LEDGER, ['scope', 'id']);
  await assertStrict({
    s3: { client: plain.s3, bucket: BUCKET },
    dynamoDb: { client: plain.dynamodb, table: LEDGER, partitionKey: 'scope', sortKey: 'id' },
  });
  return {
    directed,
    directedTwice,
    plain,
    endpoints: { s3: s3Server.endpoint, dynamodb: dynamoServer.endpoint },
    recordTable: async (name) => {
      await createTable(plain.dynamodb, name, ['pk', 'sk']);
      return name;
    },
    [Symbol.asyncDispose]: async () => {
      for (const { s3, dynamodb } of [directed, directedTwice, plain]) {
        s3.destroy();
        dynamodb.destroy();
      }
      await Promise.all([s3Server.close(), dynamoServer.stop()]);
    },
  };
}

/** Clients that keep nothing of one simulation for the next: the SDK's own adapts to faults, and waits. */
function clientsFor(s3: S3ClientConfig, dynamodb: DynamoDBClientConfig): Clients {
  return { s3: new S3Client(s3), dynamodb: new DynamoDBClient(dynamodb) };
}

const token = (count: number) => ({
  getRetryCount: () => count,
  getRetryDelay: () => 0,
});

/** So many tries, without pauses: which requests there are must not depend on the time they take. */
function triesOf(tries: number) {
  return {
    retryStrategy: {
      mode: 'standard' as const,
      acquireInitialRetryToken: () => Promise.resolve(token(0)),
      refreshRetryTokenForRetry: (
        { getRetryCount }: { getRetryCount: () => number },
        { errorType }: { errorType: string },
      ) => {
        const passes = errorType === 'TRANSIENT' || errorType === 'THROTTLING';
        if (!passes || getRetryCount() + 1 >= tries) return Promise.reject(new Error('No more tries'));
        return Promise.resolve(token(getRetryCount() + 1));
      },
      recordSuccess: () => undefined,
    },
  };
}

/** After signing and inside the SDK's own tries, where a network would do it: each try meets what it meets. */
function direct(client: Clients[keyof Clients], service: SimulatedRequest['service']): void {
  // Both stacks take it: it looks at neither's types.
  (client as S3Client).middlewareStack.add(
    (next, context) => async (parameters) => {
      const task = currentTask.getStore();
      if (task === undefined) return next(parameters);
      try {
        const answer = await task.simulation.direct({
          task,
          service,
          command: (context.commandName ?? '').replace('Command', ''),
          input: parameters.input as Readonly<Record<string, unknown>>, // of any command
          send: () => next(parameters),
        });
        return answer as Awaited<ReturnType<typeof next>>; // what the service gave
      } catch (error) {
        if (error instanceof Gone) return new Promise(() => undefined);
        throw error;
      }
    },
    { step: 'finalizeRequest', priority: 'low', name: 'simulation' },
  );
}

async function createTable(client: DynamoDBClient, table: string, names: readonly string[]): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: names.map((name) => ({ AttributeName: name, AttributeType: 'S' })),
      KeySchema: names.map((name, index) => ({
        AttributeName: name,
        KeyType: index === 0 ? 'HASH' : 'RANGE',
      })),
    }),
  );
}
