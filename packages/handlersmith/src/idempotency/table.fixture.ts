/**
 * A real DynamoDB API with a table as Powertools documents it.
 *
 * @module
 */
import { CreateTableCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { startDynamoDb } from '@handlersmith/local';

export interface RealTable extends AsyncDisposable {
  readonly endpoint: string;
  readonly client: DynamoDBClient;
  readonly tableName: string;
  /** Names of the commands that went out, in order. */
  readonly sent: string[];
  item(id: string): Promise<Record<string, AttributeValue> | undefined>;
}

/** Starts one. A `sortKey` makes the table a composite one. */
export async function startTable(sortKey?: string): Promise<RealTable> {
  const local = await startDynamoDb();
  const client = new DynamoDBClient({ ...local.clientConfig, maxAttempts: 2 });
  const tableName = 'idempotency';
  await client.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['id', ...(sortKey === undefined ? [] : [sortKey])].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S' as const,
      })),
      KeySchema: [
        { AttributeName: 'id', KeyType: 'HASH' as const },
        ...(sortKey === undefined ? [] : [{ AttributeName: sortKey, KeyType: 'RANGE' as const }]),
      ],
    }),
  );
  const reader = new DynamoDBClient(local.clientConfig);
  const sent: string[] = [];
  client.middlewareStack.add(
    (next, context) => (parameters) => {
      sent.push(context.commandName ?? '');
      return next(parameters);
    },
    { step: 'build', name: 'counting' },
  );
  return {
    endpoint: local.endpoint,
    client,
    tableName,
    sent,
    item: async (id) =>
      (
        await reader.send(
          new GetItemCommand({ TableName: tableName, Key: { id: { S: id } }, ConsistentRead: true }),
        )
      ).Item,
    [Symbol.asyncDispose]: async () => {
      client.destroy();
      reader.destroy();
      await local.stop();
    },
  };
}
